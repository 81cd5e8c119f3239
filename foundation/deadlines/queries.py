"""Reads: the calendar in force, clocks as pages show them, ledgers, who held what, published figures."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from foundation.accounts.models import Organisation
from foundation.deadlines.calendars import Calendar, Library, Notice
from foundation.deadlines.explain import Line, explain
from foundation.deadlines.holding import Holding, Turn, holdings
from foundation.deadlines.limits import LIMITS
from foundation.deadlines.models import CalendarGap, CalendarVersion, Deadline, DeadlineEntry
from foundation.deadlines.rules import Entry, Limit, Reckoning, Unit, reckon
from foundation.deadlines.wording import MINUTE, ClockView, DayCell, clock_view, day_cells
from foundation.deadlines.workdays import Hours

LIBRARY = "deadlines.library"
KEPT = 8
_libraries: OrderedDict[tuple[tuple[Any, ...], ...], Library] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Ledger:
    """One clock of a subject with every step of its reckoning ("时限怎么算的")."""

    limit: Limit
    holder_id: int | None
    holder: str
    reckoning: Reckoning
    hours: Hours
    lines: tuple[Line, ...]

    @property
    def counted(self) -> str:
        """Which hours were used."""
        return _counted(self.limit, self.hours)


@dataclass(frozen=True, slots=True)
class Due:
    """When a clock is due, as papers print it."""

    limit: Limit
    due: datetime | None
    counted: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A holding with the name of its organisation."""

    holder: str
    holding: Holding


@dataclass(frozen=True, slots=True)
class Timing:
    """One limit over a period, as the public page prints it."""

    limit: str
    label: str
    length: str
    count: int
    on_time: int
    mean_minutes: float  # in the time in which the limit counts: opening time, or natural
    open_late: int  # marked as overdue before the end of the period, and still running


@dataclass(frozen=True, slots=True)
class Record:
    """A stored clock with its rule and its ledger."""

    row: Deadline
    limit: Limit
    hours: Hours
    entries: tuple[Entry, ...]

    def reckon(self, known: Library, now: datetime | None = None) -> Reckoning:
        """The fold, by the calendar that the stored due time stands on."""
        return reckon(self.limit, self.entries, known.pinned(self.row.calendar), self.hours, now)


def library(db: Session) -> Library:
    """Every version of every year; read once a transaction, and its days only where they changed."""
    if LIBRARY not in db.info:
        head = select(CalendarVersion.year, CalendarVersion.version, CalendarVersion.digest)
        key = tuple(
            tuple(row) for row in db.execute(head.order_by(CalendarVersion.year, CalendarVersion.version))
        )
        if key not in _libraries:
            rows = db.scalars(select(CalendarVersion).order_by(CalendarVersion.id))
            _libraries[key] = Library([_notice(row) for row in rows])
            while len(_libraries) > KEPT:
                _libraries.popitem(last=False)
        db.info[LIBRARY] = _libraries[key]
    known: Library = db.info[LIBRARY]
    return known


def calendar(db: Session) -> Calendar:
    """The calendar in force: the latest version of every year."""
    return library(db).latest


def gaps(db: Session) -> list[int]:
    """Years that due times already reach though no notice is loaded: the administrator has to import one."""
    query = select(CalendarGap.year).where(CalendarGap.closed_at.is_(None)).order_by(CalendarGap.year)
    return list(db.scalars(query))


def clocks(db: Session, subjects: Iterable[str], now: datetime) -> dict[str, list[ClockView]]:
    """The clocks of each subject, the most urgent first; of a limit that started anew, the last one."""
    views: dict[str, list[ClockView]] = {subject: [] for subject in subjects}
    latest = {
        (found.row.subject, found.limit.name): found for found in records(db, Deadline.subject.in_(views))
    }
    for (subject, _), found in latest.items():
        reckoning = found.reckon(library(db), now)
        view = clock_view(subject, found.limit, reckoning, found.hours, now, found.row.holder_id)
        views[subject].append(view)
    for shown in views.values():
        shown.sort(key=lambda view: (view.most_urgent_key, view.limit))
    return views


