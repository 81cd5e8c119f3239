"""Times, amounts and counts read the way the portal speaks."""

from datetime import UTC, date, datetime
from enum import Enum

import pytest
from jinja2.filters import FILTERS as JINJAS

from foundation.clock import BEIJING
from foundation.web import filters

NOW = datetime(2025, 6, 30, 10, 26, tzinfo=BEIJING)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING)  # type: ignore[arg-type, misc]  # year to minute only


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (at(2025, 6, 30, 10, 35), "10:35 前"),
        (at(2025, 7, 1, 17, 0), "明天（周二）17:00 前"),
        (at(2025, 7, 8, 17, 0), "7月8日（周二）17:00 前"),
        (at(2027, 1, 8, 17, 0), "2027年1月8日（周五）17:00 前"),
    ],
)
def test_a_due_time_names_today_tomorrow_weekday_and_another_year(due: datetime, words: str) -> None:
    assert filters.before(due, NOW) == words


def test_a_moment_is_beijings_whatever_the_zone_it_was_stored_in() -> None:
    stored = datetime(2025, 6, 30, 16, 30, tzinfo=UTC)
    assert filters.moment(stored) == "7月1日（周二）00:30"
    assert filters.moment(stored, NOW) == "明天（周二）00:30"
    assert filters.iso(stored) == "2025-07-01T00:30+08:00"


def test_a_moment_of_today_says_so() -> None:
    assert filters.moment(NOW, NOW) == "今天 10:26"
    assert filters.full_moment(NOW) == "2025年6月30日（周一）10:26"


def test_days_without_a_time() -> None:
    assert filters.day(date(2025, 7, 8)) == "7月8日（周二）"
    assert filters.day(date(2025, 6, 30), NOW) == "今天"
    assert filters.full_day(date(2025, 6, 3)) == "2025年6月3日"
    assert filters.iso(date(2025, 6, 3)) == "2025-06-03"


def test_a_period_names_the_year_and_month_once() -> None:
    assert filters.period(date(2025, 6, 1), date(2025, 6, 30)) == "2025年6月1日至30日"
    assert filters.period(date(2025, 6, 1), date(2025, 7, 2)) == "2025年6月1日至7月2日"
    assert filters.period(date(2025, 12, 1), date(2026, 1, 2)) == "2025年12月1日至2026年1月2日"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 分钟"), (27, "27 分钟"), (60, "1 小时"), (334, "5 小时 34 分"), (-3, "0 分钟")],
)
def test_durations_have_no_seconds_and_no_fractions(minutes: int, words: str) -> None:
    assert filters.duration(minutes) == words


def test_workdays() -> None:
    assert filters.workdays(6) == "6 个工作日"
    assert filters.workdays(5.42) == "5.4 个工作日"


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (None, "待核定"),
        (6_200_000, "6.2 万元"),
        (128_640_000_00, "12,864 万元"),
        (850_000, "8,500 元"),
        (1_234_567, "12,345.67 元"),
        (0, "0 元"),
    ],
)
def test_money_is_exact_in_the_shorter_unit(fen: int | None, words: str) -> None:
    assert filters.money(fen) == words


def test_an_amount_is_echoed_in_full() -> None:
    assert filters.echoed(6_200_000) == "62,000 元（陆万贰仟元整）"


def test_counts_and_shares() -> None:
    assert filters.counted(1286) == "1,286 件"
    assert filters.percent(140, 142) == "98.5%"
    assert filters.percent(9999, 10000) == "99.9%"
    assert filters.percent(5, 5) == "100.0%"
    assert filters.percent(0, 0) == "没有数据"


def test_file_sizes() -> None:
    assert [filters.size(each) for each in (10, 340_000, 1_200_000, 26_000_000)] == [
        "1 KB", "340 KB", "1.2 MB", "26 MB",
    ]  # fmt: skip


def test_page_windows() -> None:
    assert filters.page_window(1, 1) == [1]
    assert filters.page_window(9, 20) == [1, None, 7, 8, 9, 10, 11, None, 20]
    assert filters.page_count(0, 10) == 1
    assert filters.page_count(41, 10) == 5


def test_macros_take_an_enum_or_its_value() -> None:
    kind = Enum("kind", {"REVIEW": "review"})
    assert filters.word(kind.REVIEW) == filters.word("review") == "review"


def test_no_filter_hides_one_of_jinjas_own() -> None:

    assert not set(filters.FILTERS) & set(JINJAS)
