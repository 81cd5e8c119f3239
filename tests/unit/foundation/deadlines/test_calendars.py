"""The calendars that come with the product, against a second source; and a year whose notice is not out."""

from datetime import date, timedelta

import holidays
import pytest
from holidays.calendars.chinese import _ChineseLunisolar as Lunisolar

from foundation.deadlines import statutory
from foundation.deadlines.calendars import Calendar, Library, Notice

# the one day of 23 years on which the two sources differ
DISPUTED = {date(2005, 12, 31)}


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def test_every_year_from_2004_to_2026_is_known(calendar: Calendar) -> None:
    assert set(calendar.notices) >= set(range(2004, 2027))


@pytest.mark.parametrize("year", range(2004, 2027))
def test_two_independent_sources_agree_on_every_day(calendar: Calendar, year: int) -> None:
    other, ours = holidays.country_holidays("CN", years=[year - 1, year, year + 1]), calendar.workdays()
    differing = {day for day in days_of(year) if ours.is_open(day) != other.is_working_day(day)}
    assert differing <= DISPUTED


def test_next_year_is_provisional_until_its_notice_is_imported(calendar: Calendar) -> None:
    missing = max(calendar.notices) + 1
    assert calendar.version(missing) == 0
    assert calendar.label(missing - 1, missing) == f"{missing - 1}.1+{missing}.0"
    assert statutory.knows_lunar(missing), "the lunar holidays of the coming years have to be added"
    guessed = calendar.reaching(missing, missing)
    assert not guessed.is_open(date(missing, 10, 1))
    assert calendar.free(date(missing, 10, 1)) == "国庆节"


@pytest.mark.parametrize("year", statutory.LUNAR)
def test_lunar_holidays_agree_with_a_second_source(year: int) -> None:
    other = (Lunisolar.LUNAR_NEW_YEAR_DATES, Lunisolar.DRAGON_BOAT_DATES, Lunisolar.MID_AUTUMN_DATES)
    assert statutory.LUNAR[year] == tuple(dates[year] for dates in other)


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_published_year_frees_at_least_the_thirteen_statutory_days(calendar: Calendar, year: int) -> None:
    days = statutory.days_off(year)
    assert len(days) == 13
    assert not any(calendar.workdays().is_open(day) for day in days)


def test_beyond_the_lunar_table_only_fixed_days_are_known() -> None:
    assert not statutory.knows_lunar(2060)
    assert [day.isoformat()[5:] for day in statutory.days_off(2060)] == [
        "01-01", "04-04", "05-01", "05-02", "10-01", "10-02", "10-03",
    ]  # fmt: skip


def test_pure_brightness_is_on_the_day_of_the_notices(calendar: Calendar) -> None:
    for year in range(2008, 2027):  # a holiday since 2008
        day = next(day for day, name in statutory.days_off(year).items() if name == "清明")
        assert not calendar.workdays().is_open(day)


def test_days_are_called_by_their_names(calendar: Calendar) -> None:
    assert calendar.free(date(2026, 10, 1)) == "国庆节"
    assert calendar.free(date(2026, 9, 19)) == "周末"
    assert calendar.made_up(date(2026, 9, 20))
    assert not calendar.made_up(date(2027, 9, 19))


def test_a_due_time_can_be_had_again_on_the_version_it_stood_on() -> None:
    first = Notice(2027, 1, {date(2027, 1, 1): "元旦"}, {}, "first")
    second = Notice(2027, 2, {date(2027, 1, 1): "元旦", date(2027, 1, 4): "元旦"}, {}, "second")
    library = Library([first, second])
    assert library.latest.version(2027) == 2
    assert library.pinned("2027.2") is library.latest
    assert library.pinned("2027.1").workdays().is_open(date(2027, 1, 4))
    assert library.pinned("2027.0").version(2027) == 0
