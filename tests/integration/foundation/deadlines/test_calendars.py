"""Calendars in the database: what a new one knows, a missing year, and a notice that comes later."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from foundation import audit
from foundation.clock import BEIJING
from foundation.db import Database
from foundation.deadlines import queries, services, statutory
from foundation.deadlines.due import due_line
from foundation.deadlines.importing import import_calendar
from foundation.deadlines.limits import LIMITS
from foundation.deadlines.models import CalendarVersion, Deadline
from foundation.deadlines.reference import ensure_calendars
from foundation.errors import Invalid
from foundation.outbox import Outbox
from tests.conftest import Clock

CASE = "case:GY-2026-0002"
STATUTORY = {day.isoformat(): name for day, name in statutory.days_off(2027).items()}
NOTICE: dict[str, Any] = {
    "year": 2027,
    "source": "国务院办公厅关于2027年部分节假日安排的通知",
    "off": {**STATUTORY, "2027-01-04": "元旦"},
    "on": {"2027-01-09": "元旦"},
}


def at(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=BEIJING)


def start(database: Database, moment: datetime, subject: str = CASE) -> None:
    with database.writing() as db:
        services.start(db, subject=subject, limit=LIMITS["review"], at=moment, holder_id=None)


def due(database: Database, subject: str = CASE) -> tuple[datetime | None, bool, str]:
    with database.reading() as db:
        row = db.scalars(select(Deadline).where(Deadline.subject == subject)).one()
        return row.due_at, row.provisional, row.calendar


def topics(database: Database) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(Outbox.topic).order_by(Outbox.id)))


def test_a_new_database_knows_every_published_year_with_its_source(database: Database) -> None:
    with database.writing() as db:
        ensure_calendars(db)  # again: nothing is added
        rows = db.scalars(select(CalendarVersion).order_by(CalendarVersion.year)).all()
        assert {row.year for row in rows} >= set(range(2004, 2027))
        assert {row.version for row in rows} == {1}
        assert all("通知" in row.source for row in rows)
        answer = due_line("review", "2026-09-18T10:00", "opening", queries.calendar(db))
        assert answer["due"] == "2026-10-09T17:00+08:00"


def test_a_due_time_in_a_year_without_notice_raises_one_alarm(database: Database, clock: Clock) -> None:
    clock.set(at(2026, 12, 25))
    start(database, clock())
    start(database, clock(), "case:other")
    assert due(database) == (at(2027, 1, 11, 17), True, "2026.1+2027.0")
    assert topics(database) == ["deadlines.calendar_missing"]
    with database.reading() as db:
        assert queries.gaps(db) == [2027]
        assert queries.clocks(db, [CASE], at(2026, 12, 28))[CASE][0].due.startswith("暂定 ")


def test_the_notice_reckons_anew_with_a_line_in_the_ledger(database: Database, clock: Clock) -> None:
    clock.set(at(2026, 12, 25))
    start(database, clock())
    start(database, at(2026, 12, 1), "case:early")
    with database.writing() as db:
        services.start(db, subject="case:done", limit=LIMITS["review"], at=clock(), holder_id=None)
        services.stop(db, subject="case:done", limit="review", at=clock())
    clock.set(at(2026, 12, 28))
    with database.writing() as db:
        imported = import_calendar(db, None, NOTICE)
    assert (imported.versions, imported.moved) == (("2027.1",), 1)
    # 28-31 December; 5, 6, 7, 8, 9 (made up) and 11 January
    assert due(database) == (at(2027, 1, 11, 17), False, "2026.1+2027.1")
    assert due(database, "case:early")[2] == "2026.1"
    assert due(database, "case:done") == (at(2027, 1, 11, 17), True, "2026.1+2027.0")
    with database.reading() as db:
        (ledger,) = queries.ledger(db, CASE)
        assert any(
            "2027年放假安排更新，重新计算：到期时间不变，不再是暂定" in line.text for line in ledger.lines
        )
        assert queries.gaps(db) == []
        assert audit.timeline(db, "calendar:2027")[0].act == "import_calendar"
        assert all(rows(db) == [] for _, rows in queries.INVARIANTS)
    assert topics(database)[-1] == "deadlines.moved"


def test_a_correction_moves_the_due_time_and_says_from_when_to_when(database: Database, clock: Clock) -> None:
    clock.set(at(2026, 9, 18))
    start(database, clock())
    off, on = _known(database, 2026)
    notice = {"year": 2026, "source": "更正", "off": off | {"2026-09-30": "台风"}, "on": on}
    with database.writing() as db:
        imported = import_calendar(db, None, notice)
    assert imported.versions == ("2026.2",)
    assert due(database) == (at(2026, 10, 10, 17), False, "2026.2")
    with database.reading() as db:
        (ledger,) = queries.ledger(db, CASE)
        assert any("由 2026-10-09 17:00 改为 2026-10-10 17:00" in line.text for line in ledger.lines)


def test_a_notice_may_change_the_last_days_of_the_year_before(database: Database, clock: Clock) -> None:
    clock.set(at(2026, 12, 17))
    start(database, clock())
    notice = {**NOTICE, "off": {**NOTICE["off"], "2026-12-31": "元旦"}, "on": {"2026-12-26": "元旦"}}
    with database.writing() as db:
        imported = import_calendar(db, None, notice)
    assert imported.versions == ("2027.1", "2026.2")
    assert due(database) == (at(2026, 12, 30, 17), False, "2026.2")


def test_the_same_notice_again_changes_nothing(database: Database) -> None:
    for versions in (("2027.1",), ()):
        with database.writing() as db:
            assert import_calendar(db, None, NOTICE).versions == versions
    with database.reading() as db:
        assert db.scalar(select(func.count()).where(CalendarVersion.year == 2027)) == 1


def test_a_bad_notice_and_one_without_its_year_before_leave_nothing(database: Database) -> None:
    with pytest.raises(Invalid), database.writing() as db:
        import_calendar(db, None, {**NOTICE, "off": {}})
    later = {day.isoformat(): name for day, name in statutory.days_off(2029).items()}
    lonely = {"year": 2029, "source": "通知", "off": {**later, "2028-12-31": "元旦"}}
    with pytest.raises(Invalid, match="2028"), database.writing() as db:
        import_calendar(db, None, lonely)
    with database.reading() as db:
        assert db.scalar(select(func.max(CalendarVersion.year))) == 2026


def test_another_session_sees_the_new_version_at_once(database: Database) -> None:
    with database.reading() as db:
        assert queries.calendar(db).version(2027) == 0
    with database.writing() as db:
        import_calendar(db, None, NOTICE)
        assert queries.calendar(db).version(2027) == 1
    with database.reading() as db:
        assert queries.calendar(db).version(2027) == 1


def _known(database: Database, year: int) -> tuple[dict[str, str], dict[str, str]]:
    with database.reading() as db:
        row = db.scalars(select(CalendarVersion).where(CalendarVersion.year == year)).one()
        return row.off, row.on
