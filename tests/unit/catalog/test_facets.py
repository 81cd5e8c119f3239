"""Filters narrow, choices of one filter widen, and a count says what a tick would show."""

from datetime import date, datetime

from catalog import facets
from catalog.facets import Choice, Facet
from catalog.rules import Span
from catalog.shelf import ListedItem
from catalog.wording import Amount
from foundation.clock import BEIJING

TODAY = date(2026, 6, 1)


def listed(code: str, mode: str = "review", foreign: bool = False, until: date | None = None) -> ListedItem:
    return ListedItem(
        code=code,
        title=code,
        mode=mode,
        mode_label=mode,
        level="市级",
        department_name="市经信局",
        region_code="510800",
        region_name="广元市",
        foreign=foreign,
        window=Span(None, until),
        validity=Span(),
        amount=Amount("8 万元"),
        needs=("green",),
        topics=(),
        published_at=datetime(2026, 6, 1, tzinfo=BEIJING),
    )


ITEMS = [
    listed("A"),
    listed("B", "exempt"),
    listed("C", "exempt", foreign=True),
    listed("D", until=date(2026, 5, 1)),
]
KEYS = facets.keys_of(TODAY)


def codes(**filters: list[str]) -> list[str]:
    return [item.code for item in facets.chosen(ITEMS, filters, KEYS)]


def facet(name: str, **filters: list[str]) -> Facet:
    found = facets.facets(ITEMS, filters, KEYS, {"review": "综合评审", "exempt": "免申即享"})
    return next(each for each in found if each.name == name)


def test_filters_narrow_and_choices_widen() -> None:
    assert codes(mode=["exempt"]) == ["B", "C"]
    assert codes(mode=["exempt"], place=["here"]) == ["B"]
    assert codes(mode=["exempt", "review"], state=["open"]) == ["A", "B", "C"]
    assert codes(state=["closed"]) == ["D"]
    assert codes(mode=["nonsense"]) == []
    assert codes(nonsense=["exempt"]) == ["A", "B", "C", "D"]


def test_a_count_tells_what_a_tick_would_show() -> None:
    assert facet("mode", place=["here"], mode=["exempt"]).choices == (
        Choice("review", "综合评审", 2, False),
        Choice("exempt", "免申即享", 1, True),
    )


def test_empty_choices_stay() -> None:
    states = {choice.value: choice.count for choice in facet("state", state=["closed"]).choices}
    assert states == {"open": 3, "upcoming": 0, "closed": 1, "expired": 0}


def test_an_unknown_choice_is_no_choice() -> None:
    assert [choice.value for choice in facet("need", need=["zz"]).choices] == ["green"]
