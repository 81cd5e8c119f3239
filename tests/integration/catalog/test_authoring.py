"""The editors of a draft: conditions line by line with their test cases, and the application form."""

from pathlib import Path
from urllib.parse import quote

import pytest

from catalog import item_form
from catalog.drafting import queries, services
from catalog.intake import reading
from foundation.db import Database
from tests.factories import city as cities
from tests.factories.city import City
from tests.integration.catalog.conftest import Enter

GUIDE = Path("tests/data/guides/consumption_infrastructure_reward.txt").read_text("utf-8")
CODE = "NEW-1"
DRAFT = f"/drafts/{CODE}"
CONDITIONS, CASES, FORM = f"{DRAFT}/conditions", f"{DRAFT}/cases", f"{DRAFT}/form"


@pytest.fixture
def drafted(database: Database, city: City) -> City:
    source = cities.item_row(CODE, title="样例：核桃产业发展奖励", conditions=None)
    database.write(lambda db: services.add(db, city.officer, source, doubts=[]))
    return city


def source_of(database: Database, city: City) -> dict[str, object]:
    with database.reading() as db:
        return dict(queries.draft(db, city.officer, CODE).source)


def test_conditions_are_built_line_by_line(database: Database, drafted: City, signed_in: Enter) -> None:
    officer = signed_in("officer")
    add = {"do": "add", "path": "", "group": "", "op": "ge", "value": "30"}
    officer.submit(CONDITIONS, CONDITIONS, {**add, "field": "从业人员"})
    ruled_out = {**add, "group": "not", "op": "eq", "value": "是"}
    refused = officer.submit(CONDITIONS, CONDITIONS, {**ruled_out, "field": "严重失信"})
    assert "您要找的是不是：被列入严重违法失信名单" in refused.text
    officer.submit(CONDITIONS, CONDITIONS, {**ruled_out, "field": "被列入严重违法失信名单"})
    new = {"kind": "number", "unit": "亩", "source": "市林业局核查数据"}
    officer.submit(CONDITIONS, CONDITIONS, {**add, "field": "核桃种植面积", "value": "200", **new})
    page = officer.page(CONDITIONS).words()
    assert "从业人员 30 人及以上" in page
    assert "核桃种植面积 200 亩及以上" in page
    assert "没有被列入严重违法失信名单" in page
    assert "来源：市林业局核查数据" in page
    step = f"{CONDITIONS}/step"
    officer.submit(CONDITIONS, step, {"path": "2", "do": "up"})
    officer.submit(CONDITIONS, step, {"path": "0", "do": "remove"})
    edit = f"{CONDITIONS}?edit=0"
    officer.submit(edit, CONDITIONS, {"do": "put", "value": "300"})
    assert source_of(database, drafted)["conditions"] == {
        "all": [
            {"field": "核桃种植面积_亩", "op": "ge", "value": 300},
            {"not": {"any": [{"field": "serious_dishonest", "op": "eq", "value": True}]}},
        ]
    }


def test_what_is_typed_is_read_at_once(drafted: City, signed_in: Enter) -> None:
    officer = signed_in("officer")
    look = f"{CONDITIONS}/look?op=ge&value=30&field="
    assert "从业人员 30 人及以上" in officer.page(look + quote("从业人员")).words()
    assert "从业人员" in officer.page(look + quote("从业人数")).words()


def test_cases_must_pass_before_publication(database: Database, drafted: City, signed_in: Enter) -> None:
    officer = signed_in("officer")
    leaf = {"do": "add", "path": "", "group": "", "field": "从业人员", "op": "ge", "value": "30"}
    officer.submit(CONDITIONS, CONDITIONS, leaf)
    assert "还没有测试用例" in officer.page(DRAFT).words()
    case = {"name": "刚好 30 人", "expect": "not_eligible", "fact:employees": "30"}
    officer.submit(CONDITIONS, CASES, case)
    assert "可享，没有通过" in officer.page(CONDITIONS).words()
    refused = officer.submit(DRAFT, DRAFT, {"then": "submit"})
    assert refused.status_code == 422
    assert "刚好 30 人" in refused.text
    officer.submit(f"{CONDITIONS}?case=0", CASES, {"expect": "eligible"})
    assert "测试用例 1 个，全部通过" in officer.page(CONDITIONS).words()
    officer.submit(CONDITIONS, CASES, {"name": "没有数据", "expect": "unknown"})
    officer.submit(CONDITIONS, f"{CASES}/remove", {"at": "1"})
    assert officer.submit(DRAFT, DRAFT, {"then": "submit"}).status_code == 303
    # handed on, nobody edits it any more
    assert officer.get(CONDITIONS).status_code == 404


def test_a_form_is_drawn_up_field_by_field(database: Database, drafted: City, signed_in: Enter) -> None:
    officer = signed_in("officer")
    officer.submit(FORM, FORM, {"label": "基地名称", "kind": "text", "required": "yes"})
    officer.submit(FORM, FORM, {"label": "经营方式", "kind": "choice", "choices": "自营\n托管"})
    columns = "地块 文字\n面积 数字 亩\n投入 金额"
    officer.submit(FORM, FORM, {"label": "地块明细", "kind": "rows", "columns": columns, "required": "yes"})
    assert (
        officer.submit(FORM, FORM, {"label": "坏的", "kind": "rows", "columns": "甲 颜色"}).status_code == 422
    )
    rest = {"of": "f3.c3", "percent": "10", "cap_yuan": "50000", "declarations": "材料真实。\n不重复申报。"}
    officer.submit(FORM, f"{FORM}/rest", rest)
    officer.submit(FORM, f"{FORM}/step", {"key": "f3", "do": "up"})
    officer.submit(f"{FORM}?edit=f1", FORM, {"label": "种植基地名称"})
    form = item_form.of(source_of(database, drafted))
    assert [field.label for field in form.fields] == ["种植基地名称", "地块明细", "经营方式"]
    assert [column.heading for column in form.fields[1].columns] == ["地块", "面积（亩）", "投入（元）"]
    assert form.declarations == ("材料真实。", "不重复申报。")
    officer.submit(FORM, f"{FORM}/step", {"key": "f3", "do": "remove"})
    assert item_form.of(source_of(database, drafted)).amount is None
    assert "种植基地名称" in officer.page(DRAFT).words()


def test_a_stranger_edits_nothing(database: Database, drafted: City, signed_in: Enter) -> None:
    stranger = signed_in("stranger")
    for path in (CONDITIONS, FORM):
        assert stranger.get(path).status_code == 404


def test_an_item_keeps_its_conditions_and_its_form_when_its_guide_comes_again(
    database: Database, city: City, signed_in: Enter
) -> None:
    officer, form = signed_in("officer"), {"declarations": ["材料真实。"]}
    (read,) = reading.read("指南.txt", GUIDE.encode()).rows
    published = cities.item_row(read.source["id"], form=form)
    database.write(lambda db: cities.take_items(db, published))
    preview = officer.submit("/drafts", data={"pasted": GUIDE}).location
    officer.submit(preview)
    with database.reading() as db:
        source = queries.draft(db, city.officer, read.source["id"]).source
    assert (source["form"], source["conditions"]) == (form, published["conditions"])
    assert source["guide"]["total_workdays"] == 30
