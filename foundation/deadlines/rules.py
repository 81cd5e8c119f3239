"""A legal time limit, whoever it binds: what it is, what may happen to it, where its clock stands. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from foundation.clock import BEIJING
from foundation.deadlines.calendars import Calendar
from foundation.deadlines.workdays import DAY, OFFICE_HOURS, CalendarMissing, Hours, Workdays
from foundation.errors import NotAllowed
from foundation.web.filters import duration

T = TypeVar("T")
NEAR = 4  # warn when a quarter of the time is left


class Unit(StrEnum):
    """What a limit is counted in."""

    OPEN_MINUTES = "open_minutes"
    NATURAL_MINUTES = "natural_minutes"
    WORKDAYS = "workdays"
    DAYS = "days"
    NONE = "none"


class Kind(StrEnum):
    """What may be written into the ledger of a clock."""

    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    STOP = "stop"
    RECOMPUTE = "recompute"


class State(StrEnum):
    """Where a clock stands; a desk shows `prov` where a running one rests on a year without a notice."""

    RUN = "run"
    NEAR = "near"
    OVER = "over"
    HOLD = "hold"
    DONE = "done"
    DONE_LATE = "done_late"
    PROV = "prov"


# why a clock may stand still, by code: 行政许可法 45, and what guides exclude; others stand as written
REASONS = {
    "supplement": "补正材料",
    "expert_review": "专家评审",
    "publicity": "公示",
    "hearing": "听证",
    "inspection": "检验、检测、检疫",
    "appraisal": "鉴定",
    "tender": "招标、拍卖",
    "outage": "不可抗力或系统故障",
}
IN_DAYS = frozenset({Unit.WORKDAYS, Unit.DAYS})
IN_OPEN_TIME = frozenset({Unit.WORKDAYS, Unit.OPEN_MINUTES})


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take, and which text says so."""

    name: str
    label: str  # 审核
    verb: str  # 审结, as in "17:00 前审结"
    unit: Unit
    amount: int
    source: str

    def __post_init__(self) -> None:
        if (self.amount < 1) is not (self.unit is Unit.NONE):
            raise ValueError(f"limit {self.name}: {self.amount} {self.unit}")

    @property
    def length(self) -> str:
        """1 小时, 10 个工作日."""
        match self.unit:
            case Unit.WORKDAYS:
                return f"{self.amount} 个工作日"
            case Unit.DAYS:
                return f"{self.amount} 天"
            case Unit.NONE:
                return "没有规定时限"
            case _:
                return duration(self.amount)

    def due(self, start: datetime, workdays: Workdays) -> datetime | None:
        """The instant by which it must be stopped if nothing interrupts it; None where there is no limit."""
        if self.unit is Unit.WORKDAYS:
            return workdays.add_days(start, self.amount)
        return None if self.unit is Unit.NONE else _due(self, Clock(start), workdays)

    def total(self, hours: Hours) -> timedelta:
        """The whole length, in the time in which it is counted."""
        if self.unit in IN_DAYS:
            return self.amount * (hours.day if self.unit is Unit.WORKDAYS else DAY)
        return timedelta(minutes=self.amount)

    def naturally(self) -> "Limit":
        """The same limit where the profile counts natural hours."""
        return replace(self, unit=Unit.NATURAL_MINUTES) if self.unit is Unit.OPEN_MINUTES else self

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        fields = ("name", "label", "verb", "unit", "amount", "source")
        return {field: getattr(self, field) for field in fields}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Limit":
        """The limit as it was when its clock started."""
        return cls(**{**data, "unit": Unit(data["unit"])})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ledger; lines are only ever added."""

    at: datetime
    kind: Kind
    reason: str = ""
    basis: str = ""
    planned_end: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A time during which a clock did not run; *until* is the planned end while it is *pending*."""

    since: datetime
    until: datetime
    reason: str = ""
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A ledger read as intervals."""

    start: datetime
    holds: tuple[Hold, ...] = ()
    stop: datetime | None = None

    @property
    def held(self) -> Hold | None:
        """The hold that is not over."""
        return self.holds[-1] if self.holds and self.holds[-1].pending else None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A ledger folded: when it is due, and how it stands at the moment that was asked for."""

    due: datetime | None
    provisional: bool
    calendar: str
    used: timedelta
    left: timedelta
    late: timedelta
    state: State
    clock: Clock


