"""How a clock reads on a page: what is left, the hour it falls due, and the bar in words. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from foundation.clock import BEIJING
from foundation.deadlines.calendars import Calendar
from foundation.deadlines.explain import COUNTED, walk
from foundation.deadlines.rules import IN_DAYS, IN_OPEN_TIME, REASONS, Limit, Reckoning, State, Unit
from foundation.deadlines.workdays import DAY, Hours
from foundation.web.filters import before, duration, moment, weekday

MINUTE = timedelta(minutes=1)
FINISHED = frozenset({State.DONE, State.DONE_LATE})


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock bar (look: "Clock bar"), all text made on the server."""

    subject: str
    limit: str
    limit_label: str
    state: State
    left: str
    due: str
    value: float
    max: float
    aria: str
    due_at: datetime | None
    provisional: bool
    holder_id: int | None
    most_urgent_key: tuple[int, float]


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of a limit in days: "6/25", "周三", and used, today, last or nothing."""

    label: str
    word: str
    state: str


def clock_view(
    subject: str,
    limit: Limit,
    reckoning: Reckoning,
    hours: Hours,
    now: datetime,
    holder_id: int | None = None,
) -> ClockView:
    """The clock bar of one reckoning made at *now*."""
    value, most = _bar(limit, reckoning, hours)
    return ClockView(
        subject=subject,
        limit=limit.name,
        limit_label=limit.label,
        state=_shown(reckoning),
        left=_left(limit, reckoning, hours),
        due=_due(limit, reckoning, hours, now),
        value=value,
        max=most,
        aria=_aria(limit, reckoning, hours),
        due_at=reckoning.due,
        provisional=reckoning.provisional,
        holder_id=holder_id,
        most_urgent_key=_urgency(reckoning),
    )


def most_urgent(views: Iterable[ClockView]) -> ClockView | None:
    """The clock that decides where its case stands on a desk."""
    return min(views, key=lambda view: view.most_urgent_key, default=None)


def day_cells(
    limit: Limit, reckoning: Reckoning, calendar: Calendar, hours: Hours, now: datetime
) -> tuple[DayCell, ...]:
    """The counted days of a limit in days, one cell each; none for a limit in hours."""
    if limit.unit not in IN_DAYS or reckoning.due is None:
        return ()
    today = (reckoning.clock.stop or now).astimezone(BEIJING).date()
    cells = [
        DayCell(f"{each.day.month}/{each.day.day}", weekday(each.day), "used" if each.day < today else "")
        if each.day != today
        else DayCell(f"{each.day.month}/{each.day.day}", "今天", "today")
        for each in walk(limit, reckoning, calendar, hours)
        if each.kind == COUNTED
    ]
    if cells and not cells[-1].state:
        cells[-1] = replace(cells[-1], state="last")
    return tuple(cells)


def amount(limit: Limit, span: timedelta, hours: Hours) -> str:
    """27 分钟, 5 小时 34 分, 6 个工作日; days of a limit in plain days or natural hours are 天."""
    day, unit = (hours.day, "个工作日") if limit.unit in IN_OPEN_TIME else (DAY, "天")
    if span >= day:
        return f"{span // day} {unit}"
    return duration(span // MINUTE) if span >= MINUTE else "不到 1 分钟"


def _shown(reckoning: Reckoning) -> State:
    return State.PROV if reckoning.provisional and reckoning.state is State.RUN else reckoning.state


def _left(limit: Limit, reckoning: Reckoning, hours: Hours) -> str:
    match reckoning.state:
        case State.OVER:
            return _say("已逾期", amount(limit, reckoning.late, hours))
        case State.HOLD:
            held = reckoning.clock.held
            return f"暂停计时：{REASONS.get(held.reason, held.reason)}" if held else "暂停计时"
        case State.DONE:
            return _say("按时，用时", amount(limit, reckoning.used, hours)) if reckoning.due else "已办结"
        case State.DONE_LATE:
            return _say("已办结，超时", amount(limit, reckoning.late, hours))
    if reckoning.due is None:
        return limit.length
    doubt = "暂定" if reckoning.provisional else ""
    return _say(f"{doubt}还剩", _remaining(limit, reckoning, hours))


def _say(words: str, span: str) -> str:
    """还剩 9 分钟, but 还剩不到 1 分钟: a space stands only beside a figure."""
    return f"{words} {span}" if span[0].isdigit() else f"{words}{span}"


def _remaining(limit: Limit, reckoning: Reckoning, hours: Hours) -> str:
    # before the first counted day opens, the rest of the starting day is no part of the limit
    return amount(limit, min(reckoning.left, limit.total(hours)), hours)


def _due(limit: Limit, reckoning: Reckoning, hours: Hours, now: datetime) -> str:
    due, held = reckoning.due, reckoning.clock.held
    if reckoning.state in FINISHED:
        return f"时限 {limit.length}" if due else ""
    if due is None:
        return ""
    if reckoning.state is State.HOLD and held:
        if held.reason == "supplement":
            # it ends with what comes in, on no day that anybody planned
            return f"材料补齐后接着算，{_say('还剩', _remaining(limit, reckoning, hours))}"
        if held.until < now:
            return f"原定 {_day(held.until)}恢复，已过。请恢复计时，或者说明原因"
        return f"预计 {_day(held.until)}恢复，{_say('还剩', _remaining(limit, reckoning, hours))}"
    when = before(due, now) if limit.unit not in IN_DAYS else f"{moment(due, now)} 前"
    if reckoning.state is State.OVER:
        return f"应于 {when}{limit.verb}"
    return f"{'暂定 ' if reckoning.provisional else ''}{when}{limit.verb}"


def _day(at: datetime) -> str:
    return f"{at.month}月{at.day}日"


def _bar(limit: Limit, reckoning: Reckoning, hours: Hours) -> tuple[float, float]:
    if reckoning.state is State.OVER or reckoning.due is None:
        return (1, 1) if reckoning.state is State.OVER else (0, 1)
    total = limit.total(hours)
    used = min(max(_used(limit, reckoning, hours), timedelta()), total)
    if limit.unit in IN_DAYS and limit.amount > 1:
        return round(used / (total / limit.amount), 1), limit.amount
    return used // MINUTE, total // MINUTE


def _used(limit: Limit, reckoning: Reckoning, hours: Hours) -> timedelta:
    return reckoning.used if reckoning.state in FINISHED else limit.total(hours) - reckoning.left


def _aria(limit: Limit, reckoning: Reckoning, hours: Hours) -> str:
    name = f"{limit.label}时限"
    if limit.unit is Unit.NONE or reckoning.due is None:
        return f"{limit.label}没有规定时限"
    if reckoning.state is State.OVER:
        return f"{name}已用完"
    used = min(max(_used(limit, reckoning, hours), timedelta()), limit.total(hours))
    more = "，暂停中" if reckoning.state is State.HOLD else ""
    more = "，到期时间暂定" if not more and reckoning.provisional else more
    return f"{name} {limit.length}，{_say('已用', _spent(limit, used, hours))}{more}"


def _spent(limit: Limit, used: timedelta, hours: Hours) -> str:
    if limit.unit in IN_DAYS and limit.amount > 1 and used < limit.total(hours) / limit.amount:
        return "不到 1 " + ("个工作日" if limit.unit is Unit.WORKDAYS else "天")
    return amount(limit, used, hours)


def _urgency(reckoning: Reckoning) -> tuple[int, float]:
    if reckoning.state in FINISHED:
        return 3, -(reckoning.clock.stop or reckoning.clock.start).timestamp()
    if reckoning.due is None:
        return 2, reckoning.clock.start.timestamp()
    return (1 if reckoning.state is State.HOLD else 0), reckoning.due.timestamp()
