"""How a due time came about, line by line, in words that a firm and an auditor can check. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from foundation.clock import BEIJING
from foundation.deadlines import statutory
from foundation.deadlines.calendars import Calendar
from foundation.deadlines.rules import (
    IN_DAYS,
    REASONS,
    Clock,
    Entry,
    Hold,
    Kind,
    Limit,
    Reckoning,
    Unit,
    reckon,
)
from foundation.deadlines.workdays import DAY, OFFICE_HOURS, Hours
from foundation.web.filters import day as day_text
from foundation.web.filters import duration, full_day, full_moment, moment

COUNTED, MADE_UP, HELD, FREE, EXTRA = "counted", "made up", "held", "free", "extra"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the way to a due time."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day on the way: counted as number *number*, held, free, or beyond the last."""

    day: date
    kind: str
    why: str
    number: int


def explain(
    limit: Limit,
    entries: Sequence[Entry],
    calendar: Calendar,
    hours: Hours = OFFICE_HOURS,
    now: datetime | None = None,
) -> tuple[Reckoning, tuple[Line, ...]]:
    """A ledger folded, and every step of it, oldest first."""
    reckoning = reckon(limit, entries, calendar, hours, now)
    lines = [_start(limit, reckoning.clock), *_entries(entries, reckoning)]
    if reckoning.due is not None:
        lines += _guesses(reckoning, calendar)
        lines += _steps(limit, reckoning, calendar, hours)
        lines.append(_due(limit, reckoning, hours))
    start = reckoning.clock.start
    return reckoning, tuple(sorted(lines, key=lambda line: max(line.at, start)))


def _start(limit: Limit, clock: Clock) -> Line:
    text = f"{full_moment(clock.start)} 开始计时，时限：{limit.length}（{limit.source}）"
    if limit.unit in IN_DAYS:
        text += "；开始的当天不算（民法典第二百零一条）"
    return Line(clock.start, f"{text}。")


def _entries(entries: Sequence[Entry], reckoning: Reckoning) -> Iterator[Line]:
    for entry in entries[1:]:
        at = entry.at.astimezone(BEIJING)
        yield Line(at, f"{full_moment(at)} {_entry(entry, reckoning)}。")


def _entry(entry: Entry, reckoning: Reckoning) -> str:
    match entry.kind:
        case Kind.SUSPEND:
            planned = f"，预计 {moment(entry.planned_end)} 恢复" if entry.planned_end else ""
            return f"暂停计时：{REASONS.get(entry.reason, entry.reason)}；依据：{entry.basis}{planned}"
        case Kind.RESUME:
            return "恢复计时" + (f"：{entry.note}" if entry.note else "")
        case Kind.STOP:
            late = reckoning.due is not None and entry.at > reckoning.due
            return "办结，已超过时限" if late else "办结，在时限内"
        case _:
            return entry.note


def _due(limit: Limit, reckoning: Reckoning, hours: Hours) -> Line:
    due = reckoning.due or reckoning.clock.start
    if limit.unit in IN_DAYS:
        how = f"最后一天到下班时间 {due:%H:%M} 为止（民法典第二百零三条）"
    elif limit.unit is Unit.OPEN_MINUTES:
        how = f"按办公时间 {hours.text} 计"
    else:
        how = "按自然时间连续计，夜间和节假日都算"
    doubt = "暂定" if reckoning.provisional else ""
    return Line(due, f"{full_moment(due)} {doubt}到期，{how}。")


def _guesses(reckoning: Reckoning, calendar: Calendar) -> Iterator[Line]:
    if not reckoning.provisional or reckoning.due is None:
        return
    for year in range(reckoning.clock.start.year, reckoning.due.year + 1):
        if year not in calendar.notices:
            first = max(datetime(year, 1, 1, tzinfo=BEIJING), reckoning.clock.start)
            lunar = "" if statutory.knows_lunar(year) else "春节、端午、中秋的日期也不知道，没有扣除；"
            yield Line(
                first,
                f"{full_day(first)} 起：{year}年的放假安排还没有收录，先按周末和法定节假日推算，调休未计；"
                f"{lunar}到期时间是暂定的，公布后重新计算。",
            )


def _steps(limit: Limit, reckoning: Reckoning, calendar: Calendar, hours: Hours) -> Iterator[Line]:
    if limit.unit in IN_DAYS:
        yield from _days(limit, reckoning, calendar, hours)
    elif limit.unit is Unit.OPEN_MINUTES:
        yield from _minutes(reckoning, calendar, hours)


