"""Every field that the shared data asks about has a name; a name never met still reads as Chinese."""

from typing import Any

import pytest

from catalog.conditions import dates, explain, industries, regions
from catalog.conditions.fields import REGISTER, Kind
from catalog.conditions.parse import parse
from catalog.conditions.register import field_of, label
from catalog.conditions.tree import leaves


def open_field(name: str, op: str, value: Any) -> Any:
    (leaf,) = leaves(parse({"field": name, "op": op, "value": value}))
    return field_of(leaf)


def test_what_can_be_asked_has_a_question() -> None:
    kinds = {Kind.NUMBER, Kind.YES_NO, Kind.CHOICE, Kind.DATE}

    assert [field.name for field in REGISTER.values() if field.kind in kinds and not field.question] == []
    assert [field.name for field in REGISTER.values() if field.kind is Kind.YES_NO and not field.no] == []
    assert [
        field.name for field in REGISTER.values() if field.kind is Kind.CHOICE and not field.choices
    ] == []


@pytest.mark.parametrize(
    ("name", "op", "value", "words", "kind", "unit"),
    [
        ("export_growth_pct", "gt", 5, "出口增幅", Kind.NUMBER, "%"),
        ("export_sales_pct", "gt", 5, "出口销售额比例", Kind.NUMBER, "%"),
        ("new_factory_area_m2", "ge", 500, "新增工厂面积", Kind.NUMBER, "平方米"),
        ("is_headquarters", "eq", True, "总部", Kind.YES_NO, ""),
        ("qubit_count", "ge", 3, "指标 qubit_count", Kind.NUMBER, "个"),
        ("wan", "ge", 3, "指标 wan", Kind.NUMBER, ""),
        ("credit_rating", "in", ["A", "B"], "信用评级", Kind.CHOICE, ""),
        ("listed_date", "ge", "2025-01-01", "已列入日期", Kind.DATE, ""),
        ("project_city", "within", "510800", "项目市级", Kind.PLACE, ""),
        ("talents", "has", {"type": "博士"}, "人才", Kind.LIST, ""),
        ("is_new_project", "ge", 2, "新增项目", Kind.NUMBER, ""),
    ],
)
def test_a_name_never_met_reads_by_its_words(
    name: str, op: str, value: Any, words: str, kind: Kind, unit: str
) -> None:
    field = open_field(name, op, value)

    assert (field.label, field.kind, field.unit) == (words, kind, unit)
    assert bool(field.question) is (kind is not Kind.LIST)


def test_the_options_of_an_open_choice_are_those_asked_for() -> None:
    assert open_field("credit_rating", "in", ["A", "B"]).choices == ("A", "B")


def test_a_known_name_has_its_label() -> None:
    assert label("employees") == "从业人员"
    assert label("export_growth_pct") == "出口增幅"


@pytest.mark.parametrize(
    ("name", "known", "words"),
    [
        ("employees", 150, "150 人"),
        ("scale", "小型", "小型"),
        ("export_sales_wan", 300, "300 万元"),
        ("is_headquarters", True, "是"),
        ("region_code", "510802", "广元市利州区"),
        ("employees", None, "没有数据"),
        ("qualifications", [], "没有登记"),
        (
            "qualifications",
            [{"type": "绿色工厂", "level": "省级"}, {"level": "市级"}],
            "绿色工厂（省级）；没有写明名称（市级）",
        ),
    ],
)
def test_a_fact_reads_by_itself(name: str, known: Any, words: str) -> None:
    assert explain.fact(name, known) == words


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("510000", "四川省"),
        ("510800", "广元市"),
        ("510802", "广元市利州区"),
        ("510899", "广元市内代码 510899 的地区"),
        ("512000", "四川省内代码 512000 的地区"),
        ("990000", "代码 990000 的地区"),
        ("500104", "重庆市大渡口区"),
        ("441900", "东莞市"),
    ],
)
def test_a_place_has_a_name_that_can_be_told_apart(code: str, name: str) -> None:
    assert regions.name(code) == name


@pytest.mark.parametrize(
    ("code", "region", "answer"),
    [
        ("510802", "100000", True),
        ("510802", "510000", True),
        ("510802", "510800", True),
        ("510802", "510802", True),
        ("510802", "510811", False),
        ("510802", "340000", False),
        ("441900", "440000", True),
        ("441900", "441900", True),
        ("441901", "441900", False),
        ("442000", "441900", False),
    ],
)
def test_a_place_lies_in_a_region(code: str, region: str, answer: bool) -> None:
    assert regions.inside(code, region) is answer


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("C", "制造业"),
        ("C39", "C39 计算机、通信和其他电子设备制造业"),
        ("I6513", "I6513 软件和信息技术服务业"),
        ("X01", "X01"),
        ("C99", "C99"),
        ("", ""),
    ],
)
def test_an_industry_has_a_name(code: str, name: str) -> None:
    assert industries.name(code) == name


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2025", ("2025-01-01", "2025-12-31")),
        ("2025-06-30", ("2025-06-30", "2025-06-30")),
        ("2025-06-30 10:00", ("2025-06-30", "2025-06-30")),
        ("2025-13", None),
        ("2025-02-29", None),
        ("0000", None),
        ("25-06-30", None),
        ("2025年6月", None),
    ],
)
def test_a_written_date_covers_its_days(text: str, span: Any) -> None:
    assert dates.span(text) == span


def test_a_text_that_is_no_date_stays_as_it_stands() -> None:
    assert dates.in_words("2025-02-29") == "2025-02-29"
    assert dates.in_words("长期") == "长期"
