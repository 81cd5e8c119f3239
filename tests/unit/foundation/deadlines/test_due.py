"""The command `due`."""

import pytest

from foundation.deadlines.calendars import Calendar
from foundation.deadlines.due import due_line
from foundation.errors import Invalid


@pytest.mark.parametrize(
    ("limit", "text", "due"),
    [
        ("handoff", "2026-09-30T16:45+08:00", "2026-10-08T09:45+08:00"),
        ("handoff", "2026-09-30T16:45", "2026-10-08T09:45+08:00"),
        ("handoff", "2026-09-30T08:45Z", "2026-10-08T09:45+08:00"),
        ("response", "2026-09-30T11:40:30", "2026-09-30T13:40:30+08:00"),
        ("review", "2026-09-18T10:00+08:00", "2026-10-09T17:00+08:00"),
        ("payout", "2026-09-30T10:00", "2026-10-08T17:00+08:00"),
        ("acceptance", "2026-02-14T10:00", "2026-02-24T17:00+08:00"),
        ("publicity", "2026-04-30T10:00", "2026-05-11T17:00+08:00"),
    ],
)
def test_published_limits(calendar: Calendar, limit: str, text: str, due: str) -> None:
    answer = due_line(limit, text, "opening", calendar)
    assert (answer["limit"], answer["from"], answer["due"]) == (limit, text, due)
    assert answer["provisional"] is False
    assert answer["calendar"] == "2026.1"
    assert all("年" in line or "月" in line for line in answer["lines"])


def test_a_year_without_a_notice_is_provisional_and_says_so(calendar: Calendar) -> None:
    answer = due_line("review", "2026-12-25", "opening", calendar)
    assert answer["provisional"] is True
    assert answer["due"] == "2027-01-11T17:00+08:00"
    assert answer["calendar"] == "2026.1+2027.0"
    assert any("2027年的放假安排还没有收录" in line and "暂定" in line for line in answer["lines"])


def test_natural_hours_run_through_night_and_holiday(calendar: Calendar) -> None:
    answer = due_line("handoff", "2026-09-30T16:45", "natural", calendar)
    assert answer["due"] == "2026-09-30T17:45+08:00"
    assert "自然时间" in answer["lines"][-1]
    assert due_line("review", "2026-09-18T10:00", "natural", calendar)["due"] == "2026-10-09T17:00+08:00"


def test_the_total_limit_is_the_items_own(calendar: Calendar) -> None:
    assert due_line("total", "2026-09-30T16:45", "opening", calendar)["due"] is None


@pytest.mark.parametrize(
    ("limit", "text", "hours", "field"),
    [
        ("hand_off", "2026-09-30T16:45", "opening", "limit"),
        ("handoff", "30.9.2026", "opening", "from"),
        ("handoff", "", "opening", "from"),
        ("handoff", "2026-09-31T10:00", "opening", "from"),
        ("handoff", "1999-12-31T10:00", "opening", "from"),
        ("handoff", "0001-01-01T00:00+14:00", "opening", "from"),
        ("handoff", "9999-12-31T23:59-14:00", "opening", "from"),
        ("handoff", "2026-09-30T16:45", "business", "hours"),
    ],
)
def test_bad_input_names_field_and_remedy(
    calendar: Calendar, limit: str, text: str, hours: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        due_line(limit, text, hours, calendar)
    (problem,) = refused.value.problems
    assert problem.field == field
    assert problem.remedy
