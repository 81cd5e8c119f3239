"""Every macro on one page: strict HTML, unique ids, labelled inputs, nothing inline, hostile text inert."""

import html
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from foundation.clock import BEIJING
from foundation.errors import Problem
from foundation.web.filters import FILTERS

HERE = Path(__file__).parent
WEB = Path(__file__).parents[4] / "foundation" / "web"
NOW = datetime(2025, 6, 30, 10, 26, tzinfo=BEIJING)
HOSTILE = '</textarea><script>alert(1)</script>" onload="x'


@dataclass(frozen=True)
class Clock:
    state: str
    left: str
    due: str
    value: float
    max: float
    aria: str
    limit_label: str = "时限 1 小时"


CLOCKS = (
    Clock("run", "还剩 6 个工作日", "7月8日（周二）17:00 前审结", 4, 10, "审核时限 10 个工作日，已用 4 个"),
    Clock("near", "还剩 9 分钟", "10:35 前交办", 51, 60, "交办时限 60 分钟，已用 51 分钟"),
    Clock("over", "已逾期 14 分钟", "应于 10:12 前响应", 1, 1, "响应时限已用完"),
    Clock(
        "hold", "暂停计时：专家评审", "预计 7月3日恢复，还剩 5 个工作日", 5, 10, "审核暂停中，已用 5 个工作日"
    ),
    Clock("done", "按时，用时 27 分钟", "", 27, 60, "交办用时 27 分钟，时限 60 分钟"),
    Clock("done_late", "已办结，超时 2 小时", "", 1, 1, "交办超时 2 小时"),
    Clock("prov", "暂定还剩 8 个工作日", "暂定 2027年1月8日（周五）17:00 前", 2, 10, "已用 2 个，到期日暂定"),
)
ACTOR = Thing(person_name="王芳", organisation_name="广元利州线路板有限公司（样例）")
LINKS = (
    Thing(label="查政策", href="/", current=True, count=None),
    Thing(label="我的办件", href="/cases", current=False, count=2),
)


def kitchen() -> dict[str, Any]:
    """What the page of all components is filled with; the shapes the macros promise to take."""
    weekdays = "三四五一二三四五一二"
    states = ["used", "used", "used", "today", "", "", "", "", "", "last"]
    return {
        "theme": "light",
        "size": "",
        "here": "/parts?a=1&b=2",
        "now": NOW,
        "city_name": "广元市 · 演示",
        "demo_note": "演示数据：政策可能已失效，企业与办件均为虚构",
        "actor": ACTOR,
        "unread": 2,
        "inbox_url": "/inbox",
        "navigation": LINKS,
        "footer_links": (Thing(label="查验通知书", href="/verify"),),
        "hostile": HOSTILE,
        "problems": (
            Problem("amount", "请填数字，例如 620"),
            Problem("loan", "请选一个", "不清楚也可以"),
            Problem("file", HOSTILE),
        ),
        "clocks": CLOCKS,
        "cells": [
            Thing(label=f"6/{25 + place}", word=f"周{name}", state=states[place])
            for place, name in enumerate(weekdays)
        ],
        "lines": [
            Thing(text="工业企业", holds=True, why="C3982 电子电路制造（营业执照）"),
            Thing(text="购置设备 1000 万元及以上，按 2% 补助", holds=False, why="还差 380 万元"),
            Thing(
                text="设备款是否已用其他财政资金补助",
                holds=None,
                why="没有数据。",
                href="/answer",
                action="回答",
            ),
        ],
        "events": [
            Thing(now=True, at=None, title="县经科局正在审核", text="承办人：李工。"),
            Thing(at=NOW, title="专窗已交办", text="出具交办通知书。", took="用时 27 分钟，按时"),
            Thing(at=NOW, title="专窗已受理", took="用时 3 小时，超时 2 小时", late=True),
        ],
        "steps": [
            Thing(title="审核结果", limit="7月8日 17:00 前", why="写明理由"),
            Thing(title="兑付到账", limit="1 个工作日", why="打到尾号 3321 的账户"),
        ],
        "entries": [Thing(href="/contact", icon="phone", label="联系承办人", help="李工，工作日")],
        "papers": [
            Thing(href="/papers/1", name="受理通知书", detail="PDF，1 页，6月23日"),
            Thing(href="/papers/2", name="交办通知书", detail="PDF", void=True, successor_href="/papers/3"),
        ],
        "files": [Thing(name="发票-01.pdf", detail="1.2 MB，已上传，共 3 页", remove_href="/files/1/remove")],
        "tab_entries": [
            Thing(label="全部在办", href="/desk", current=True, count=42),
            Thing(label="逾期", href="/desk?late=1", current=False, count=1, late=True),
        ],
        "buttons": [
            Thing(label="批量交办", action="hand_off", icon="send", primary=True),
            Thing(label="打印通知书", action="print", icon="printer"),
        ],
        "page": Thing(number=2, size=10, total=42),
    }


