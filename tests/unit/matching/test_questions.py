"""Which fact to ask for first, and what counts as an answer."""

from datetime import date
from typing import Any

import pytest

from catalog.conditions.parse import parse
from catalog.rules import Span
from foundation.errors import Invalid
from matching.questions import Question, question_about, questions, read_answer
from matching.rules import Item, Match, match


def leaf(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def unknown(code: str, *conditions: Any) -> Match:
    tree = parse({"all": list(conditions)})
    return match(
        Item(code, code, "review", "综合评审", "局", tree, {}, Span(), Span()), {}, date(2025, 6, 30)
    )


LAYOFFS = leaf("layoff_rate_pct", "le", 5.5)
LOAN = leaf("tech_reform_loan_years", "ge", 1)


def only(*conditions: Any) -> Question:
    (question,) = questions([unknown("A", *conditions)])
    return question


def test_the_fact_that_settles_most_items_is_asked_first() -> None:
    asked = questions(
        [unknown("A", LOAN), unknown("B", LAYOFFS), unknown("C", LAYOFFS), unknown("D", LOAN, LAYOFFS)]
    )

    assert [one.field.name for one in asked] == ["layoff_rate_pct", "tech_reform_loan_years"]
    assert [item.code for item in asked[0].settles] == ["B", "C"]
    assert [item.code for item in asked[0].helps] == ["D"]


@pytest.mark.parametrize(
    "condition",
    [
        None,
        leaf("qualifications", "has", {"type": "绿色工厂"}),
        leaf("region_code", "within", "510800"),
        leaf("project_region", "within", "510800"),
        leaf("industry_section", "in", ["C"]),
        leaf("established_on", "ge", "2024"),
    ],
)
def test_what_registers_hold_is_not_asked(condition: Any) -> None:
    assert questions([unknown("A", condition)]) == ()


def test_the_options_are_those_of_the_register_and_of_the_rules() -> None:
    assert only(leaf("scale", "in", ["小型"])).options == ("大型", "中型", "小型", "微型")
    assert only(leaf("park", "eq", "高新区")).options == ("高新区", "以上都不是")
    assert only(leaf("credit_rating", "in", ["A", "B"])).options == ("A", "B", "以上都不是")
    assert only(leaf("park", "ge", "2025-01-01")).options == ("2025-01-01", "以上都不是")
    assert only(LAYOFFS).options == ()


def test_what_can_be_ticked_is_offered_in_words() -> None:
    assert only(leaf("tech_reform_filed", "eq", True)).choices == (("yes", "是"), ("no", "否"))
    assert only(leaf("park", "eq", "高新区")).choices == (("高新区", "高新区"), ("以上都不是", "以上都不是"))
    assert only(LAYOFFS).choices == ()


def test_a_known_fact_can_be_asked_again() -> None:
    tree = parse({"all": [LAYOFFS, LOAN]})
    item = Item("A", "A", "review", "综合评审", "局", tree, {}, Span(), Span())
    known = match(item, {"layoff_rate_pct": 3, "tech_reform_loan_years": 2}, date(2025, 6, 30))
    partly = match(item, {"layoff_rate_pct": 3}, date(2025, 6, 30))
    again = question_about([known, unknown("B", LAYOFFS), unknown("C", LAYOFFS, LOAN)], "layoff_rate_pct")

    assert again is not None
    assert [one.code for one in again.settles] == ["B"]
    assert [one.code for one in again.helps] == ["C"]
    assert question_about([partly], "rooftop_pv_mw") is None
    assert question_about([unknown("A", leaf("region_code", "within", "510800"))], "region_code") is None


@pytest.mark.parametrize(
    ("condition", "text", "value"),
    [
        (LAYOFFS, " 5.5% ", 5.5),
        (LAYOFFS, "0", 0),
        (leaf("revenue_wan", "ge", 1), "1,200万元", 1200),
        (leaf("rd_growth_pct", "ge", 1), "-3", -3),
        (leaf("tech_reform_filed", "eq", True), "yes", True),
        (leaf("tech_reform_filed", "eq", True), "no", False),
        (leaf("fixed_asset_loan_date", "ge", "2026-01-01"), "2026-02-28", "2026-02-28"),
        (leaf("park", "eq", "高新区"), "以上都不是", "以上都不是"),
    ],
)
def test_an_answer_becomes_a_fact(condition: Any, text: str, value: Any) -> None:
    answer = read_answer(only(condition), text)

    assert answer == value
    assert type(answer) is type(value)


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (LAYOFFS, ""),
        (LAYOFFS, "很低"),
        (LAYOFFS, "1e400"),
        (LAYOFFS, "9" * 20),
        (leaf("tech_reform_filed", "eq", True), "true"),
        (leaf("fixed_asset_loan_date", "ge", "2026-01-01"), "2026-02-30"),
        (leaf("fixed_asset_loan_date", "ge", "2026-01-01"), "2026年2月"),
        (leaf("park", "eq", "高新区"), "老城区"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_remedy(condition: Any, text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_answer(only(condition), text)

    (problem,) = refusal.value.problems
    assert problem.field == "value"
    assert problem.remedy