def _days(limit: Limit, reckoning: Reckoning, calendar: Calendar, hours: Hours) -> Iterator[Line]:
    walked = walk(limit, reckoning, calendar, hours)
    clock_year = reckoning.clock.start.year
    for _, same in groupby(
        walked, key=lambda each: (each.kind, each.why, each.day if each.why == "调休" else 0)
    ):
        group = list(same)
        first, last = group[0], group[-1]
        yield Line(
            _midnight(first.day),
            f"{_dates(clock_year, first.day, last.day, first.why)}：{_meaning(limit, first, last)}。",
        )


def walk(limit: Limit, reckoning: Reckoning, calendar: Calendar, hours: Hours) -> Iterator[Day]:
    """Every day after the start up to the due day of a limit in days."""
    clock, due = reckoning.clock, reckoning.due or reckoning.clock.start
    workdays = calendar.reaching(clock.start.year, due.year, hours)
    made_up = "调休" if limit.unit is Unit.WORKDAYS else ""
    day, number = clock.start.date(), 0
    while day < due.date():
        day += DAY
        hold = _held(clock, day)
        worked = workdays.is_open(day)
        if hold is not None:
            yield Day(day, HELD, hold.reason, number)
        elif number < limit.amount and (worked or limit.unit is Unit.DAYS):
            number += 1
            yield Day(day, COUNTED, made_up if worked and calendar.made_up(day) else "", number)
        elif worked:
            yield Day(day, EXTRA, "", number)
        else:
            yield Day(day, FREE, calendar.free(day), number)


def _held(clock: Clock, day: date) -> Hold | None:
    return next((hold for hold in clock.holds if hold.since.date() < day <= hold.until.date()), None)


def _meaning(limit: Limit, first: Day, last: Day) -> str:
    unit = "个工作日" if limit.unit is Unit.WORKDAYS else "天"
    match first.kind:
        case "counted":
            numbers = f"第 {first.number}" + (f" 至第 {last.number}" if last.number > first.number else "")
            return f"{numbers} {unit}"
        case "held":
            return f"暂停计时（{REASONS.get(first.why, first.why)}），不计"
        case "extra":
            return "时限已数满，顺延到这一天"
        case _:
            free = first.why if first.why == "周末" else f"{first.why}放假"
            return f"{free}，{'最后一天顺延' if limit.unit is Unit.DAYS else '不计'}"


def _minutes(reckoning: Reckoning, calendar: Calendar, hours: Hours) -> Iterator[Line]:
    clock, due = reckoning.clock, reckoning.due or reckoning.clock.start
    workdays = calendar.reaching(clock.start.year, due.year, hours)
    passed = timedelta()
    idle: list[date] = []
    day = clock.start.date()
    while day <= due.date():
        if not workdays.is_open(day) or day in hours.closed:
            idle.append(day)
        else:
            yield from _idle(clock.start.year, idle, calendar)
            idle = []
            for begin, end in _pieces(clock, due, day, hours):
                passed += end - begin
                yield Line(begin, _piece(clock.start.year, begin, end, passed))
        day += DAY


def _piece(year: int, begin: datetime, end: datetime, passed: timedelta) -> str:
    ran, total = (duration(int(span / MINUTE)) for span in (end - begin, passed))
    return f"{_date(year, begin.date())}{begin:%H:%M}–{end:%H:%M}：计 {ran}，累计 {total}。"


def _idle(year: int, days: Sequence[date], calendar: Calendar) -> Iterator[Line]:
    def why(day: date) -> str:
        worked = calendar.made_up(day) or (day.weekday() < 5 and calendar.free(day) == "周末")
        return "本单位不办公" if worked else calendar.free(day)

    for reason, same in groupby(days, key=why):
        group = list(same)
        free = reason if reason in ("周末", "本单位不办公") else f"{reason}放假"
        yield Line(_midnight(group[0]), f"{_dates(year, group[0], group[-1])}：{free}，不计。")


def _pieces(clock: Clock, due: datetime, day: date, hours: Hours) -> Iterator[tuple[datetime, datetime]]:
    """The times of *day* that count: opening hours after the start, until due, outside every hold."""
    for opens, closes in hours.sessions:
        begin = max(datetime.combine(day, opens, BEIJING), clock.start)
        end = min(datetime.combine(day, closes, BEIJING), due)
        for hold in clock.holds:
            if begin < hold.since < end:
                yield begin, hold.since
            if hold.since < end and hold.until > begin:
                begin = hold.until
        if begin < end:
            yield begin, end


def _dates(year: int, first: date, last: date, why: str = "") -> str:
    made_up = "，调休上班" if why == "调休" else ""
    dates = _date(year, first).replace("）", f"{made_up}）")
    return dates if first == last else f"{dates}至{_date(first.year, last)}"


def _date(year: int, day: date) -> str:
    """A date, with its year where that is not *year*."""
    return f"{day.year}年{day_text(day)}" if day.year != year else day_text(day)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)
