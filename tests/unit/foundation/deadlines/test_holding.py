"""Who held a case for how long."""

from datetime import datetime, timedelta

from foundation.clock import BEIJING
from foundation.deadlines.calendars import Calendar
from foundation.deadlines.holding import Turn, holdings

WINDOW, BUREAU, FIRM, FINANCE = 1, 2, 3, 4


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=BEIJING)


def spent(turns: list[Turn], now: datetime, calendar: Calendar) -> dict[int | None, tuple[float, bool]]:
    found = holdings(turns, now, calendar)
    return {each.holder_id: (each.spent / timedelta(hours=1), each.now) for each in found}


def test_clocks_side_by_side_count_once_and_the_whole_is_nobodys(calendar: Calendar) -> None:
    turns = [
        Turn(WINDOW, "handoff", at(1, 9), at(1, 10)),
        Turn(BUREAU, "response", at(1, 10), at(1, 11)),
        Turn(BUREAU, "review", at(1, 10), at(3, 10)),
        Turn(FINANCE, "payout", at(3, 10), None),
        Turn(WINDOW, "total", at(1, 9), None),
    ]
    assert spent(turns, at(3, 12), calendar) == {BUREAU: (48, False), FINANCE: (2, True), WINDOW: (1, False)}


def test_while_a_supplement_is_awaited_the_case_lies_with_the_firm(calendar: Calendar) -> None:
    turns = [Turn(BUREAU, "review", at(1), at(5)), Turn(FIRM, "supplement", at(2), at(4))]
    assert spent(turns, at(8), calendar) == {BUREAU: (48, False), FIRM: (48, False)}
    asked = [Turn(BUREAU, "review", at(1), None), Turn(FIRM, "supplement", at(2), None)]
    assert spent(asked, at(3), calendar) == {BUREAU: (24, False), FIRM: (24, True)}


def test_time_in_the_office_is_told_beside(calendar: Calendar) -> None:
    (held,) = holdings([Turn(BUREAU, "review", at(5, 16), at(8, 10))], at(8, 12), calendar)
    assert held.open_time == timedelta(hours=2)  # Friday afternoon and Monday morning


def test_a_clock_that_stopped_at_once_is_no_time(calendar: Calendar) -> None:
    assert spent([Turn(WINDOW, "handoff", at(1), at(1))], at(2), calendar) == {WINDOW: (0, False)}
