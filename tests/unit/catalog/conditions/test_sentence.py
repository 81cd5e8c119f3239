"""How conditions read in Chinese."""

from typing import Any

import pytest

from catalog.conditions.normal import Literal
from catalog.conditions.parse import parse
from catalog.conditions.sentence import Sentence, clause, in_words, sentences
from catalog.conditions.tree import AllOf, AnyOf, Not, Unstated


def says(field: str, op: str, value: Any) -> tuple[str, str]:
    """The clause and its opposite."""
    tree = parse({"field": field, "op": op, "value": value})
    return in_words(tree), in_words(Not(tree))


@pytest.mark.parametrize(
    ("field", "op", "value", "asked", "ruled_out"),
    [
        ("employees", "ge", 10, "从业人员 10 人及以上", "从业人员不到 10 人"),
        ("employees", "gt", 10, "从业人员超过 10 人", "从业人员不超过 10 人"),
        ("layoff_rate_pct", "le", 5.5, "上年度裁员率不超过 5.5%", "上年度裁员率超过 5.5%"),
        (
            "water_saving_m3",
            "lt",
            10000,
            "技改年节水量不到 10,000 立方米",
            "技改年节水量 10,000 立方米及以上",
        ),
        ("employees", "eq", 10, "从业人员为 10 人", "从业人员不是 10 人"),
        ("tech_reform_filed", "eq", True, "技改项目已备案", "技改项目没有备案"),
        ("is_labor_dispatch", "eq", False, "不是劳务派遣单位", "劳务派遣单位"),
        ("ownership", "eq", "民营", "所有制为“民营”", "所有制不是“民营”"),
        ("scale", "in", ["小型", "微型"], "企业规模为小型或微型", "企业规模不是小型或微型"),
        ("org_type", "in", ["企业", "个体工商户"], "是企业或个体工商户", "不是企业或个体工商户"),
        ("industry_section", "in", ["B", "C", "D"], "属于工业", "不属于工业"),
        ("industry_section", "in", ["C", "X"], "属于制造业、X", "不属于制造业、X"),
        ("industry_section", "in", list("BCDE"), "属于工业、建筑业", "不属于工业、建筑业"),
        ("industry_division", "in", ["C17"], "属于 C17 纺织业", "不属于 C17 纺织业"),
        (
            "fixed_asset_loan_date",
            "ge",
            "2026-01-01",
            "固定资产贷款发放日不早于 2026年1月1日",
            "固定资产贷款发放日早于 2026年1月1日",
        ),
        (
            "fixed_asset_loan_date",
            "gt",
            "2026",
            "固定资产贷款发放日晚于 2026年",
            "固定资产贷款发放日不晚于 2026年",
        ),
        ("established_on", "eq", "2026-01", "成立日期为 2026年1月", "成立日期不是 2026年1月"),
        ("region_code", "within", "100000", "全国都可以", "注册不在全国"),
        ("region_code", "within", "510802", "注册在广元市利州区", "注册不在广元市利州区"),
        ("region_code", "within_any", ["510800", "510000"], "注册在广元市或四川省", "注册不在广元市或四川省"),
        (
            "project_region",
            "within",
            "510800",
            "指标 project_region在广元市",
            "指标 project_region不在广元市",
        ),
    ],
)
def test_a_leaf_reads_as_one_clause(field: str, op: str, value: Any, asked: str, ruled_out: str) -> None:
    assert says(field, op, value) == (asked, ruled_out)


def test_all_services_have_one_name() -> None:
    assert (
        says("industry_section", "in", list("FGHIJKLMNOPQR"))[0] == "属于服务业（批发零售业到文化体育娱乐业）"
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"type": "软件企业评估"}, "获得“软件企业评估”"),
        ({"type": "绿色工厂", "level": ["国家级", "省级"]}, "获得国家级或省级“绿色工厂”"),
        ({"type": "甲", "first_time": True, "obtained_from": "2024-01-01"}, "2024年1月1日以后首次获得“甲”"),
        ({"type": "甲", "first_time": False, "obtained_to": "2024-12"}, "2024年12月以前再次获得“甲”"),
        ({"type": "甲", "obtained_from": "2024", "obtained_to": "2025"}, "2024年至2025年期间获得“甲”"),
    ],
)
def test_a_title_reads_with_its_details(value: Any, words: str) -> None:
    assert says("qualifications", "has", value) == (words, f"没有{words}")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"kinds": ["规上工业"]}, "纳入“规上工业”统计"),
        (
            {"kinds": ["甲", "乙"], "first_entered_from": "2024-01-01"},
            "2024年1月1日以后首次纳入“甲”或“乙”统计",
        ),
        ({"kinds": ["甲"], "new_build": True}, "纳入“甲”统计，新建投产"),
        (
            {"kinds": ["甲"], "new_build": False, "years_in": [2, 3]},
            "纳入“甲”统计，不是新建投产，在库第 2或3 年",
        ),
    ],
)
def test_a_statistics_entry_reads_with_its_details(value: Any, words: str) -> None:
    assert says("stat_entries", "has", value)[0] == words


EMPLOYEES = {"field": "employees", "op": "le", "value": 100}
RATIO = {"field": "rd_ratio_pct", "op": "ge", "value": 3}
FIRM = {"field": "org_type", "op": "in", "value": ["企业"]}


def test_groups_are_lists_within_lists() -> None:
    tree = parse({"all": [FIRM, {"any": [RATIO, {"all": [EMPLOYEES, FIRM]}]}]})

    assert sentences(tree) == (
        Sentence("是企业"),
        Sentence(
            "满足其中一项即可",
            (
                Sentence("研发经费占营业收入的比例 3%及以上"),
                Sentence("同时满足", (Sentence("从业人员不超过 100 人"), Sentence("是企业"))),
            ),
        ),
    )


def test_one_sentence_keeps_the_groups_apart() -> None:
    tree = parse({"all": [FIRM, {"any": [RATIO, {"all": [EMPLOYEES, FIRM]}]}]})

    assert (
        in_words(tree) == "是企业；研发经费占营业收入的比例 3%及以上，或者（从业人员不超过 100 人，且是企业）"
    )


def test_groups_of_the_same_kind_are_one() -> None:
    nested = parse({"all": [FIRM, {"all": [RATIO, {"all": [EMPLOYEES]}]}]})

    assert nested != parse({"all": [FIRM, RATIO, EMPLOYEES]})
    assert sentences(nested) == sentences(parse({"all": [FIRM, RATIO, EMPLOYEES]}))


def test_not_any_is_all_of_the_opposites() -> None:
    assert in_words(parse({"not": {"any": [RATIO, EMPLOYEES]}})) == (
        "研发经费占营业收入的比例不到 3%；从业人员超过 100 人"
    )


def test_conditions_that_nobody_wrote_down_are_said_to_be_so() -> None:
    assert clause(Literal(Unstated())) == "来源没有写明条件，请看政策原文"
    assert [one.text for one in sentences(AnyOf((Unstated(),)))] == ["来源没有写明条件，请看政策原文"]


def test_no_condition_is_said_to_be_none() -> None:
    assert sentences(AllOf(())) == (Sentence("没有限制条件"),)
    assert in_words(AllOf(())) == "没有限制条件"