def check(entries: Sequence[Entry], new: Entry) -> None:
    """Refuse a line that the ledger cannot take."""
    moves = [entry for entry in entries if entry.kind is not Kind.RECOMPUTE]
    last = moves[-1] if moves else None
    if (last.kind if last else None, new.kind) not in FOLLOWS:
        raise NotAllowed(REFUSALS[new.kind])
    if last and new.at < last.at:
        raise NotAllowed("时间早于这个时限的上一步。请核对发生的时间后再办。")
    if new.kind is Kind.SUSPEND:
        _check_suspension(new)


FOLLOWS = frozenset(
    {(None, Kind.START), (Kind.START, Kind.SUSPEND), (Kind.START, Kind.STOP), (Kind.SUSPEND, Kind.RESUME)}
    | {(Kind.SUSPEND, Kind.STOP), (Kind.RESUME, Kind.SUSPEND), (Kind.RESUME, Kind.STOP)}
    | {(last, Kind.RECOMPUTE) for last in (Kind.START, Kind.SUSPEND, Kind.RESUME)}
)
REFUSALS = {
    Kind.START: "这个时限已经在计时。请刷新页面查看。",
    Kind.SUSPEND: "这个时限没有在计时，不能暂停。请刷新页面查看现状。",
    Kind.RESUME: "这个时限没有暂停，不用恢复。请刷新页面查看现状。",
    Kind.STOP: "这个时限没有在计时。请刷新页面查看现状。",
    Kind.RECOMPUTE: "这个时限已经办结，不再重算。",
}


def _check_suspension(new: Entry) -> None:
    # 行政许可法 45 and the design: reason, legal basis, start and planned end, told in writing
    if not (new.reason and new.basis):
        raise NotAllowed("暂停计时要写明原因和依据。请补上后再办。")
    if new.planned_end is None or new.planned_end < new.at:
        raise NotAllowed("暂停计时要写明预计恢复的时间，并且晚于暂停的时间。请改正后再办。")


def read(entries: Sequence[Entry]) -> Clock:
    """The intervals of a ledger that `check` let grow."""
    clock = Clock(entries[0].at.astimezone(BEIJING))
    for entry in entries[1:]:
        at = entry.at.astimezone(BEIJING)
        if entry.kind is Kind.SUSPEND:
            end = (entry.planned_end or at).astimezone(BEIJING)
            clock = replace(clock, holds=(*clock.holds, Hold(at, end, entry.reason, pending=True)))
        elif entry.kind is not Kind.RECOMPUTE:
            clock = _end_hold(clock, at)
            clock = replace(clock, stop=at) if entry.kind is Kind.STOP else clock
    return clock


def _end_hold(clock: Clock, at: datetime) -> Clock:
    if clock.held is None:
        return clock
    return replace(clock, holds=(*clock.holds[:-1], replace(clock.held, until=at, pending=False)))


def reckon(
    limit: Limit,
    entries: Sequence[Entry],
    calendar: Calendar,
    hours: Hours = OFFICE_HOURS,
    now: datetime | None = None,
) -> Reckoning:
    """Fold a ledger: a due time is a function of it, the rule and the calendar, and of nothing else."""
    clock = read(entries)
    due, guessed = with_years(calendar, hours, lambda workdays: _due(limit, clock, workdays))
    at = clock.stop or (now or entries[-1].at).astimezone(BEIJING)
    last = (due or clock.start).year
    workdays = calendar.reaching(clock.start.year, max(last, at.year), hours)
    used = _used(limit, clock, at, workdays)
    left = _left(limit, clock, due, at, workdays)
    late = _span(limit, due, at, workdays) if due else timedelta()
    return Reckoning(
        due=due,
        provisional=any(year <= last for year in guessed),
        calendar=calendar.label(clock.start.year, last),
        used=used,
        left=left,
        late=late,
        state=_state(clock, due, at, near=left * NEAR <= limit.total(hours)),
        clock=clock,
    )


def with_years(calendar: Calendar, hours: Hours, work: Callable[[Workdays], T]) -> tuple[T, frozenset[int]]:
    """What *work* makes of the published working days, and the years that had to be guessed for it."""
    guessed: frozenset[int] = frozenset()
    while True:
        try:
            return work(calendar.workdays(hours, guessed)), guessed
        except CalendarMissing as missing:
            guessed |= {missing.year}


