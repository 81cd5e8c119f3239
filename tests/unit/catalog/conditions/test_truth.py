"""What each comparison means: boundaries count as the word says, what does not tell is unknown."""

from typing import Any

import pytest

from catalog.conditions.kleene import Truth
from catalog.conditions.parse import parse
from catalog.conditions.verdict import judge


def truth(op: str, wanted: Any, known: Any) -> Truth:
    return judge(parse({"field": "x", "op": op, "value": wanted}), {"x": known}).root.holds


@pytest.mark.parametrize(
    ("op", "below", "same", "above"),
    [
        ("ge", False, True, True),
        ("gt", False, False, True),
        ("le", True, True, False),
        ("lt", True, False, False),
        ("eq", False, True, False),
    ],
)
def test_boundaries_count_as_the_word_says(op: str, below: bool, same: bool, above: bool) -> None:
    assert [truth(op, 5.5, known) for known in (5.4, 5.5, 5.6)] == [below, same, above]


@pytest.mark.parametrize(
    ("op", "before", "same", "after"),
    [
        ("ge", False, True, True),
        ("gt", False, False, True),
        ("le", True, True, False),
        ("lt", True, False, False),
    ],
)
def test_days_compare_as_days(op: str, before: bool, same: bool, after: bool) -> None:
    days = ("2024-12-31", "2025-01-01", "2025-01-02T09:00:00+08:00")

    assert [truth(op, "2025-01-01", day) for day in days] == [before, same, after]


@pytest.mark.parametrize(
    ("op", "wanted", "known", "answer"),
    [
        ("ge", "2025-01-01", "2025", True),
        ("ge", "2025-03-01", "2025", None),
        ("ge", "2026-01-01", "2025", False),
        ("le", "2024-02-29", "2024-02", True),
        ("le", "2024-02-28", "2024-02", None),
        ("gt", "2024", "2024-12-31", False),
        ("gt", "2024", "2025-01-01", True),
        ("lt", "2024", "2024-01-01", False),
        ("lt", "2024-12-31", "2024-12", None),
    ],
)
def test_a_month_or_a_year_tells_only_what_all_its_days_tell(
    op: str, wanted: str, known: str, answer: Truth
) -> None:
    assert truth(op, wanted, known) is answer


@pytest.mark.parametrize("known", [None, "", "  ", "很多", "500", True, [500], {}, float("nan")])
@pytest.mark.parametrize("op", ["ge", "gt", "le", "lt", "eq"])
def test_what_is_no_number_tells_nothing_about_a_number(op: str, known: Any) -> None:
    assert truth(op, 500, known) is None


def test_a_number_tells_nothing_about_a_day() -> None:
    assert truth("ge", "2025-01-01", 2025) is None


def test_a_whole_number_equals_the_same_with_decimals() -> None:
    assert truth("eq", 1, 1.0) is True
    assert truth("in", [1, 2], 2.0) is True


def test_true_is_not_one() -> None:
    assert truth("eq", True, 1) is None
    assert truth("eq", 1, True) is None
    assert truth("eq", False, False) is True
    assert truth("eq", True, False) is False


def test_one_of_several_compares_within_a_kind() -> None:
    assert truth("in", ["小型", "微型"], "小型") is True
    assert truth("in", ["小型", "微型"], "大型") is False
    assert truth("in", ["小型", "微型"], 3) is None
    assert truth("in", ["小型", "微型"], None) is None
    assert truth("in", ["一", 1, True], 2) is False


@pytest.mark.parametrize(
    ("known", "answer"),
    [
        ("510802", True),
        ("510800", True),
        ("510903", False),
        (None, None),
        ("5108", None),
        (510802, None),
    ],
)
def test_a_place_lies_in_a_city_or_not(known: Any, answer: Truth) -> None:
    assert truth("within", "510800", known) is answer


def test_a_place_may_lie_in_any_of_several() -> None:
    assert truth("within_any", ["510900", "510802"], "510802") is True
    assert truth("within_any", ["510900", "510802"], "510811") is False


TITLE = {
    "type": "绿色工厂",
    "level": ["国家级", "省级"],
    "obtained_from": "2024-01-01",
    "obtained_to": "2025-06-30",
}


@pytest.mark.parametrize(
    ("entry", "answer"),
    [
        ({"type": "绿色工厂", "level": "省级", "obtained_on": "2024-01-01"}, True),
        ({"type": "绿色工厂", "level": "省级", "obtained_on": "2025-06-30"}, True),
        ({"type": "绿色工厂", "level": "省级", "obtained_on": "2025-07-01"}, False),
        ({"type": "绿色工厂", "level": "市级", "obtained_on": "2024-01-01"}, False),
        ({"type": "节水型企业", "level": "省级", "obtained_on": "2024-01-01"}, False),
        ({"type": "绿色工厂", "level": "省级", "obtained_on": None}, None),
        ({"type": "绿色工厂", "level": None, "obtained_on": "2024-01-01"}, None),
        ({"type": "绿色工厂", "level": "省级"}, None),
        ({"type": "节水型企业"}, False),
        ({"type": "绿色工厂", "level": "市级", "obtained_on": None}, False),
        ("绿色工厂", None),
    ],
)
def test_an_entry_shows_everything_that_is_asked(entry: Any, answer: Truth) -> None:
    assert truth("has", TITLE, [entry]) is answer


def test_a_list_is_complete_as_given() -> None:
    right = {"type": "绿色工厂", "level": "省级", "obtained_on": "2024-05-01"}

    assert truth("has", TITLE, []) is False
    assert truth("has", TITLE, [{"type": "节水型企业"}, right]) is True
    assert truth("has", TITLE, [{"type": "绿色工厂"}, right]) is True


@pytest.mark.parametrize("known", [None, "绿色工厂", {"type": "绿色工厂"}])
def test_a_list_that_is_not_given_tells_nothing(known: Any) -> None:
    assert truth("has", TITLE, known) is None


def test_a_statistics_entry_is_of_one_of_the_kinds() -> None:
    asked = {"kinds": ["规上工业", "限上零售"], "new_build": True, "years_in": [1, 2]}
    entry = {"kind": "规上工业", "new_build": True, "years_in": 2}

    assert truth("has", asked, [entry]) is True
    assert truth("has", asked, [entry | {"years_in": 3}]) is False
    assert truth("has", asked, [entry | {"years_in": None}]) is None
    assert truth("has", asked, [entry | {"new_build": False}]) is False