def environment() -> Environment:
    """A plain Jinja, as strict as it gets: what is absent must have been allowed for."""
    env = Environment(
        loader=FileSystemLoader([WEB / "templates", HERE]), autoescape=True, undefined=StrictUndefined
    )
    env.filters.update(FILTERS)
    fields = '<input type="hidden" name="csrf_token" value="t"><input type="hidden" name="_key" value="k">'
    env.globals["act_fields"] = lambda: Markup(fields)
    return env


def page(**changes: Any) -> str:
    return environment().get_template("kitchen.html").render(kitchen() | changes)


def tree(text: str) -> Element:
    root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    return root


@pytest.fixture(scope="module")
def sink() -> str:
    return page()


@pytest.fixture(scope="module")
def root(sink: str) -> Element:
    return tree(sink)


def test_all_components_make_strict_html_with_unique_ids(root: Element) -> None:
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))


def test_nothing_is_inline(root: Element) -> None:
    for element in root.iter():
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
        if element.tag == "script":
            assert element.get("src")
            assert not element.text
        assert element.tag != "style"


def test_hostile_words_stay_words(sink: str, root: Element) -> None:
    assert "<script>alert" not in sink
    area = next(root.iter("textarea"))
    assert (area.text or "").strip() == HOSTILE


def test_every_input_has_a_label_and_its_error_and_help_are_tied(root: Element) -> None:
    labelled = {label.get("for") for label in root.iter("label")}
    inside = {field for label in root.iter("label") for field in label.iter("input")}
    ids = {element.get("id") for element in root.iter()}
    for field in (each for kind in ("input", "select", "textarea") for each in root.iter(kind)):
        if field.get("type") == "hidden":
            continue
        assert field.get("id") in labelled or field in inside, field.attrib
        assert set((field.get("aria-describedby") or "").split()) <= ids
    amount = next(each for each in root.iter("input") if each.get("name") == "amount")
    assert amount.get("aria-invalid") == "true"
    assert "amount-error" in (amount.get("aria-describedby") or "")


def test_the_summary_leads_to_each_wrong_field(root: Element) -> None:
    summary = next(each for each in root.iter("div") if each.get("class") == "error-summary")
    assert [each.get("href") for each in summary.iter("a")] == ["#amount", "#loan"]
    assert "还有 3 处要改" in "".join(summary.itertext())
    assert (next(root.iter("title")).text or "").startswith("错误：组件")


def test_every_icon_of_the_macros_has_a_word_beside_it_and_says_nothing_itself(root: Element) -> None:
    for picture in root.iter("svg"):
        assert picture.get("aria-hidden") == "true"


def test_the_sizes_and_themes_are_the_visitors(sink: str) -> None:
    assert 'data-bs-theme="light"' in sink
    assert "data-follow-system" not in sink
    chosen = page(theme="dark", size="large")
    assert '<html lang="zh-CN" data-bs-theme="dark" data-size="large">' in chosen
    assert "data-follow-system" in page(theme=None)
    assert "next=/parts%3Fa%3D1%26b%3D2" in html.unescape(sink)


def test_a_page_without_any_context_still_stands() -> None:
    env = environment()
    bare = env.from_string('{% extends "base.html" %}{% block content %}<h1>空</h1>{% endblock %}').render()
    assert "退出" not in bare
    assert tree(bare) is not None


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 429, 500, 503])
def test_error_pages_say_what_next_and_carry_the_number(status: int) -> None:
    text = (
        environment()
        .get_template("errors/error.html")
        .render(
            status=status,
            heading="没有保存成功",
            explanation="您填的内容还在。",
            next_step="请再点一次“提交”。",
            reference="A7F3",
        )
    )
    words = "".join(tree(text).itertext())
    assert "编号 A7F3" in words
    assert "请再点一次" in words


def test_a_page_number_out_of_many_shows_its_neighbours() -> None:
    env = environment()
    source = '{% from "parts/pagination.html" import pagination %}{{ pagination(page, "/x?page=") }}'
    first = env.from_string(source).render(page=Thing(number=1, size=10, total=9))
    assert "第 1 至 9 项，共 9 项" in first
    assert "<a" not in first
    middle = env.from_string(source).render(page=Thing(number=9, size=10, total=200))
    assert re.findall(r'aria-label="第 (\d+) 页"', middle) == ["1", "7", "8", "9", "10", "11", "20"]


def test_templates_stay_short() -> None:
    for template in (WEB / "templates").rglob("*.html"):
        assert len(template.read_text().splitlines()) <= 150, template.name


OURS_ON_TABLERS = {"btn", "btn-danger", "btn-primary", "form-control", "form-select", "icon", "table"}


def classes(sheet: Path) -> set[str]:
    selectors = re.sub(r"\{[^{}]*\}", "{}", re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL))
    return set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", selectors))


def test_no_class_of_ours_bears_the_name_of_one_of_tablers() -> None:
    tabler = WEB / "static" / "vendor" / "tabler.min.css"
    if not tabler.exists():
        pytest.skip("the build hook has not fetched Tabler")
    ours = set().union(*(classes(sheet) for sheet in (WEB / "static").glob("*.css")))
    assert ours & classes(tabler) == OURS_ON_TABLERS


def test_static_files_change_their_address_with_their_content(sink: str) -> None:
    assert re.search(r'href="/static/tokens\.css\?v=[0-9a-f]{10}"', sink)