def alarms(limit: Limit, due: datetime, calendar: Calendar, hours: Hours) -> tuple[datetime, datetime]:
    """When to warn (a quarter is left) and when to supervise (one working day after the due time)."""
    quarter = limit.total(hours) / NEAR

    def look(workdays: Workdays) -> tuple[datetime, datetime]:
        warn = workdays.take_open_time(due, quarter) if limit.unit in IN_OPEN_TIME else due - quarter
        return warn, workdays.add_days(due, 1)

    return with_years(calendar, hours, look)[0]


def _due(limit: Limit, clock: Clock, workdays: Workdays) -> datetime | None:
    if limit.unit is Unit.NONE:
        return None
    if limit.unit in IN_DAYS:
        return _due_in_days(limit, clock, workdays)
    left = timedelta(minutes=limit.amount)
    begin = clock.start
    for hold in clock.holds:
        # cut to the minute, in favour of nobody: both ends lose their seconds
        since = max(begin, hold.since.replace(second=0, microsecond=0))
        ran = _span(limit, begin, since, workdays)
        if ran >= left:
            break
        left -= ran
        begin = max(since, hold.until.replace(second=0, microsecond=0))
    return workdays.add_open_time(begin, left) if limit.unit is Unit.OPEN_MINUTES else begin + left


def _due_in_days(limit: Limit, clock: Clock, workdays: Workdays) -> datetime | None:
    left, after = limit.amount, clock.start.date()
    for hold in clock.holds:
        due = _reach(limit, after, left, workdays)
        if due <= hold.since:
            return due
        # the day on which the hold starts counts as run, the day on which it ends does not
        left = max(0, left - _count(limit, after, hold.since.date(), workdays))
        after = max(after, hold.until.date())
        if not left:  # held on its last day: that day's closing has passed, the next one ends it
            return workdays.next_closing(hold.until)
    return _reach(limit, after, left, workdays)


def _reach(limit: Limit, after: date, days: int, workdays: Workdays) -> datetime:
    midnight = datetime.combine(after, time(), BEIJING)
    if limit.unit is Unit.WORKDAYS:
        return workdays.add_days(midnight, days)
    # 民法典 203: a last day that is a holiday is followed by the first one that is not
    return workdays.next_closing(midnight + days * DAY)


def _count(limit: Limit, after: date, until: date, workdays: Workdays) -> int:
    if limit.unit is Unit.WORKDAYS:
        return workdays.working_days(after, until)
    return max(0, (until - after).days)


def _span(limit: Limit, since: datetime, until: datetime, workdays: Workdays) -> timedelta:
    if limit.unit in IN_OPEN_TIME:
        return workdays.open_time(since, until)
    return max(until - since, timedelta())


def _used(limit: Limit, clock: Clock, at: datetime, workdays: Workdays) -> timedelta:
    used, begin = timedelta(), clock.start
    for hold in clock.holds:
        used += _span(limit, begin, min(hold.since, at), workdays)
        begin = at if hold.pending else hold.until
    return used + _span(limit, begin, at, workdays)


def _left(limit: Limit, clock: Clock, due: datetime | None, at: datetime, workdays: Workdays) -> timedelta:
    if due is None:
        return timedelta()
    if clock.held is None:
        return _span(limit, at, due, workdays)
    total = limit.total(workdays.hours)
    if limit.unit in IN_DAYS:
        return _days_left(limit, clock, workdays) * (total / limit.amount)
    return max(timedelta(), total - _used(limit, clock, at, workdays))


def _days_left(limit: Limit, clock: Clock, workdays: Workdays) -> int:
    """The days still to count when the last hold of *clock* ends."""
    left, after = limit.amount, clock.start.date()
    for hold in clock.holds:
        left -= _count(limit, after, hold.since.date(), workdays)
        after = max(after, hold.until.date())
    return max(0, left)


def _state(clock: Clock, due: datetime | None, at: datetime, near: bool) -> State:
    if clock.stop is not None:
        return State.DONE_LATE if due and due < clock.stop else State.DONE
    if clock.held is not None and (due is None or due > clock.held.since):
        return State.HOLD
    if due is None:
        return State.RUN
    if due < at:
        return State.OVER
    return State.NEAR if near else State.RUN
