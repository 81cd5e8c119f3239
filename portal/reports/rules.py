"""What the public figures count, and over which time. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from foundation.clock import BEIJING
from foundation.deadlines.limits import LIMITS
from foundation.deadlines.rules import IN_DAYS, Limit
from foundation.deadlines.workdays import OFFICE_HOURS
from foundation.errors import Invalid
from foundation.web.filters import duration, full_day, moment, workdays
from portal.window.rules import Act

MINUTE = timedelta(minutes=1)
DEFAULT_DAYS = 30
CHOICES = 12
FIRST_YEAR = 2022  # the scheme's own
_MONTH = re.compile(r"(\d{4})-(\d{2})")

# received → accepted, then the four promises of 方案 二(六); each with the moment from which it runs
PROMISES: Mapping[str, str] = MappingProxyType(
    {
        "acceptance": "收到申请后",
        "handoff": "受理后",
        "response": "收到交办后",
        "review": "收到交办后",
        "payout": "审批后",
    }
)
# the acts that keep a promise; whatever else ends a clock counts only where it came too late
KEPT_BY: Mapping[str, frozenset[Act]] = MappingProxyType(
    {
        "acceptance": frozenset({Act.ACCEPT, Act.ASK_SUPPLEMENT, Act.REFUSE}),
        "handoff": frozenset({Act.HAND_OFF}),
        "response": frozenset({Act.RESPOND, Act.RETURN, Act.APPROVE, Act.QUEUE_FOR_FUNDS, Act.REJECT}),
        "review": frozenset({Act.APPROVE, Act.QUEUE_FOR_FUNDS, Act.REJECT}),
        "payout": frozenset({Act.PAY}),
    }
)
# which acts on the timeline make the totals
ACCEPTED = frozenset({Act.ACCEPT, Act.DEEM_ACCEPTED})
DECIDED = frozenset({Act.APPROVE, Act.QUEUE_FOR_FUNDS, Act.REJECT, Act.LIST})
PAID = frozenset({Act.PAY})


@dataclass(frozen=True, slots=True)
class Period:
    """The time over which is counted: whole days from *since*, up to and without *until*."""

    since: datetime
    until: datetime
    label: str
    # "2026-06" for a month of the calendar, nothing for the last days
    month: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One clock that stopped: whether the act that stopped it kept its promise, and when it was due."""

    limit: str
    holder: str
    kept: bool
    due_at: datetime | None
    stopped_at: datetime
    used: timedelta
    # one working day of whoever held it
    day: timedelta

    @property
    def late(self) -> bool:
        """Whether it stopped after it was due."""
        return self.due_at is not None and self.stopped_at > self.due_at

    @property
    def counts(self) -> bool:
        """A clock that an applicant's withdrawal or a return ended in time says nothing of the promise."""
        return self.kept or self.late


@dataclass(frozen=True, slots=True)
class Figure:
    """What became of one promise in a period; the mean is in the unit of the limit, None without any."""

    limit: Limit
    after: str
    count: int
    on_time: int
    mean: float | None

    @property
    def mean_text(self) -> str:
        """18 分钟, 4 小时 12 分, 5.4 个工作日, 没有数据."""
        if self.mean is None:
            return "没有数据"
        if self.limit.unit not in IN_DAYS:
            return duration(round(self.mean))
        return (
            workdays(self.mean)
            if self.mean >= 1
            else duration(round(self.mean * (OFFICE_HOURS.day / MINUTE)))
        )

    @property
    def unit(self) -> str:
        """What the mean is counted in, for machines."""
        return "workdays" if self.limit.unit in IN_DAYS else "minutes"

    @property
    def bar(self) -> float:
        """How much of the limit the mean fills."""
        return min(round(self.mean or 0, 1), self.limit.amount)

    @property
    def over(self) -> bool:
        """Whether even the mean is longer than the limit."""
        return (self.mean or 0) > self.limit.amount


def period_of(text: str, now: datetime) -> Period:
    """The month that *text* names, or the last 30 days; Invalid where it names none that has begun."""
    now = now.astimezone(BEIJING)
    today = datetime(now.year, now.month, now.day, tzinfo=BEIJING)
    if not text:
        since = today - timedelta(days=DEFAULT_DAYS - 1)
        label = f"近 {DEFAULT_DAYS} 天，{full_day(since)}至{moment(now)}"
        return Period(since, today + timedelta(days=1), label, "", closed=False)
    found = _MONTH.fullmatch(text)
    year, month = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (1 <= month <= 12 and year >= FIRST_YEAR and (year, month) <= (now.year, now.month)):
        raise Invalid.of("month", "没有这个月的数据", "请从列表中选择月份，例如 2026-06")
    since, until = _month(year, month), _month(year + month // 12, month % 12 + 1)
    closed = until <= now
    label = f"{year}年{month}月" if closed else f"{year}年{month}月1日至{moment(now)}"
    return Period(since, until, label, text, closed)


def choices(now: datetime) -> tuple[tuple[str, str], ...]:
    """The months to choose from, the latest first: value and words."""
    now = now.astimezone(BEIJING)
    back = [divmod(now.year * 12 + now.month - 1 - ago, 12) for ago in range(CHOICES)]
    return tuple(
        (f"{year}-{month + 1:02}", f"{year}年{month + 1}月") for year, month in back if year >= FIRST_YEAR
    )


def figure(name: str, runs: Iterable[Run]) -> Figure:
    """The figures of the promise *name* over its *runs*."""
    limit = LIMITS[name]
    counted = [run for run in runs if run.limit == name and run.counts]
    return Figure(
        limit=limit,
        after=PROMISES[name],
        count=len(counted),
        on_time=sum(not run.late for run in counted),
        mean=sum(_spent(limit, run) for run in counted) / len(counted) if counted else None,
    )


def by_holder(name: str, runs: Sequence[Run]) -> list[tuple[str, Figure]]:
    """The promise *name* for each organisation that held its clock, the fastest first."""
    holders = sorted({run.holder for run in runs if run.limit == name and run.counts})
    figures = [(holder, figure(name, [run for run in runs if run.holder == holder])) for holder in holders]
    return sorted(figures, key=lambda each: (each[1].mean or 0, each[0]))


def _spent(limit: Limit, run: Run) -> float:
    return run.used / (run.day if limit.unit in IN_DAYS else MINUTE)


def _month(year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=BEIJING)
