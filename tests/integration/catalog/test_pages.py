"""What anyone reads of the catalogue without signing in."""

from typing import Any
from urllib.parse import quote

from sqlalchemy import event

from catalog.services import import_items
from foundation.db import Database
from tests.support.pages import Page, PortalClient

MOST_QUERIES = 4


def said(page: Page) -> str:
    return page.words(page.all("main")[0])


def links(page: Page) -> list[str]:
    return [str(link.get("href")) for link in page.all("a")]


def test_home_leads_to_needs_modes_and_search(catalogue: Database, client: PortalClient) -> None:
    page = client.page("/")
    assert "惠企" in page.words(page.all("title")[0])
    assert "全部 8 项政策" in said(page)
    assert "/timings" in links(page)
    assert any(address.startswith("/items?need=upscale") for address in links(page))


def test_home_without_any_item_says_so(client: PortalClient) -> None:
    assert "还没有发布政策" in said(client.page("/"))


def test_every_link_of_the_pages_is_alive(catalogue: Database, client: PortalClient) -> None:
    seen: set[str] = set()
    for start in ("/", "/items", "/items?q=" + quote("技改"), "/items/S001"):
        for address in links(client.page(start)):
            if address.startswith("/") and address not in seen:
                seen.add(address)
                assert client.get(address).status_code in {200, 302, 303}, address


def test_results_say_how_the_query_was_read(catalogue: Database, client: PortalClient) -> None:
    page = client.page("/items?q=" + quote("买机器补钱"))
    assert "已把“机器”同时按“技术改造”查找" in said(page)
    assert "技术改造设备购置" in [page.words(mark) for mark in page.all("mark")]


def test_nothing_found_suggests_and_names_the_way_on(catalogue: Database, client: PortalClient) -> None:
    assert "没有找到“今天天气怎么样”" in said(client.page("/items?q=" + quote("今天天气怎么样")))
    assert "您要找的是不是“知识产权”？" in said(client.page("/items?q=zhishichanquanz"))


def test_filters_narrow_and_can_be_taken_off(catalogue: Database, client: PortalClient) -> None:
    page = client.page("/items?place=here&mode=review")
    assert "找到 3 项" in said(page)
    assert "/items?place=here" in links(page)
    assert "/items?mode=review" in links(page)


def test_pages_follow_each_other(catalogue: Database, client: PortalClient) -> None:
    assert "第 11 至 20 项，共 102 项" in said(client.page("/items?page=2"))
    assert "第 101 至 102 项，共 102 项" in said(client.page("/items?page=999"))


def test_no_address_breaks_the_list(catalogue: Database, client: PortalClient) -> None:
    for query in (
        "page=-1",
        "page=x",
        "page=²",
        "page=9999999999",
        "q=%ff%fe",
        "state=" + "a" * 9000,
        "q=" + "%E9%95%BF" * 900,
        "place=here&place=elsewhere&place=here",
        "unknown=1",
    ):
        client.page(f"/items?{query}")


def test_a_guide_says_everything_that_its_row_says(catalogue: Database, client: PortalClient) -> None:
    text = said(client.page("/items/S001"))
    parts = "标准化厂房租赁补贴|综合评审|市经济和信息化局|注册在广元市|租赁标准化厂房|专窗受理|10 个工作日"
    parts += "|广经信发〔2015〕34号|市级 50%，县级 50%|未见审查记录|收录时存疑|政府网站|没有限定时间"
    assert [part for part in parts.split("|") if part not in text] == []
    page = client.page("/items/S001")
    assert "/apply/S001" in links(page)
    assert "/my/policies/S001" in links(page)


def test_steps_and_materials_are_tables(catalogue: Database, client: PortalClient) -> None:
    assert "绿色供应链管理企业 60 万元" in " ".join(
        client.last.words(row) if client.last else "" for row in client.page("/items/S008").all("tr")
    ).replace("企业60", "企业 60")
    assert "省级绿色工厂认定文件" in said(client.page("/items/S049"))


def test_every_item_has_a_proper_page(
    catalogue: Database, client: PortalClient, rows: list[dict[str, Any]]
) -> None:
    for row in rows:
        page = client.page(f"/items/{row['id']}")
        assert page.words(page.all("h1")[0]) == row["title"]


def test_an_item_of_elsewhere_is_for_reading_only(catalogue: Database, client: PortalClient) -> None:
    page = client.page("/items/S014")
    assert "他地政策，仅供查阅。适用于四川省遂宁市，不能在这里申请。" in said(page)
    assert "/apply/S014" not in links(page)


def test_what_is_closed_is_shown_as_closed(
    database: Database, client: PortalClient, rows: list[dict[str, Any]]
) -> None:
    closed = {**rows[0], "window": {"start": "2026-01-01", "end": "2026-05-31"}}
    expired = {**rows[0], "id": "OLD", "validity": {"from": None, "to": "2025-12-31"}}
    soon = {**rows[0], "id": "SOON", "window": {"start": "2026-07-01", "end": None}}
    database.write(lambda db: import_items(db, None, [closed, expired, soon]))
    for code, words in (("S001", "已截止"), ("OLD", "已失效"), ("SOON", "还没开始")):
        page = client.page(f"/items/{code}")
        assert words in said(page)
        assert f"/apply/{code}" not in links(page)


def test_an_exempt_item_is_not_applied_for(catalogue: Database, client: PortalClient) -> None:
    page = client.page("/items/S002")
    assert "不用申请" in said(page)
    assert "/apply/S002" not in links(page)


def test_an_unknown_code_is_not_found(catalogue: Database, client: PortalClient) -> None:
    for code in ("nope", "S001 ", "%00", "..%2f..%2fetc"):
        assert client.get(f"/items/{code}").status_code == 404


def test_hostile_text_stays_text(
    database: Database, client: PortalClient, rows: list[dict[str, Any]]
) -> None:
    evil = '"><script>alert(1)</script>{{7*7}}'
    texts = "title conditions_plain department doubts region_name type exclusivity legal_basis time_limit"
    row = rows[7] | dict.fromkeys(texts.split(), evil)
    row |= {
        "id": "<b>x",
        "region_code": "510800",
        "source_url": "javascript:alert(1)",
        "materials": [evil],
        "topics": [evil],
        "benefit": {"kind": evil, "text": evil, "tiers": [{"when": evil, "text": evil}]},
        "guide": {"place": evil, "phone": evil, "flow": [{"step": evil}]},
    }
    database.write(lambda db: import_items(db, None, [row]))
    for address in (
        "/items/%3Cb%3Ex",
        "/items",
        "/items?q=" + quote(evil),
        "/items?department=" + quote(evil),
    ):
        page = client.page(address)
        assert evil in page.words()
        assert not [script for script in page.all("script") if not script.get("src")]
        assert not [address for address in links(page) if address.lower().startswith("javascript")]


def test_a_page_asks_the_database_little(catalogue: Database, client: PortalClient) -> None:
    asked: list[str] = []

    def count(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(catalogue.engine, "before_cursor_execute", count)
    for address in ("/", "/items", "/items?q=" + quote("技改"), "/items/S001"):
        client.page(address)
        asked.clear()
        client.page(address)
        assert len(asked) <= MOST_QUERIES, (address, asked)
