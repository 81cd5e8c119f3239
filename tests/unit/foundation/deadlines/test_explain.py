"""Every step of a due time, in words that one can check with a wall calendar."""

from datetime import datetime

from foundation.clock import BEIJING
from foundation.deadlines.calendars import Calendar
from foundation.deadlines.explain import explain
from foundation.deadlines.limits import LIMITS
from foundation.deadlines.rules import Entry, Kind, Limit, Unit
from foundation.deadlines.workdays import OFFICE_HOURS, Hours


def at(month: int, day: int, hour: int = 10, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BEIJING)


def told(limit: Limit, ledger: list[Entry], calendar: Calendar, hours: Hours = OFFICE_HOURS) -> list[str]:
    return [line.text for line in explain(limit, ledger, calendar, hours)[1]]


def test_working_days_one_by_one(calendar: Calendar) -> None:
    first, *steps = told(LIMITS["review"], [Entry(at(9, 18), Kind.START)], calendar)
    assert first.startswith("2026年9月18日（周五）10:00 开始计时，时限：10 个工作日")
    assert "开始的当天不算（民法典第二百零一条）" in first
    assert steps == [
        "9月19日（周六）：周末，不计。",
        "9月20日（周日，调休上班）：第 1 个工作日。",
        "9月21日（周一）至9月24日（周四）：第 2 至第 5 个工作日。",
        "9月25日（周五）至9月27日（周日）：中秋放假，不计。",
        "9月28日（周一）至9月30日（周三）：第 6 至第 8 个工作日。",
        "10月1日（周四）至10月7日（周三）：国庆节放假，不计。",
        "10月8日（周四）至10月9日（周五）：第 9 至第 10 个工作日。",
        "2026年10月9日（周五）17:00 到期，最后一天到下班时间 17:00 为止（民法典第二百零三条）。",
    ]


def test_a_hold_and_its_end_stand_where_they_happened(calendar: Calendar) -> None:
    ledger = [
        Entry(at(9, 18), Kind.START),
        Entry(at(9, 22), Kind.SUSPEND, "expert_review", "行政许可法第四十五条", at(9, 29)),
        Entry(at(9, 28, 15), Kind.RESUME, note="评审意见已收到"),
        Entry(at(10, 14), Kind.STOP),
    ]
    lines = told(LIMITS["review"], ledger, calendar)
    assert lines[3:7] == [
        "9月21日（周一）至9月22日（周二）：第 2 至第 3 个工作日。",
        "2026年9月22日（周二）10:00 暂停计时：专家评审；依据：行政许可法第四十五条，"
        "预计 9月29日（周二）10:00 恢复。",
        "9月23日（周三）至9月28日（周一）：暂停计时（专家评审），不计。",
        "2026年9月28日（周一）15:00 恢复计时：评审意见已收到。",
    ]
    assert lines[-1] == "2026年10月14日（周三）10:00 办结，已超过时限。"


def test_opening_time_piece_by_piece(calendar: Calendar) -> None:
    ledger = [
        Entry(at(9, 30, 16, 45), Kind.START),
        Entry(at(9, 30, 16, 50), Kind.SUSPEND, "停电", "停电通知", at(10, 8, 10)),
        Entry(at(10, 8, 9, 30), Kind.RESUME),
        Entry(at(10, 8, 10), Kind.STOP),
    ]
    assert told(LIMITS["handoff"], ledger, calendar)[1:] == [
        "9月30日（周三）16:45–16:50：计 5 分钟，累计 5 分钟。",
        "2026年9月30日（周三）16:50 暂停计时：停电；依据：停电通知，预计 10月8日（周四）10:00 恢复。",
        "10月1日（周四）至10月7日（周三）：国庆节放假，不计。",
        "2026年10月8日（周四）09:30 恢复计时。",
        "10月8日（周四）09:30–10:25：计 55 分钟，累计 1 小时。",
        "2026年10月8日（周四）10:00 办结，在时限内。",
        "2026年10月8日（周四）10:25 到期，按办公时间 09:00–12:00、13:00–17:00 计。",
    ]


def test_an_office_that_is_closed_says_so(calendar: Calendar) -> None:
    hours = Hours.from_json({"closed": ["2026-09-29", "2026-09-20"]})
    lines = told(LIMITS["handoff"], [Entry(at(9, 28, 16, 45), Kind.START)], calendar, hours)
    assert "9月29日（周二）：本单位不办公，不计。" in lines
    lines = told(LIMITS["handoff"], [Entry(at(9, 18, 16, 45), Kind.START)], calendar, hours)
    assert lines[2:4] == ["9月19日（周六）：周末，不计。", "9月20日（周日）：本单位不办公，不计。"]


def test_plain_days_that_end_on_a_holiday(calendar: Calendar) -> None:
    limit = Limit("total", "全程", "办结", Unit.DAYS, 90, "申报指南")
    assert told(limit, [Entry(at(7, 4), Kind.START)], calendar)[1:] == [
        "7月5日（周日）至10月2日（周五）：第 1 至第 90 天。",
        "10月3日（周六）至10月7日（周三）：国庆节放假，最后一天顺延。",
        "10月8日（周四）：时限已数满，顺延到这一天。",
        "2026年10月8日（周四）17:00 到期，最后一天到下班时间 17:00 为止（民法典第二百零三条）。",
    ]


def test_a_guessed_year_is_called_so_and_carries_its_number(calendar: Calendar) -> None:
    lines = told(LIMITS["review"], [Entry(at(12, 25), Kind.START)], calendar)
    assert lines[3] == (
        "2027年1月1日 起：2027年的放假安排还没有收录，先按周末和法定节假日推算，调休未计；"
        "到期时间是暂定的，公布后重新计算。"
    )
    assert lines[4] == "2027年1月1日（周五）：元旦放假，不计。"
    assert "暂定到期" in lines[-1]


def test_without_lunar_dates_that_is_said_too(calendar: Calendar) -> None:
    lines = told(LIMITS["handoff"], [Entry(at(2, 1, year=2060), Kind.START)], calendar)
    assert "春节、端午、中秋的日期也不知道，没有扣除" in lines[1]


def test_a_recomputation_and_a_limit_without_length(calendar: Calendar) -> None:
    ledger = [Entry(at(9, 18), Kind.START), Entry(at(9, 19), Kind.RECOMPUTE, note="放假安排更新")]
    assert "2026年9月19日（周六）10:00 放假安排更新。" in told(LIMITS["review"], ledger, calendar)
    (line,) = told(LIMITS["total"], ledger[:1], calendar)
    assert "没有规定时限" in line


def test_natural_time_has_no_steps(calendar: Calendar) -> None:
    lines = told(LIMITS["handoff"].naturally(), [Entry(at(9, 30, 20), Kind.START)], calendar)
    assert lines[1:] == ["2026年9月30日（周三）21:00 到期，按自然时间连续计，夜间和节假日都算。"]
