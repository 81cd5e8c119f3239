"""What the calendar says of a window, and what of a change concerns those who are entitled."""

from datetime import date

import pytest

from catalog.rules import Span
from matching.push.rules import KINDS, Reason, changes, due, worth_telling

JUNE = Span(date(2026, 6, 3), date(2026, 6, 20))


@pytest.mark.parametrize(
    ("after", "today", "reason"),
    [
        (2, 3, Reason.OPENS),
        (3, 4, None),
        (9, 10, Reason.CLOSES_10),
        (10, 11, None),
        (14, 15, Reason.CLOSES_5),
        (18, 19, Reason.CLOSES_1),
        (19, 20, None),
        (20, 21, None),
        (1, 8, Reason.OPENS),  # nobody looked for a week
        (1, 12, Reason.CLOSES_10),
        (8, 16, Reason.CLOSES_5),
        (1, 22, None),
    ],
)
def test_the_calendar_speaks_on_its_days_and_makes_up_for_missed_ones(
    after: int, today: int, reason: Reason | None
) -> None:
    assert due(JUNE, date(2026, 6, after), date(2026, 6, today)) is reason


def test_a_window_without_an_end_opens_and_never_closes() -> None:
    assert due(Span(date(2026, 6, 3)), date(2026, 6, 2), date(2026, 6, 3)) is Reason.OPENS
    assert due(Span(), date(2026, 6, 2), date(2026, 6, 3)) is None


def test_only_what_can_be_had_here_is_told() -> None:
    today, none = date(2026, 6, 10), Span()
    assert worth_telling(JUNE, none, today, foreign=False)
    assert worth_telling(Span(date(2027, 1, 1)), none, today, foreign=False)
    assert not worth_telling(JUNE, none, today, foreign=True)
    assert not worth_telling(JUNE, none, date(2026, 6, 21), foreign=False)


def test_changes_are_named_and_remarks_are_none() -> None:
    before = {"title": "甲", "benefit": {"kind": "fixed"}, "doubts": "无"}
    assert changes(before, before | {"doubts": "有"}) == ()
    assert changes(before, before | {"benefit": {}, "materials": ["发票"]}) == ("金额标准", "材料")


def test_every_reason_is_of_a_kind() -> None:
    assert set(KINDS) == set(Reason)
