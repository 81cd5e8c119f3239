"""When the acts of a story or a walk happen: counted in opening time, never at night or on a holiday."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from foundation import clock
from foundation.audit import AuditEvent
from foundation.db import Database
from foundation.deadlines import queries as deadlines
from foundation.deadlines.workdays import Workdays

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Moments before or after *start*, in minutes of opening time."""

    workdays: Workdays
    start: datetime

    @classmethod
    def around(cls, database: Database, start: datetime) -> "Timetable":
        """By the calendar of *database*, whole minutes from *start*."""
        start = start.replace(second=0, microsecond=0)
        with database.reading() as db:
            workdays = deadlines.calendar(db).reaching(start.year - 1, start.year + 1)
        return cls(workdays, start)

    @classmethod
    def ending_now(cls, database: Database, length: timedelta) -> "Timetable":
        """A start *length* of opening time ago; later where the record already goes on until then.

        The record's time never runs backwards, so a walk begins after its last line.
        """
        now = cls.around(database, clock.now())
        with database.reading() as db:
            last = db.scalar(select(AuditEvent.recorded_at).order_by(AuditEvent.seq.desc()).limit(1))
        start = now.ago(int(length / MINUTE))
        if last is not None and last > start:
            start = now.workdays.add_open_time(last.replace(second=0, microsecond=0) + MINUTE, MINUTE)
        return cls(now.workdays, start)

    def ago(self, minutes: int) -> datetime:
        """*minutes* of opening time before the start."""
        return self.workdays.take_open_time(self.start, minutes * MINUTE)

    def after(self, minutes: int) -> datetime:
        """*minutes* of opening time after the start."""
        return self.workdays.add_open_time(self.start, minutes * MINUTE)