def days(db: Session, subject: str, limit: str, now: datetime) -> tuple[DayCell, ...]:
    """The cells of the latest clock *limit* of *subject*, one a counted day; none for a limit in hours."""
    found = records(db, Deadline.subject == subject, Deadline.limit_name == limit)
    if not found:
        return ()
    last, known = found[-1], library(db)
    reckoning = last.reckon(known, now)
    return day_cells(last.limit, reckoning, known.pinned(last.row.calendar), last.hours, now)


def ledger(db: Session, subject: str, now: datetime | None = None) -> list[Ledger]:
    """Every clock that ran on *subject*, in the order of starting, explained line by line."""
    found, known = records(db, Deadline.subject == subject), library(db)
    names = _names(db, found)
    ledgers = []
    for each in found:
        pinned = known.pinned(each.row.calendar)
        reckoning, lines = explain(each.limit, each.entries, pinned, each.hours, now)
        holder = names.get(each.row.holder_id, "")
        ledgers.append(Ledger(each.limit, each.row.holder_id, holder, reckoning, each.hours, lines))
    return ledgers


def dues(db: Session, subjects: Collection[str]) -> dict[str, dict[str, Due]]:
    """The clocks of each subject by the limit's name, as stored; of one that started anew, the last."""
    found: dict[str, dict[str, Due]] = {subject: {} for subject in subjects}
    query = select(Deadline).where(Deadline.subject.in_(subjects))
    for row in db.scalars(query.order_by(Deadline.started_at, Deadline.id)):
        limit, hours = Limit.from_json(row.rule), Hours.from_json(row.hours)
        found[row.subject][limit.name] = Due(limit, row.due_at, _counted(limit, hours), row.provisional)
    return found


def _counted(limit: Limit, hours: Hours) -> str:
    return "按自然时间计" if limit.unit is Unit.NATURAL_MINUTES else f"按办公时间 {hours.text} 计"


def running(db: Session, subject: str) -> frozenset[str]:
    """The names of the limits that run on *subject*, held or not."""
    query = select(Deadline.limit_name).where(Deadline.subject == subject, Deadline.stopped_at.is_(None))
    return frozenset(db.scalars(query))


def held_by(db: Session, subject: str, now: datetime) -> list[Held]:
    """Who had *subject* for how long: window, department, enterprise, finance; the longest first."""
    found = records(db, Deadline.subject == subject)
    names = _names(db, found)
    turns = [
        Turn(each.row.holder_id, each.limit.name, each.row.started_at, each.row.stopped_at) for each in found
    ]
    return [Held(names.get(each.holder_id, ""), each) for each in holdings(turns, now, calendar(db))]


def timings(db: Session, since: datetime, until: datetime) -> list[Timing]:
    """Every limit whose clocks stopped from *since* up to *until*, in the order of the scheme."""
    in_time = or_(Deadline.due_at.is_(None), Deadline.stopped_at <= Deadline.due_at)
    stopped = (
        select(
            Deadline.limit_name, func.count(), func.count().filter(in_time), func.avg(Deadline.used_minutes)
        )
        .where(Deadline.stopped_at >= since, Deadline.stopped_at < until)
        .group_by(Deadline.limit_name)
    )
    late = (
        select(Deadline.limit_name, func.count().label("late"))
        .where(Deadline.stopped_at.is_(None), Deadline.breached_at < until)
        .group_by(Deadline.limit_name)
    )
    figures = {name: (count, on_time, float(mean or 0)) for name, count, on_time, mean in db.execute(stopped)}
    open_late = dict(db.execute(late).all())
    order = {name: rank for rank, name in enumerate(LIMITS)}
    names = sorted(figures.keys() | open_late.keys(), key=lambda name: (order.get(name, len(order)), name))
    return [_timing(name, *figures.get(name, (0, 0, 0.0)), open_late.get(name, 0)) for name in names]


