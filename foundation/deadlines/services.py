"""What is done to clocks: start, stop, hold, go on. A due time changes by a ledger line, by nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation import clock, outbox
from foundation.deadlines import events, queries
from foundation.deadlines.models import CalendarGap, Deadline, DeadlineEntry
from foundation.deadlines.queries import Record
from foundation.deadlines.rules import Entry, Kind, Limit, Reckoning, alarms, check, reckon
from foundation.deadlines.wording import MINUTE
from foundation.deadlines.workdays import Hours
from foundation.errors import Conflict, NotAllowed
from foundation.web.access import Actor


@dataclass(frozen=True, slots=True)
class Start:
    """A clock to start: the limit of a subject, held by one organisation in whose opening hours it counts."""

    subject: str
    limit: Limit
    at: datetime
    holder_id: int | None
    opening_hours: Any = None


def start(
    db: Session,
    *,
    subject: str,
    limit: Limit,
    at: datetime,
    holder_id: int | None,
    opening_hours: Any = None,
    actor: Actor | None = None,
) -> Reckoning:
    """Start the clock *limit* of *subject*, held by one organisation in whose *opening_hours* it counts."""
    return start_all(db, [Start(subject, limit, at, holder_id, opening_hours)], actor)[0]


def start_all(db: Session, starts: Sequence[Start], actor: Actor | None = None) -> list[Reckoning]:
    """As `start` for each, with one look and one write for all."""
    subjects, names = {each.subject for each in starts}, {each.limit.name for each in starts}
    which = Deadline.subject.in_(subjects), Deadline.limit_name.in_(names), Deadline.stopped_at.is_(None)
    running = {
        (row.subject, row.limit_name) for row in db.scalars(select(Deadline).where(*which).with_for_update())
    }
    for each in starts:
        if (each.subject, each.limit.name) in running:
            raise Conflict(f"{each.limit.label}时限已经在计时。请刷新页面查看。")
    return _write_all(db, [(_fresh(each), Entry(each.at, Kind.START)) for each in starts], actor)


def _fresh(each: Start) -> Record:
    hours = Hours.from_json(each.opening_hours)
    row = Deadline(
        subject=each.subject,
        limit_name=each.limit.name,
        holder_id=each.holder_id,
        rule=each.limit.as_json(),
        hours=hours.as_json(),
        started_at=each.at,
    )
    return Record(row, each.limit, hours, ())


def stop(db: Session, *, subject: str, limit: str, at: datetime, actor: Actor | None = None) -> Reckoning:
    """Stop a clock: the outcome says whether in time, how long it took and by how much it was late."""
    return _add(db, subject, limit, Entry(at, Kind.STOP), actor)


def stop_if_running(
    db: Session, *, subject: str, limit: str, at: datetime, actor: Actor | None = None
) -> Reckoning | None:
    """As `stop`, but nothing where no such clock runs."""
    return (
        stop(db, subject=subject, limit=limit, at=at, actor=actor)
        if limit in queries.running(db, subject)
        else None
    )


def suspend(
    db: Session,
    *,
    subject: str,
    limit: str,
    at: datetime,
    reason: str,
    basis: str,
    planned_end: datetime,
    note: str = "",
    actor: Actor | None = None,
) -> Reckoning:
    """Hold a clock: *reason* is a code of `rules.REASONS`, *basis* the text that allows it."""
    entry = Entry(at, Kind.SUSPEND, reason, basis, planned_end, note)
    return _add(db, subject, limit, entry, actor)


def suspend_if_running(
    db: Session,
    *,
    subject: str,
    limit: str,
    at: datetime,
    reason: str,
    basis: str,
    planned_end: datetime,
    actor: Actor | None = None,
) -> Reckoning | None:
    """As `suspend`, but nothing where no such clock runs, or it is held already."""
    row = _running(db, subject, limit)
    if row is None or row.suspended_at is not None:
        return None
    return suspend(
        db,
        subject=subject,
        limit=limit,
        at=at,
        reason=reason,
        basis=basis,
        planned_end=planned_end,
        actor=actor,
    )


def resume(
    db: Session, *, subject: str, limit: str, at: datetime, note: str = "", actor: Actor | None = None
) -> Reckoning:
    """Let a held clock go on."""
    return _add(db, subject, limit, Entry(at, Kind.RESUME, note=note), actor)


def resume_if_suspended(
    db: Session, *, subject: str, limit: str, at: datetime, actor: Actor | None = None
) -> Reckoning | None:
    """As `resume`, but nothing where no such clock is held."""
    row = _running(db, subject, limit)
    if row is None or row.suspended_at is None:
        return None
    return resume(db, subject=subject, limit=limit, at=at, actor=actor)


def ever_started(db: Session, subject: str, limit: str) -> bool:
    """Whether the clock *limit* runs or ran on *subject*."""
    query = select(Deadline.id).where(Deadline.subject == subject, Deadline.limit_name == limit).limit(1)
    return db.scalar(query) is not None


def recompute(db: Session, year: int) -> int:
    """Reckon every running clock that *year*'s calendar may move; a ledger line where anything changed."""
    zone = clock.BEIJING
    # a notice may also move the last days of the year before
    reaches = Deadline.due_at >= datetime(year - 1, 12, 1, tzinfo=zone)
    begun = Deadline.started_at < datetime(year + 1, 1, 1, tzinfo=zone)
    query = select(Deadline.id).where(Deadline.stopped_at.is_(None), reaches, begun).order_by(Deadline.id)
    keys = db.scalars(query.with_for_update()).all()
    return sum(_move(db, record, year) for record in queries.records(db, Deadline.id.in_(keys)))


