"""How a clock reads: what is left, the hour it falls due, the bar in words (look: "Clock bar")."""

from datetime import datetime

import pytest

from foundation.clock import BEIJING
from foundation.deadlines.calendars import Calendar
from foundation.deadlines.limits import LIMITS
from foundation.deadlines.rules import Entry, Kind, Limit, State, Unit, reckon
from foundation.deadlines.wording import ClockView, DayCell, clock_view, day_cells, most_urgent
from foundation.deadlines.workdays import OFFICE_HOURS

HANDOFF, REVIEW, PAYOUT, TOTAL = (LIMITS[name] for name in ("handoff", "review", "payout", "total"))
NINETY_DAYS = Limit("total", "全程", "办结", Unit.DAYS, 90, "申报指南")


def at(month: int, day: int, hour: int = 10, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BEIJING)


def view(calendar: Calendar, limit: Limit, now: datetime, start: datetime, *more: Entry) -> ClockView:
    reckoning = reckon(limit, [Entry(start, Kind.START), *more], calendar, now=now)
    return clock_view("case:1", limit, reckoning, OFFICE_HOURS, now)


def held(moment: datetime, planned: datetime, reason: str = "expert_review") -> Entry:
    return Entry(moment, Kind.SUSPEND, reason, "行政许可法第四十五条", planned)


def stopped(moment: datetime) -> Entry:
    return Entry(moment, Kind.STOP)


@pytest.mark.parametrize(
    ("limit", "now", "start", "more", "state", "left", "due"),
    [
        (HANDOFF, at(6, 1, 10, 36), at(6, 1), [], State.RUN, "还剩 24 分钟", "11:00 前交办"),
        (HANDOFF, at(6, 1, 10, 51), at(6, 1), [], State.NEAR, "还剩 9 分钟", "11:00 前交办"),
        (HANDOFF, at(6, 1, 10, 59), at(6, 1), [], State.NEAR, "还剩 1 分钟", "11:00 前交办"),
        (HANDOFF, at(6, 1, 11), at(6, 1), [], State.NEAR, "还剩不到 1 分钟", "11:00 前交办"),
        (
            HANDOFF,
            at(6, 1, 16, 50),
            at(6, 1, 16, 45),
            [],
            State.RUN,
            "还剩 55 分钟",
            "明天（周二）09:45 前交办",
        ),
        (HANDOFF, at(6, 1, 11, 14), at(6, 1), [], State.OVER, "已逾期 14 分钟", "应于 11:00 前交办"),
        (
            HANDOFF,
            at(6, 2, 11),
            at(6, 1),
            [],
            State.OVER,
            "已逾期 1 个工作日",
            "应于 6月1日（周一）11:00 前交办",
        ),
        (PAYOUT, at(6, 1, 10, 26), at(5, 29), [], State.RUN, "还剩 5 小时 34 分", "今天 17:00 前兑付"),
        (PAYOUT, at(6, 1, 8), at(5, 29), [], State.RUN, "还剩 1 个工作日", "今天 17:00 前兑付"),
        (REVIEW, at(6, 1), at(6, 1), [], State.RUN, "还剩 10 个工作日", "6月15日（周一）17:00 前审结"),
        (REVIEW, at(6, 5), at(6, 1), [], State.RUN, "还剩 6 个工作日", "6月15日（周一）17:00 前审结"),
        (REVIEW, at(6, 12), at(6, 1), [], State.NEAR, "还剩 1 个工作日", "6月15日（周一）17:00 前审结"),
        (
            REVIEW,
            at(12, 29),
            at(12, 25),
            [],
            State.PROV,
            "暂定还剩 8 个工作日",
            "暂定 2027年1月11日（周一）17:00 前审结",
        ),
        (
            REVIEW,
            at(1, 8, year=2027),
            at(12, 25),
            [],
            State.NEAR,
            "暂定还剩 1 个工作日",
            "暂定 1月11日（周一）17:00 前审结",
        ),
        (
            REVIEW,
            at(6, 9),
            at(6, 1),
            [held(at(6, 8), at(6, 11))],
            State.HOLD,
            "暂停计时：专家评审",
            "预计 6月11日恢复，还剩 5 个工作日",
        ),
        (
            REVIEW,
            at(6, 12),
            at(6, 1),
            [held(at(6, 8), at(6, 11))],
            State.HOLD,
            "暂停计时：专家评审",
            "原定 6月11日恢复，已过。请恢复计时，或者说明原因",
        ),
        (
            REVIEW,
            at(6, 9),
            at(6, 1),
            [held(at(6, 8), at(6, 8), "supplement")],
            State.HOLD,
            "暂停计时：补正材料",
            "材料补齐后接着算，还剩 5 个工作日",
        ),
        (
            HANDOFF,
            at(6, 3),
            at(6, 1),
            [stopped(at(6, 1, 10, 27))],
            State.DONE,
            "按时，用时 27 分钟",
            "时限 1 小时",
        ),
        (
            HANDOFF,
            at(6, 3),
            at(6, 1),
            [stopped(at(6, 1, 14))],
            State.DONE_LATE,
            "已办结，超时 2 小时",
            "时限 1 小时",
        ),
        (NINETY_DAYS, at(7, 1), at(6, 1), [], State.RUN, "还剩 61 天", "8月31日（周一）17:00 前办结"),
        (TOTAL, at(7, 1), at(6, 1), [], State.RUN, "没有规定时限", ""),
        (TOTAL, at(7, 1), at(6, 1), [stopped(at(6, 2))], State.DONE, "已办结", ""),
        (TOTAL, at(6, 9), at(6, 1), [held(at(6, 8), at(6, 11))], State.HOLD, "暂停计时：专家评审", ""),
    ],
)
def test_a_clock_in_words(
    calendar: Calendar,
    limit: Limit,
    now: datetime,
    start: datetime,
    more: list[Entry],
    state: State,
    left: str,
    due: str,
) -> None:
    shown = view(calendar, limit, now, start, *more)
    assert (shown.state, shown.left, shown.due) == (state, left, due)


