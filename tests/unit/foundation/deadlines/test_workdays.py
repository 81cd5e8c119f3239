"""Working days, opening hours, and what happens where no notice is loaded."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from foundation.clock import BEIJING
from foundation.deadlines.workdays import OFFICE_HOURS, CalendarMissing, Hours, Workdays

HOUR = timedelta(hours=1)
# 2024 National Day: 1-7 October off; Sunday 29 September and Saturday 12 October worked.
OFF = frozenset(date(2024, 10, day) for day in range(1, 8))
ON = frozenset({date(2024, 9, 29), date(2024, 10, 12)})
CALENDAR = Workdays(frozenset({2024}), OFF, ON)


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2024) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (at(9, 26, 9, 30), at(9, 26, 10, 30)),
        (at(9, 26, 11), at(9, 26, 12)),
        (at(9, 26, 11, 40), at(9, 26, 13, 40)),
        (at(9, 26, 12, 30), at(9, 26, 14)),
        (at(9, 30, 16), at(9, 30, 17)),
        (at(9, 30, 16, 45), at(10, 8, 9, 45)),
        (at(9, 30, 20), at(10, 8, 10)),
        (at(10, 1, 8), at(10, 8, 10)),
        (at(9, 28, 10), at(9, 29, 10)),
    ],
    ids=[
        "same morning",
        "to the end of the morning",
        "over lunch",
        "during lunch",
        "to closing time",
        "over the holiday",
        "after hours",
        "on a day off",
        "Saturday before a made-up Sunday",
    ],
)
def test_an_hour_is_an_hour_of_opening_time(start: datetime, due: datetime) -> None:
    assert due == CALENDAR.add_open_time(start, HOUR)


def test_ten_working_days_skip_the_holiday_and_count_the_swapped_weekend() -> None:
    # 29, 30 September; 8, 9, 10, 11, 12, 14, 15, 16 October
    assert CALENDAR.add_days(at(9, 27, 10), 10) == at(10, 16, 17)


def test_the_starting_day_is_not_counted_even_before_it_opens() -> None:
    assert CALENDAR.add_days(at(9, 26, 0, 0), 1) == at(9, 27, 17)


def test_other_time_zones_are_read_as_beijing_time() -> None:
    late_evening = datetime(2024, 9, 26, 17, 30, tzinfo=UTC)  # already 27 September in Beijing
    assert CALENDAR.add_days(late_evening, 1) == at(9, 29, 17)
    assert CALENDAR.add_open_time(datetime(2024, 9, 26, 1, 30, tzinfo=UTC), HOUR) == at(9, 26, 10, 30)


def test_no_time_to_add_leaves_the_start() -> None:
    assert CALENDAR.add_open_time(at(10, 1, 8), timedelta()) == at(10, 1, 8)


def test_a_limit_of_no_days_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="0 working days"):
        CALENDAR.add_days(at(9, 26), 0)


@pytest.mark.parametrize(
    ("end", "start"),
    [
        (at(10, 8, 9, 10), at(9, 30, 16, 55)),
        (at(9, 26, 13, 5), at(9, 26, 11, 50)),
        (at(9, 26, 12), at(9, 26, 11, 45)),
        (at(9, 26, 13, 15), at(9, 26, 13)),
    ],
    ids=["over the holiday", "over lunch", "in the morning", "at the end of lunch"],
)
def test_the_moment_at_which_a_quarter_of_an_hour_is_left(end: datetime, start: datetime) -> None:
    assert CALENDAR.take_open_time(end, timedelta(minutes=15)) == start


def test_nothing_is_left_after_the_last_opening_of_the_calendar() -> None:
    assert CALENDAR.take_open_time(at(12, 31, 18), timedelta()) == at(12, 31, 18)


@pytest.mark.parametrize(
    ("since", "until", "span"),
    [
        (at(9, 26, 9), at(9, 26, 17), 7 * HOUR),
        (at(9, 26, 12, 10), at(9, 26, 12, 50), timedelta()),
        (at(9, 30, 16), at(10, 8, 10), 2 * HOUR),
        (at(9, 28), at(9, 29, 23), 7 * HOUR),
        (at(9, 26, 17), at(9, 26, 9), timedelta()),
    ],
    ids=["a day", "lunch", "the holiday", "a made-up Sunday", "backwards"],
)
def test_open_time_between_two_moments(since: datetime, until: datetime, span: timedelta) -> None:
    assert CALENDAR.open_time(since, until) == span


def test_working_days_between_two_dates() -> None:
    assert CALENDAR.working_days(date(2024, 9, 27), date(2024, 10, 8)) == 3
    assert CALENDAR.working_days(date(2024, 10, 8), date(2024, 10, 8)) == 0


def test_the_next_closing_is_later_than_the_moment_itself() -> None:
    assert CALENDAR.next_closing(at(9, 30, 16)) == at(9, 30, 17)
    assert CALENDAR.next_closing(at(9, 30, 17)) == at(10, 8, 17)


def test_which_days_are_worked() -> None:
    assert CALENDAR.is_open(date(2024, 9, 29))
    assert not CALENDAR.is_open(date(2024, 9, 28))
    assert not CALENDAR.is_open(date(2024, 10, 1))


@pytest.mark.parametrize(
    "look",
    [
        lambda days: days.add_days(at(12, 31, 10), 1),
        lambda days: days.add_days(at(1, 1, 10, year=2023), 1),
        lambda days: days.add_open_time(at(12, 31, 16, 45), HOUR),
        lambda days: days.take_open_time(at(1, 1), HOUR),
        lambda days: days.open_time(at(12, 31), at(1, 2, year=2025)),
        lambda days: days.working_days(date(2024, 12, 31), date(2025, 1, 2)),
        lambda days: days.next_closing(at(12, 31, 17)),
        lambda days: days.is_open(date(2025, 1, 1)),
    ],
)
def test_a_year_without_a_notice_is_refused(look: object) -> None:
    with pytest.raises(CalendarMissing) as missing:
        look(CALENDAR)  # type: ignore[operator]  # each is a function
    assert missing.value.year in (2023, 2025)


def test_years_that_do_not_touch_are_counted_apart() -> None:
    calendar = Workdays(frozenset({2022, 2024}), OFF, ON)
    assert calendar.add_days(at(1, 3, 10, year=2022), 1) == at(1, 4, 17, year=2022)
    assert calendar.add_days(at(9, 27, 10), 10) == at(10, 16, 17)
    with pytest.raises(CalendarMissing, match="2023"):
        calendar.add_days(at(12, 30, 10, year=2022), 1)


def test_an_office_keeps_its_own_hours() -> None:
    hours = Hours.from_json([["08:30", "12:00"], ["14:00", "18:00"]])
    calendar = Workdays(frozenset({2024}), OFF, ON, hours)
    assert calendar.add_open_time(at(9, 30, 17, 45), HOUR) == at(10, 8, 9, 15)
    assert calendar.add_days(at(9, 26, 10), 1) == at(9, 27, 18)
    assert hours.day == timedelta(hours=7, minutes=30)
    assert hours.text == "08:30–12:00、14:00–18:00"


def test_a_closed_date_stops_the_hours_and_not_the_days() -> None:
    hours = Hours.from_json({"sessions": ["09:00-12:00", "13:00-17:00"], "closed": ["2024-09-27"]})
    calendar = Workdays(frozenset({2024}), OFF, ON, hours)
    assert calendar.add_open_time(at(9, 26, 16, 45), HOUR) == at(9, 29, 9, 45)
    assert calendar.add_days(at(9, 26, 16, 45), 1) == at(9, 27, 17)
    assert Hours.from_json(hours.as_json()) == hours


@pytest.mark.parametrize("nothing", [None, [], {}, {"closed": []}])
def test_without_hours_of_its_own_an_office_keeps_the_usual_ones(nothing: object) -> None:
    assert Hours.from_json(nothing) == OFFICE_HOURS  # type: ignore[arg-type]  # what a column may hold


@pytest.mark.parametrize("sessions", [(), ((time(9), time(9)),), ((time(13), time(17)), (time(9), time(12)))])
def test_hours_that_make_no_sense_are_refused(sessions: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="opening hours"):
        Hours(sessions)
