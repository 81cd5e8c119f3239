"""Ten thousand random starts against a reference that steps from minute to minute (I8, E13)."""

import random
from datetime import date, datetime, timedelta

import chinese_calendar
import pytest

from foundation.clock import BEIJING
from foundation.deadlines.calendars import Calendar
from foundation.deadlines.limits import LIMITS
from foundation.deadlines.rules import Entry, Kind, reckon

FIRST, LAST = date(2022, 1, 1), date(2028, 12, 31)
STARTS = 10_000
SEED = 20220906
pytestmark = pytest.mark.many_examples
MINUTES = 24 * 60
# no notice for these years: weekends and the thirteen days of the law
GUESSED_OFF = {
    2027: "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03",
    2028: "01-01 01-25 01-26 01-27 01-28 04-04 05-01 05-02 05-28 10-01 10-02 10-03",
}


def worked(day: date) -> bool:
    if day.year in GUESSED_OFF:
        return day.weekday() < 5 and f"{day:%m-%d}" not in GUESSED_OFF[day.year].split()
    return bool(chinese_calendar.is_workday(day))


DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
WORKED = [worked(day) for day in DAYS]
OFFICE = bytes(int(540 <= minute < 720 or 780 <= minute < 1020) for minute in range(MINUTES))
OPEN = b"".join(OFFICE if open_today else bytes(MINUTES) for open_today in WORKED)


def minute_of(moment: datetime) -> int:
    return (moment.date() - FIRST).days * MINUTES + moment.hour * 60 + moment.minute


def moment_of(minute: int) -> datetime:
    day, rest = divmod(minute, MINUTES)
    return datetime.combine(DAYS[day], datetime.min.time(), BEIJING) + timedelta(minutes=rest)


def hour_by_steps(minute: int, holds: list[tuple[int, int]] | None = None) -> int:
    """Walk minute by minute until sixty open ones have passed that are not held."""
    ahead = bytearray(OPEN[minute : minute + 30 * MINUTES])
    for since, until in holds or ():
        ahead[since - minute : until - minute] = bytes(until - since)
    left = step = 0
    while left < 60:
        left += ahead[step]
        step += 1
    return minute + step


def ten_days_by_steps(minute: int, holds: list[tuple[int, int]] | None = None) -> int:
    """Walk day by day until ten working days have passed, then minute by minute to closing time."""
    day, left = minute // MINUTES, 10
    while left:
        day += 1
        held = any(since // MINUTES < day <= until // MINUTES for since, until in holds or ())
        left -= WORKED[day] and not held
    closing = (day + 1) * MINUTES
    while not OPEN[closing - 1]:
        closing -= 1
    return closing


@pytest.fixture(scope="module")
def starts() -> list[datetime]:
    dice = random.Random(SEED)
    span = (date(2027, 12, 31) - FIRST).days * MINUTES
    return [moment_of(dice.randrange(span)) for _ in range(STARTS)]


def test_an_hour_of_opening_time(calendar: Calendar, starts: list[datetime]) -> None:
    days = calendar.reaching(2022, 2028)
    differing = [
        start
        for start in starts
        if LIMITS["handoff"].due(start, days) != moment_of(hour_by_steps(minute_of(start)))
    ]
    assert differing == []


def test_ten_working_days(calendar: Calendar, starts: list[datetime]) -> None:
    days = calendar.reaching(2022, 2028)
    differing = [
        start
        for start in starts
        if LIMITS["review"].due(start, days) != moment_of(ten_days_by_steps(minute_of(start)))
    ]
    assert differing == []


def test_ledgers_with_holds(calendar: Calendar, starts: list[datetime]) -> None:
    dice = random.Random(SEED)
    for start in starts[:1000]:
        minute = minute_of(start)
        early = minute + dice.randrange(1, 40)
        ledger, holds = held(start, [(early, early + dice.randrange(1, 9000))])
        due = hour_by_steps(minute, holds)
        assert reckon(LIMITS["handoff"], ledger, calendar).due == moment_of(due)
        first = minute + dice.randrange(1, 3) * MINUTES
        second = first + dice.randrange(5, 12) * MINUTES
        ledger, holds = held(start, [(first, first + dice.randrange(1, 7000)), (second, second + 4000)])
        if working_days_run(minute, holds) < 10:
            assert reckon(LIMITS["review"], ledger, calendar).due == moment_of(
                ten_days_by_steps(minute, holds)
            )


def held(start: datetime, holds: list[tuple[int, int]]) -> tuple[list[Entry], list[tuple[int, int]]]:
    ledger = [Entry(start, Kind.START)]
    for since, until in holds:
        ledger.append(Entry(moment_of(since), Kind.SUSPEND, "outage", "依据", moment_of(until)))
        ledger.append(Entry(moment_of(until), Kind.RESUME))
    return ledger, holds


def working_days_run(minute: int, holds: list[tuple[int, int]]) -> int:
    """How many days had run when the last hold began: a hold of the last day itself is another rule."""
    day, last = minute // MINUTES, holds[-1][0] // MINUTES
    return sum(
        WORKED[each] and not any(since // MINUTES < each <= until // MINUTES for since, until in holds)
        for each in range(day + 1, last + 1)
    )
