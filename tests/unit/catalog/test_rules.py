"""Whether an item is open, where it applies, and what it is where its row does not say."""

from datetime import date

import pytest

from catalog.rules import (
    Channel,
    OutcomeKind,
    Scope,
    Span,
    Standing,
    applies_here,
    default_channel,
    default_outcome,
    default_scope,
    standing,
)

TODAY = date(2026, 6, 1)
YESTERDAY, TOMORROW = date(2026, 5, 31), date(2026, 6, 2)


@pytest.mark.parametrize(
    ("window", "validity", "expected"),
    [
        (Span(), Span(), Standing.OPEN),
        (Span(TODAY, TODAY), Span(), Standing.OPEN),
        (Span(None, TODAY), Span(None, TODAY), Standing.OPEN),
        (Span(TOMORROW, None), Span(), Standing.UPCOMING),
        (Span(), Span(TOMORROW, None), Standing.UPCOMING),
        (Span(None, YESTERDAY), Span(), Standing.CLOSED),
        (Span(), Span(None, YESTERDAY), Standing.EXPIRED),
        (Span(None, YESTERDAY), Span(None, YESTERDAY), Standing.EXPIRED),
    ],
)
def test_both_ends_of_a_window_are_counted(window: Span, validity: Span, expected: Standing) -> None:
    assert standing(window, validity, TODAY) is expected


def test_a_span_without_ends_is_none() -> None:
    assert not Span()
    assert Span(None, TODAY)


@pytest.mark.parametrize(
    ("region", "here"),
    [
        ("510800", True),
        ("510821", True),
        ("510000", True),
        ("100000", True),
        ("510900", False),
        ("340000", False),
        (None, False),
    ],
)
def test_an_item_applies_to_its_own_city_its_counties_and_from_above(region: str | None, here: bool) -> None:
    assert applies_here(region, "510800") is here


def test_what_a_row_does_not_say_follows_from_region_and_benefit() -> None:
    assert default_scope("510000") is default_scope("100000") is Scope.UPPER
    assert default_scope("510800") is default_scope(None) is Scope.LOCAL
    assert default_outcome("tax") is OutcomeKind.RELIEF
    assert default_outcome("loan") is OutcomeKind.RIGHT
    assert default_outcome(None) is OutcomeKind.MONEY
    assert default_channel("tax") is Channel.BUREAU
    assert default_channel("rate") is Channel.PORTAL
