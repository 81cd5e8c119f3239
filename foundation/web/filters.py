"""How times, durations, money and counts read on a page. Pure; the names are the templates' filters."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import Enum

from foundation.clock import BEIJING
from foundation.money import in_capitals, wan, yuan
from foundation.web.assets import asset
from foundation.web.personal import masked

WEEKDAYS = "一二三四五六日"
_FEN_A_YUAN = 100
_FEN_A_WAN = 10_000 * _FEN_A_YUAN


def word(value: object) -> str:
    """The value of an enum, or the text itself, so that macros take either."""
    return str(value.value if isinstance(value, Enum) else value)


def local(at: datetime) -> datetime:
    """The same instant on Beijing's clocks."""
    return at.astimezone(BEIJING)


def iso(at: datetime | date) -> str:
    """For the datetime attribute of <time>."""
    return local(at).isoformat(timespec="minutes") if isinstance(at, datetime) else at.isoformat()


def weekday(at: datetime | date) -> str:
    """周二."""
    return f"周{WEEKDAYS[_day(at).weekday()]}"


def day(at: datetime | date, now: datetime | None = None) -> str:
    """7月8日（周二）; with *now* also 今天 and 明天（周二）, and the year where it is another one."""
    on = _day(at)
    if now is not None:
        today = _day(now)
        if on == today:
            return "今天"
        if on == today + timedelta(days=1):
            return f"明天（{weekday(on)}）"
    year = f"{on.year}年" if now is not None and on.year != _day(now).year else ""
    return f"{year}{on.month}月{on.day}日（{weekday(on)}）"


def full_day(at: datetime | date) -> str:
    """2025年6月30日: for data, sources and law, where the weekday says nothing."""
    on = _day(at)
    return f"{on.year}年{on.month}月{on.day}日"


def clock_time(at: datetime) -> str:
    """17:00."""
    return f"{local(at):%H:%M}"


def moment(at: datetime, now: datetime | None = None) -> str:
    """7月8日（周二）17:00, 明天（周二）17:00, 今天 17:00."""
    words = day(at, now)
    return f"{words}{' ' if words == '今天' else ''}{clock_time(at)}"


def full_moment(at: datetime) -> str:
    """2025年6月30日（周一）10:26, with the year, for paper."""
    return f"{full_day(at)}（{weekday(at)}）{clock_time(at)}"


def before(at: datetime, now: datetime | None = None) -> str:
    """When something is due: 10:35 前 on the same day, 明天（周二）17:00 前, 7月8日（周二）17:00 前."""
    same_day = now is not None and _day(at) == _day(now)
    return f"{clock_time(at) if same_day else moment(at, now)} 前"


def period(start: date, end: date) -> str:
    """2025年6月1日至30日, naming year and month once where they are the same."""
    if start.year != end.year:
        return f"{full_day(start)}至{full_day(end)}"
    if start.month != end.month:
        return f"{full_day(start)}至{end.month}月{end.day}日"
    return f"{full_day(start)}至{end.day}日"


def duration(minutes: int) -> str:
    """27 分钟, 1 小时, 5 小时 34 分: never seconds, never a fraction."""
    hours, rest = divmod(max(minutes, 0), 60)
    if not hours:
        return f"{rest} 分钟"
    return f"{hours} 小时 {rest} 分" if rest else f"{hours} 小时"


def workdays(days: float) -> str:
    """6 个工作日, 5.4 个工作日 for an average."""
    return f"{_plain(round(days, 1))} 个工作日"


def money(fen: int | None) -> str:
    """An amount as one says it: 6.2 万元, 8,500 元; in yuan where 万元 with two places would not be exact."""
    if fen is None:
        return "待核定"
    if abs(fen) >= _FEN_A_WAN and fen % (_FEN_A_WAN // 100) == 0:
        return f"{wan(fen)} 万元"
    return f"{yuan(fen)} 元"


def echoed(fen: int) -> str:
    """62,000 元（陆万贰仟元整）: before anything is sent."""
    return f"{yuan(fen)} 元（{in_capitals(fen)}）"


def counted(number: int, unit: str = "件") -> str:
    """1,286 件."""
    return f"{number:,} {unit}"


def percent(part: int, whole: int) -> str:
    """98.6%, rounded down so that one late case never reads 100%; 没有数据 where there is none."""
    if not whole:
        return "没有数据"
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}%"


def size(octets: int) -> str:
    """1.2 MB, 26 MB, 340 KB."""
    if octets < 1_000_000:
        return f"{max(octets // 1000, 1)} KB"
    return f"{_plain(round(octets / 1_000_000, 1))} MB"


def page_count(total: int, page_size: int) -> int:
    """How many pages hold *total* rows; one at the least."""
    return max(-(-total // page_size), 1)


def page_window(number: int, pages: int) -> list[int | None]:
    """The page numbers worth a link, None for each gap: first, last, and two either side."""
    shown = sorted({1, pages, *range(max(number - 2, 1), min(number + 2, pages) + 1)})
    window: list[int | None] = []
    for earlier, page in zip([0, *shown], shown, strict=False):
        window += [None, page] if page - earlier > 1 else [page]
    return window


def _day(at: datetime | date) -> date:
    return local(at).date() if isinstance(at, datetime) else at


def _plain(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


FILTERS: dict[str, Callable[..., object]] = {
    each.__name__: each
    for each in (
        asset,
        word,
        iso,
        weekday,
        day,
        full_day,
        clock_time,
        moment,
        full_moment,
        before,
        period,
        duration,
        workdays,
        money,
        yuan,
        wan,
        in_capitals,
        echoed,
        counted,
        percent,
        size,
        page_count,
        page_window,
        masked,
    )
}