def records(db: Session, *which: ColumnElement[bool]) -> list[Record]:
    """Stored clocks with their ledgers, in the order of starting: one query."""
    query = (
        select(Deadline, DeadlineEntry)
        .join(DeadlineEntry, DeadlineEntry.deadline_id == Deadline.id)
        .where(*which)
        .order_by(Deadline.started_at, Deadline.id, DeadlineEntry.id)
    )
    entries: dict[int, list[Entry]] = defaultdict(list)
    rows: dict[int, Deadline] = {}
    for row, line in db.execute(query):
        rows[row.id] = row
        entries[row.id].append(
            Entry(line.at, line.kind, line.reason, line.basis, line.planned_end, line.note)
        )
    return [
        Record(row, Limit.from_json(row.rule), Hours.from_json(row.hours), tuple(entries[key]))
        for key, row in rows.items()
    ]


def not_held() -> ColumnElement[bool]:
    """Clocks that run, or were held only after they were due."""
    return or_(Deadline.suspended_at.is_(None), Deadline.due_at <= Deadline.suspended_at)


def _notice(row: CalendarVersion) -> Notice:
    off, on = ({date.fromisoformat(day): name for day, name in days.items()} for days in (row.off, row.on))
    return Notice(row.year, row.version, off, on, row.source)


def _names(db: Session, found: Iterable[Record]) -> dict[int | None, str]:
    holders = {each.row.holder_id for each in found} - {None}
    query = select(Organisation.id, Organisation.short_name).where(Organisation.id.in_(holders))
    return dict(db.execute(query).all())


def _timing(name: str, count: int, on_time: int, mean: float, open_late: int) -> Timing:
    limit = LIMITS.get(name)
    label, length = (limit.label, limit.length) if limit else (name, "")
    return Timing(name, label, length, count, on_time, mean, open_late)


def differing_folds(db: Session) -> list[str]:
    """Invariant I7: what is stored beside a ledger is its fold."""
    known = library(db)
    return [
        f"{each.row.subject} {each.limit.name} #{each.row.id}: stored {stored}, fold {fold}"
        for each in records(db)
        if (fold := folded(each, known)) != (stored := _stored(each.row))
    ]


def folded(record: Record, known: Library) -> tuple[object, ...]:
    """What the ledger says should stand in the row."""
    reckoning = record.reckon(known)
    clock = reckoning.clock
    used = reckoning.used // MINUTE if clock.stop else None
    held = (clock.held.since, clock.held.until) if clock.held else (None, None)
    return clock.start, clock.stop, *held, reckoning.due, reckoning.provisional, used


def _stored(row: Deadline) -> tuple[object, ...]:
    held = row.suspended_at, row.hold_until
    return row.started_at, row.stopped_at, *held, row.due_at, row.provisional, row.used_minutes


def twice_running(db: Session) -> list[str]:
    """Invariant: one running clock a subject and limit."""
    query = (
        select(Deadline.subject, Deadline.limit_name, func.count())
        .where(Deadline.stopped_at.is_(None))
        .group_by(Deadline.subject, Deadline.limit_name)
        .having(func.count() > 1)
        .order_by(Deadline.subject, Deadline.limit_name)
    )
    return [f"{subject} {limit}: {count} running" for subject, limit, count in db.execute(query)]


def false_breaches(db: Session) -> list[str]:
    """Invariant: a breach is marked at the due time, and every clock that stopped late is marked."""
    wrong = or_(
        Deadline.breached_at != Deadline.due_at,
        Deadline.breached_at.is_(None) & (Deadline.stopped_at > Deadline.due_at),
        Deadline.breached_at.is_not(None) & (Deadline.stopped_at <= Deadline.due_at),
    )
    query = select(Deadline).where(wrong).order_by(Deadline.id)
    return [
        f"{row.subject} {row.limit_name} #{row.id}: due {row.due_at}, {row.breached_at}"
        for row in db.scalars(query)
    ]


INVARIANTS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("every due time is the fold of its ledger", differing_folds),
    ("one clock a subject and limit", twice_running),
    ("breaches are marked at the due time", false_breaches),
)
