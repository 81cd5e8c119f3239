"""Sorting items for one enterprise: what it may have, what is asked, what is missing."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from catalog.conditions.parse import parse
from catalog.rules import Span
from matching.board import board, of
from matching.rules import Item, Match, fixed_amount, group, is_open, match

DAY = date(2025, 6, 30)
FIXED = {"kind": "fixed", "amount_yuan": 80000, "text": "一次性8万元"}


def leaf(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


HERE = leaf("region_code", "within", "510900")
EQUIPMENT = leaf("tech_reform_equipment_wan", "ge", 500)
FIRM = leaf("org_type", "in", ["企业"])
PROFILE = {
    "region_code": "510903",
    "org_type": "企业",
    "tech_reform_equipment_wan": 480,
    "rooftop_pv_mw": 0.5,
}


def item(code: str, *conditions: Any, benefit: Any = FIXED, window: Span | None = None) -> Item:
    return Item(
        code,
        f"事项{code}",
        "review",
        "综合评审",
        "市经济和信息化局",
        parse({"all": list(conditions)}),
        benefit,
        window or Span(),
        Span(),
    )


def held(code: str, *conditions: Any, **more: Any) -> Match:
    return match(item(code, *conditions, **more), PROFILE, DAY)


def codes(matches: tuple[Match, ...]) -> list[str]:
    return [one.item.code for one in matches]


def test_items_are_sorted_by_what_can_be_done() -> None:
    groups = group(
        [
            held("A", FIRM, benefit={"kind": "rate", "text": "按 1%"}),
            held("B", FIRM),
            held("C", leaf("layoff_rate_pct", "le", 5), leaf("employees", "ge", 1)),
            held("D", leaf("layoff_rate_pct", "le", 5)),
            held("E", leaf("rooftop_pv_mw", "ge", 5)),
            held("F", EQUIPMENT),
            held("G", FIRM, window=Span(None, date(2025, 6, 29))),
            held("H", leaf("region_code", "within", "340000")),
            held("I", leaf("org_type", "in", ["社会组织"])),
        ]
    )

    assert codes(groups.entitled) == ["B", "A"]
    assert codes(groups.asking) == ["D", "C"]
    assert codes(groups.near) == ["F", "E"]
    assert codes(groups.closed) == ["G"]
    assert codes(groups.elsewhere) == ["H"]
    assert codes(groups.beyond) == ["I"]
    assert groups.failing == 4


def test_the_total_sums_what_is_known() -> None:
    known = of(group([held("A", FIRM), held("B", FIRM)]), 2)
    partly = of(group([held("A", FIRM), held("B", FIRM, benefit={"kind": "rate"})]), 2)

    assert (known.total_fen, known.total_is_whole) == (16_000_000, True)
    assert (partly.total_fen, partly.total_is_whole) == (8_000_000, False)


@pytest.mark.parametrize(
    ("benefit", "fen"),
    [
        (FIXED, 8_000_000),
        ({"kind": "fixed", "amount_yuan": 0.1, "text": "一角"}, 10),
        ({"kind": "fixed", "amount_yuan": 100000, "text": "最高10万元"}, None),
        ({"kind": "fixed", "amount_yuan": None}, None),
        ({"kind": "fixed", "amount_yuan": True}, None),
        ({"kind": "per_unit", "amount_yuan": 10}, None),
        ({}, None),
    ],
)
def test_only_one_fixed_sum_is_an_estimate(benefit: Any, fen: int | None) -> None:
    assert fixed_amount(benefit) == fen


def test_nothing_is_estimated_for_who_is_not_eligible() -> None:
    assert held("A", FIRM).amount_fen == 8_000_000
    assert held("A", leaf("layoff_rate_pct", "le", 5)).amount_fen == 8_000_000
    assert held("A", EQUIPMENT).amount_fen is None


@pytest.mark.parametrize(
    ("window", "validity", "answer"),
    [
        (Span(), Span(), None),
        (Span(DAY, DAY), Span(), True),
        (Span(date(2025, 7, 1), None), Span(), False),
        (Span(None, date(2025, 6, 29)), Span(), False),
        (Span(), Span(date(2021, 1, 1), date(2030, 12, 31)), True),
        (Span(DAY, None), Span(None, date(2025, 6, 29)), False),
    ],
)
def test_an_item_is_open_within_window_and_validity(
    window: Span, validity: Span, answer: bool | None
) -> None:
    assert is_open(window, validity, DAY) is answer


def test_an_application_is_possible_for_what_fits_is_open_and_wants_one() -> None:
    assert held("A", FIRM).can_apply
    assert not held("B", EQUIPMENT).can_apply
    assert not held("C", FIRM, window=Span(end=date(2025, 1, 31))).can_apply
    exempt = replace(item("D", FIRM), mode="exempt")
    elsewhere = replace(item("E", FIRM), online=False)
    assert not match(exempt, PROFILE, DAY).can_apply
    assert not match(elsewhere, PROFILE, DAY).can_apply


def test_a_board_says_the_same_as_holding_every_item_one_by_one() -> None:
    items = [
        item("A", FIRM, HERE),
        item("B", HERE, EQUIPMENT),
        item("C", leaf("region_code", "within", "340000"), FIRM),
        item("D", leaf("layoff_rate_pct", "le", 5)),
        item("E", leaf("org_type", "in", ["社会组织"])),
    ]
    for profile in (PROFILE, {}, {"region_code": "5109"}):
        whole = of(group(match(one, profile, DAY) for one in items), len(items))
        assert board(items, profile, DAY) == whole


def test_exclusive_items_are_had_once() -> None:
    other = replace(item("B", FIRM, benefit=FIXED | {"amount_yuan": 1}), exclusive_groups=("入库奖励",))
    found = board([replace(item("A", FIRM), exclusive_groups=("入库奖励",)), other], PROFILE, DAY)

    assert (found.total_fen, found.total_is_whole, found.failing) == (8_000_000, True, 0)
    assert [one.instead for one in found.combination.left_out] == ["A"]
    assert found.combination.chosen == ("A",)


def test_an_item_reads_what_its_conditions_and_its_amount_read() -> None:
    rated = item(
        "A", FIRM, EQUIPMENT, benefit={"kind": "rate", "rate": 0.1, "base_field": "annual_rent_yuan"}
    )
    assert rated.fields == {"org_type", "tech_reform_equipment_wan", "annual_rent_yuan"}
    assert item("B", FIRM).fields == {"org_type"}