@pytest.mark.parametrize(
    ("limit", "now", "more", "bar", "aria"),
    [
        (HANDOFF, at(6, 1, 10, 51), [], (51, 60), "交办时限 1 小时，已用 51 分钟"),
        (HANDOFF, at(6, 1, 11, 30), [], (1, 1), "交办时限已用完"),
        (HANDOFF, at(6, 2), [stopped(at(6, 1, 10, 27))], (27, 60), "交办时限 1 小时，已用 27 分钟"),
        (HANDOFF, at(6, 2), [stopped(at(6, 1, 16))], (60, 60), "交办时限 1 小时，已用 1 小时"),
        (REVIEW, at(6, 1, 16), [], (0, 10), "审核时限 10 个工作日，已用不到 1 个工作日"),
        (REVIEW, at(6, 4, 10, 24), [], (2.2, 10), "审核时限 10 个工作日，已用 2 个工作日"),
        (
            REVIEW,
            at(6, 9),
            [held(at(6, 8), at(6, 11))],
            (5, 10),
            "审核时限 10 个工作日，已用 5 个工作日，暂停中",
        ),
        (PAYOUT, at(6, 2, 10, 26), [], (86, 420), "兑付时限 1 个工作日，已用 1 小时 26 分"),
        (NINETY_DAYS, at(6, 1, 12), [], (0, 90), "全程时限 90 天，已用不到 1 天"),
        (TOTAL, at(6, 9), [], (0, 1), "全程没有规定时限"),
    ],
)
def test_the_bar_and_its_words(
    calendar: Calendar,
    limit: Limit,
    now: datetime,
    more: list[Entry],
    bar: tuple[float, float],
    aria: str,
) -> None:
    shown = view(calendar, limit, now, at(6, 1), *more)
    assert (shown.value, shown.max) == bar
    assert shown.aria == aria


def test_a_provisional_clock_says_so_to_the_ear_too(calendar: Calendar) -> None:
    assert view(calendar, REVIEW, at(12, 29), at(12, 25)).aria.endswith("，到期时间暂定")


def test_the_most_urgent_comes_first(calendar: Calendar) -> None:
    now = at(6, 3)
    over = view(calendar, HANDOFF, now, at(6, 1))
    runs = view(calendar, REVIEW, now, at(6, 1))
    waits = view(calendar, REVIEW, now, at(5, 20), held(at(5, 22), at(6, 5)))
    endless = view(calendar, TOTAL, now, at(6, 1))
    done = view(calendar, HANDOFF, now, at(6, 1), stopped(at(6, 1, 10, 5)))
    earlier = view(calendar, HANDOFF, now, at(5, 29), stopped(at(5, 29, 10, 5)))
    mixed = [earlier, endless, done, waits, runs, over]
    assert sorted(mixed, key=lambda each: each.most_urgent_key) == [over, runs, waits, endless, done, earlier]
    assert most_urgent(mixed) is over
    assert most_urgent([]) is None


def test_a_limit_of_days_is_shown_as_days(calendar: Calendar) -> None:
    now = at(6, 4)
    ledger = [Entry(at(6, 1), Kind.START)]
    cells = day_cells(REVIEW, reckon(REVIEW, ledger, calendar, now=now), calendar, OFFICE_HOURS, now)
    assert len(cells) == 10
    assert cells[:4] == (
        DayCell("6/2", "周二", "used"),
        DayCell("6/3", "周三", "used"),
        DayCell("6/4", "今天", "today"),
        DayCell("6/5", "周五", ""),
    )
    assert cells[-1] == DayCell("6/15", "周一", "last")


def test_a_limit_of_hours_has_no_days(calendar: Calendar) -> None:
    now = at(6, 1)
    ledger = [Entry(now, Kind.START)]
    assert day_cells(HANDOFF, reckon(HANDOFF, ledger, calendar), calendar, OFFICE_HOURS, now) == ()
