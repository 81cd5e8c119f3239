from datetime import datetime, timedelta

import pytest

from foundation.clock import BEIJING
from foundation.errors import Invalid
from portal.reports.rules import KEPT_BY, PROMISES, Run, by_holder, choices, figure, period_of
from portal.window.rules import CLOCKS

NOW = datetime(2026, 7, 1, 10, 26, tzinfo=BEIJING)
DAY = timedelta(hours=7)


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=BEIJING)


def run(
    limit: str = "handoff", minutes: int = 20, *, late: bool = False, kept: bool = True, holder: str = "专窗"
) -> Run:
    due = NOW - timedelta(hours=1 if late else -1)
    return Run(limit, holder, kept, due, NOW, timedelta(minutes=minutes), DAY)


def test_the_default_is_the_last_thirty_days() -> None:
    period = period_of("", NOW)
    assert (period.since, period.until) == (day(2026, 6, 2), day(2026, 7, 2))
    assert not period.closed


def test_a_month_that_is_over_is_closed() -> None:
    period = period_of("2025-12", NOW)
    assert (period.since, period.until) == (day(2025, 12, 1), day(2026, 1, 1))
    assert period.closed
    assert period.label == "2025年12月"


def test_the_month_that_runs_is_not_closed() -> None:
    period = period_of("2026-07", NOW)
    assert (period.since, period.until) == (day(2026, 7, 1), day(2026, 8, 1))
    assert not period.closed


@pytest.mark.parametrize(
    "text", ["2026-08", "2026-13", "2026-00", "2021-12", "九月", "2026-6", "2026-06-01", "' OR 1=1"]
)
def test_any_other_month_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(Invalid, match="请从列表中选择月份"):
        period_of(text, NOW)


def test_the_last_twelve_months_are_offered() -> None:
    offered = choices(NOW)
    assert [offered[0], offered[-1]] == [("2026-07", "2026年7月"), ("2025-08", "2025年8月")]
    assert all(period_of(value, NOW) for value, _ in offered)


def test_a_figure_counts_what_was_kept_and_what_was_late() -> None:
    found = figure("handoff", [run(minutes=10), run(minutes=30), run(minutes=95, late=True), run("response")])
    assert (found.count, found.on_time, found.mean_text) == (3, 2, "45 分钟")
    assert (found.bar, found.over, found.unit) == (45, False, "minutes")


def test_a_withdrawal_in_time_says_nothing_but_hides_no_delay() -> None:
    found = figure("handoff", [run(kept=False), run(kept=False, late=True, minutes=90)])
    assert (found.count, found.on_time) == (1, 0)
    assert found.over


def test_a_limit_without_due_time_is_never_late() -> None:
    assert not Run("review", "", True, None, NOW, DAY, DAY).late


def test_days_are_counted_in_the_days_of_whoever_held_the_clock() -> None:
    long_day = Run("review", "市商务局", True, None, NOW, timedelta(hours=40), timedelta(hours=8))
    assert figure("review", [long_day]).mean_text == "5 个工作日"
    assert figure("payout", [run("payout", 210)]).mean_text == "3 小时 30 分"
    assert figure("payout", [run("payout", 210)]).unit == "workdays"


def test_nothing_counted_is_no_data() -> None:
    found = figure("review", [])
    assert (found.mean, found.mean_text, found.bar, found.over) == (None, "没有数据", 0, False)


def test_departments_stand_with_the_fastest_first() -> None:
    runs = [run("review", 840, holder="市商务局"), run("review", 420, holder="市科技局"), run("handoff")]
    assert [(name, each.count) for name, each in by_holder("review", runs)] == [
        ("市科技局", 1),
        ("市商务局", 1),
    ]


def test_every_promise_is_kept_by_acts_that_stop_its_clock() -> None:
    stops = {use.limit: use.stops for use in CLOCKS}
    assert set(KEPT_BY) == set(PROMISES)
    assert all(acts <= stops[limit] for limit, acts in KEPT_BY.items())