def _move(db: Session, record: Record, year: int) -> bool:
    row, before = record.row, (record.row.due_at, record.row.provisional)
    calendar = queries.calendar(db)
    reckoning = reckon(record.limit, record.entries, calendar, record.hours)
    if before == (reckoning.due, reckoning.provisional):
        _keep(db, row, record, reckoning)
        return False
    old, due = before[0] or row.started_at, reckoning.due or row.started_at
    moved = f"到期时间由 {old:%Y-%m-%d %H:%M} 改为 {due:%Y-%m-%d %H:%M}" if old != due else "到期时间不变"
    final = "" if reckoning.provisional else "，不再是暂定"
    note = f"{year}年放假安排更新，重新计算：{moved}{final if before[1] else ''}"
    _write(db, record, Entry(clock.now(), Kind.RECOMPUTE, note=note), None)
    outbox.emit(
        db, events.MOVED, {**payload(row), "old_due": old.isoformat(), "provisional": row.provisional}
    )
    return True


def payload(row: Deadline) -> dict[str, Any]:
    """What every event of a clock says."""
    return {
        "deadline": row.id,
        "subject": row.subject,
        "limit": row.limit_name,
        "due": row.due_at.isoformat() if row.due_at else None,
        "holder": row.holder_id,
    }


def _running(db: Session, subject: str, limit: str) -> Deadline | None:
    query = select(Deadline).where(
        Deadline.subject == subject, Deadline.limit_name == limit, Deadline.stopped_at.is_(None)
    )
    return db.scalar(query.with_for_update())


def _add(db: Session, subject: str, limit: str, entry: Entry, actor: Actor | None) -> Reckoning:
    row = _running(db, subject, limit)
    if row is None:
        raise NotAllowed("这个时限没有在计时。请刷新页面查看现状。")
    (record,) = queries.records(db, Deadline.id == row.id)
    return _write(db, record, entry, actor)


def _write(db: Session, record: Record, entry: Entry, actor: Actor | None) -> Reckoning:
    return _write_all(db, [(record, entry)], actor)[0]


def _write_all(db: Session, lines: Sequence[tuple[Record, Entry]], actor: Actor | None) -> list[Reckoning]:
    """Add one line to each ledger and store its fold beside it; equal ledgers are folded once."""
    folds: dict[tuple[Limit, tuple[Entry, ...], Hours], Reckoning] = {}
    reckonings = []
    for record, entry in lines:
        check(record.entries, entry)
        ledger = record.limit, (*record.entries, entry), record.hours
        if ledger not in folds:
            folds[ledger] = reckon(ledger[0], ledger[1], queries.calendar(db), ledger[2])
        _keep(db, record.row, record, folds[ledger])
        reckonings.append(folds[ledger])
    db.add_all(record.row for record, _ in lines)
    db.flush()
    db.add_all(_line(record.row.id, entry, actor) for record, entry in lines)
    db.flush()
    return reckonings


def _line(deadline_id: int, entry: Entry, actor: Actor | None) -> DeadlineEntry:
    return DeadlineEntry(
        deadline_id=deadline_id,
        at=entry.at,
        recorded_at=clock.now(),
        kind=entry.kind,
        reason=entry.reason,
        basis=entry.basis,
        planned_end=entry.planned_end,
        note=entry.note,
        person_id=actor.person_id if actor else None,
    )


def _keep(db: Session, row: Deadline, record: Record, reckoning: Reckoning) -> None:
    ran = reckoning.clock
    row.stopped_at = ran.stop
    held = (ran.held.since, ran.held.until) if ran.held else (None, None)
    if held != (row.suspended_at, row.hold_until):
        row.hold_told_at = None
    row.suspended_at, row.hold_until = held
    row.due_at, row.provisional, row.calendar = reckoning.due, reckoning.provisional, reckoning.calendar
    row.used_minutes = reckoning.used // MINUTE if ran.stop else None
    if reckoning.due is not None:
        calendar = queries.calendar(db)
        row.warn_at, row.supervise_at = alarms(record.limit, reckoning.due, calendar, record.hours)
        _settle(row, ran.stop or clock.now())
    if reckoning.provisional:
        _notice_gaps(db, reckoning.calendar)


def _settle(row: Deadline, at: datetime) -> None:
    """Bring what was marked into line with a due time that may have moved."""
    if row.due_at is None or row.warn_at is None:
        return
    if row.warn_at > at:
        row.warned_at = None
    late = row.due_at < at
    if row.stopped_at is not None and late:
        row.breached_at = row.due_at
        row.breach_recorded_at = row.breach_recorded_at or clock.now()
    elif row.breached_at is not None:
        row.breached_at = row.due_at if late else None
        row.breach_recorded_at = row.breach_recorded_at if late else None
        row.supervised_at = row.supervised_at if late else None


def _notice_gaps(db: Session, label: str) -> None:
    """Raise the administrator's alarm, once a year of the calendar."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    for year in (int(part.removesuffix(".0")) for part in label.split("+") if part.endswith(".0")):
        fresh = insert(CalendarGap).values(year=year, noticed_at=clock.now()).on_conflict_do_nothing()
        if db.execute(fresh.returning(CalendarGap.year)).scalar() is not None:
            outbox.emit(db, events.CALENDAR_MISSING, {"year": year})
