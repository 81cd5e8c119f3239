"""Filters narrow, choices of one filter widen, and a count says what a tick would show."""

from datetime import date, datetime

from catalog import facets
from catalog.audience import Audience
from catalog.facets import Choice, Facet
from catalog.rules import Span
from catalog.shelf import ListedItem
from catalog.wording import Amount
from foundation.clock import BEIJING

ANYONE = Audience()
TODAY = date(2026, 6, 1)


def listed(
    code: str,
    mode: str = "review",
    foreign: bool = False,
    until: date | None = None,
    region: str | None = "510800",
    whom: Audience = ANYONE,
) -> ListedItem:
    return ListedItem(
        code=code,
        title=code,
        mode=mode,
        mode_label=mode,
        level="市级",
        department_name="市经信局",
        region_code=region,
        region_name="广元市",
        foreign=foreign,
        window=Span(None, until),
        validity=Span(),
        amount=Amount("8 万元"),
        needs=("green",),
        topics=(),
        published_at=datetime(2026, 6, 1, tzinfo=BEIJING),
        audience=whom,
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
    assert states == {"open": 3, "soon": 0, "upcoming": 0, "closed": 1, "expired": 0}


def test_an_unknown_choice_is_no_choice() -> None:
    assert [choice.value for choice in facet("need", need=["zz"]).choices] == ["green"]


def kept(items: list[ListedItem], **filters: list[str]) -> list[str]:
    keys = facets.keys_of(TODAY, facets.regions_of(items, filters.get("region", [])))
    return [item.code for item in facets.chosen(items, filters, keys)]


def test_what_closes_within_a_month_is_open_and_soon() -> None:
    items = [listed("A", until=date(2026, 7, 1)), listed("B", until=date(2026, 7, 2)), listed("C")]
    assert kept(items, state=["soon"]) == ["A"]
    assert kept(items, state=["open"]) == ["A", "B", "C"]


def test_a_county_is_served_by_every_level_above_it() -> None:
    regions = {"county": "510802", "other": "510811", "city": "510800", "state": "510000", "all": "100000"}
    items = [listed(name, region=code) for name, code in regions.items()] + [listed("none", region=None)]
    items.append(listed("elsewhere", region="340121"))
    assert kept(items, region=["510802"]) == ["county", "city", "state", "all"]
    assert kept(items, region=["510800"]) == ["city", "state", "all"]
    assert kept(items, region=["340121"]) == ["all", "elsewhere"]
    assert kept(items, region=["nonsense"]) == []
    offered = facets.regions_of(items, ["330110", "nonsense"])
    assert offered["340121"] == "合肥市长丰县"
    assert next(iter(offered)) == "510800"
    assert "330110" in offered
    assert "nonsense" not in offered


def test_an_industry_is_found_beside_what_anybody_may_have() -> None:
    items = [listed("A", whom=Audience(("C",), ("小型", "微型"))), listed("B")]
    assert kept(items, industry=["C"]) == ["A"]
    assert kept(items, industry=["C", "any"]) == ["A", "B"]
    assert kept(items, size=["微型"]) == ["A"]
    found = facets.facets(items, {}, facets.keys_of(TODAY), {})
    labels = {each.name: [choice.label for choice in each.choices] for each in found}
    assert labels["industry"] == ["制造业", "不限行业"]
    assert labels["size"] == ["大型企业", "中型企业", "小型企业", "微型企业", "不限规模"]


def test_only_the_usual_filters_and_the_ticked_ones_are_open() -> None:
    assert facet("mode").opened
    assert not facet("department").opened
    assert facet("department", department=["市经信局"]).opened
