"""What a limit is, what may be written into its ledger, and where its clock then stands."""

from datetime import datetime, timedelta

import pytest

from foundation.clock import BEIJING
from foundation.deadlines.calendars import Calendar
from foundation.deadlines.limits import LIMITS
from foundation.deadlines.rules import Entry, Kind, Limit, State, Unit, alarms, check, reckon
from foundation.deadlines.workdays import OFFICE_HOURS, Hours
from foundation.errors import NotAllowed

HANDOFF, REVIEW, PAYOUT = LIMITS["handoff"], LIMITS["review"], LIMITS["payout"]
NINETY_DAYS = Limit("total", "全程", "办结", Unit.DAYS, 90, "申报指南")
NIGHT_HOUR = HANDOFF.naturally()
MINUTE = timedelta(minutes=1)


def at(month: int, day: int, hour: int = 10, minute: int = 0, second: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=BEIJING)


def start(moment: datetime) -> Entry:
    return Entry(moment, Kind.START)


def hold(moment: datetime, planned: datetime) -> Entry:
    return Entry(moment, Kind.SUSPEND, "expert_review", "行政许可法第四十五条", planned)


def resume(moment: datetime) -> Entry:
    return Entry(moment, Kind.RESUME)


def held(moment: datetime, until: datetime) -> tuple[Entry, Entry]:
    return hold(moment, until), resume(until)


def stop(moment: datetime) -> Entry:
    return Entry(moment, Kind.STOP)


@pytest.mark.parametrize(
    ("limit", "ledger", "due"),
    [
        (REVIEW, [start(at(9, 18))], at(10, 9, 17)),
        (REVIEW, [start(at(9, 18)), *held(at(9, 22), at(9, 28, 15))], at(10, 13, 17)),
        (REVIEW, [start(at(9, 18)), hold(at(9, 22), at(9, 28))], at(10, 13, 17)),
        (REVIEW, [start(at(9, 18)), *held(at(9, 22), at(9, 22, 14))], at(10, 9, 17)),
        (REVIEW, [start(at(9, 18)), *held(at(9, 18, 11), at(9, 21))], at(10, 12, 17)),
        (
            REVIEW,
            [start(at(9, 18)), *held(at(9, 21), at(9, 22)), *held(at(9, 22, 16), at(9, 24))],
            at(10, 13, 17),
        ),
        (PAYOUT, [start(at(9, 29)), *held(at(9, 30), at(10, 9))], at(10, 9, 17)),
        (PAYOUT, [start(at(9, 29)), *held(at(9, 30), at(10, 9, 18))], at(10, 10, 17)),
        (PAYOUT, [start(at(9, 29)), *held(at(9, 30, 18), at(10, 9))], at(9, 30, 17)),
        (HANDOFF, [start(at(9, 30, 16, 45))], at(10, 8, 9, 45)),
        (HANDOFF, [start(at(9, 29)), *held(at(9, 29, 10, 20, 59), at(9, 29, 13, 10, 59))], at(9, 29, 13, 50)),
        (HANDOFF, [start(at(9, 29, 9)), hold(at(9, 29, 10, 30), at(9, 29, 14))], at(9, 29, 10)),
        (HANDOFF, [start(at(9, 29, 9, 0, 30)), *held(at(9, 29, 9, 0, 40), at(9, 29, 13))], at(9, 29, 14)),
        (NIGHT_HOUR, [start(at(9, 30, 16, 45))], at(9, 30, 17, 45)),
        (NIGHT_HOUR, [start(at(9, 30, 16, 45)), *held(at(9, 30, 17), at(9, 30, 19))], at(9, 30, 19, 45)),
        (NINETY_DAYS, [start(at(7, 4))], at(10, 8, 17)),
        (NINETY_DAYS, [start(at(6, 1))], at(8, 31, 17)),
        (NINETY_DAYS, [start(at(6, 1)), *held(at(6, 10), at(6, 20))], at(9, 9, 17)),
        (NINETY_DAYS, [start(at(7, 4)), *held(at(10, 3), at(10, 9))], at(10, 9, 17)),
        (LIMITS["total"], [start(at(7, 4)), hold(at(7, 5), at(7, 6))], None),
    ],
    ids=[
        "ten working days",
        "the day a hold starts counts, the day it ends does not",
        "a hold that lasts is taken to end as planned",
        "a hold within one day takes nothing from a limit in days",
        "held on the starting day",
        "held twice",
        "held on the last day: due when the day ends on which it goes on",
        "held on the last day and resumed after closing time",
        "held when it was already due",
        "an hour over the holiday",
        "an hour is cut to the minute",
        "held after the hour was over",
        "held within the minute in which it started",
        "a natural hour",
        "a natural hour, held",
        "plain days whose last is a holiday move to the first working day",
        "plain days",
        "plain days, held",
        "plain days, held while the last day moves",
        "no limit",
    ],
)  # fmt: skip
def test_when_it_is_due(calendar: Calendar, limit: Limit, ledger: list[Entry], due: datetime | None) -> None:
    for number in range(len(ledger)):
        check(ledger[:number], ledger[number])
    assert reckon(limit, ledger, calendar).due == due


def test_a_limit_alone_gives_the_same_as_its_ledger(calendar: Calendar) -> None:
    for limit in (HANDOFF, REVIEW, NINETY_DAYS, NIGHT_HOUR, LIMITS["total"]):
        expected = reckon(limit, [start(at(9, 18))], calendar).due
        assert limit.due(at(9, 18), calendar.workdays()) == expected


@pytest.mark.parametrize(
    ("limit", "ledger", "now", "state"),
    [
        (HANDOFF, [start(at(9, 29, 9))], at(9, 29, 9, 44), State.RUN),
        (HANDOFF, [start(at(9, 29, 9))], at(9, 29, 9, 45), State.NEAR),
        (HANDOFF, [start(at(9, 29, 9))], at(9, 29, 10), State.NEAR),
        (HANDOFF, [start(at(9, 29, 9))], at(9, 29, 10, 0, 1), State.OVER),
        (HANDOFF, [start(at(9, 29, 9)), hold(at(9, 29, 9, 30), at(9, 30))], at(9, 29, 16), State.HOLD),
        (HANDOFF, [start(at(9, 29, 9)), hold(at(9, 29, 11), at(9, 30))], at(9, 29, 16), State.OVER),
        (HANDOFF, [start(at(9, 29, 9)), stop(at(9, 29, 10))], at(9, 30), State.DONE),
        (HANDOFF, [start(at(9, 29, 9)), stop(at(9, 29, 10, 1))], at(9, 30), State.DONE_LATE),
        (LIMITS["total"], [start(at(9, 29, 9))], at(9, 29, 16), State.RUN),
        (LIMITS["total"], [start(at(9, 29, 9)), hold(at(9, 29, 11), at(9, 30))], at(9, 29, 16), State.HOLD),
        (LIMITS["total"], [start(at(9, 29, 9)), stop(at(9, 29, 11))], at(9, 29, 16), State.DONE),
    ],
)
def test_where_it_stands(
    calendar: Calendar, limit: Limit, ledger: list[Entry], now: datetime, state: State
) -> None:
    assert reckon(limit, ledger, calendar, now=now).state is state


def test_used_left_and_late_are_counted_in_the_limits_own_time(calendar: Calendar) -> None:
    ledger = [start(at(9, 29, 9)), hold(at(9, 29, 9, 20), at(9, 29, 14))]
    held = reckon(HANDOFF, ledger, calendar, now=at(9, 29, 15))
    assert (held.used, held.left) == (20 * MINUTE, 40 * MINUTE)
    ledger += [resume(at(9, 29, 16, 50)), stop(at(9, 30, 9, 40))]
    done = reckon(HANDOFF, ledger, calendar)
    assert (done.used, done.late) == (70 * MINUTE, 10 * MINUTE)
    assert reckon(NIGHT_HOUR, [start(at(9, 29, 20))], calendar, now=at(9, 29, 22)).late == 60 * MINUTE


def test_days_left_while_it_is_held(calendar: Calendar) -> None:
    ledger = [start(at(9, 18)), hold(at(9, 22), at(9, 29))]  # 20, 21, 22 September have run
    assert reckon(REVIEW, ledger, calendar, now=at(9, 25)).left == 7 * OFFICE_HOURS.day
    ledger = [start(at(9, 18)), hold(at(9, 30), at(10, 9)), resume(at(10, 9)), hold(at(10, 12), at(10, 13))]
    assert reckon(REVIEW, ledger, calendar, now=at(10, 12, 16)).left == OFFICE_HOURS.day * 0
    assert reckon(NINETY_DAYS, [start(at(6, 1)), hold(at(6, 11), at(6, 20))], calendar).left.days == 80


def test_a_clock_stopped_while_held_is_judged_by_the_hold(calendar: Calendar) -> None:
    ledger = [start(at(9, 18)), hold(at(9, 22), at(9, 29)), stop(at(10, 12))]
    done = reckon(REVIEW, ledger, calendar)
    assert done.state is State.DONE
    assert done.due is not None
    assert done.due > at(10, 12)


def test_a_recomputation_is_told_and_changes_nothing_by_itself(calendar: Calendar) -> None:
    ledger = [start(at(9, 18)), Entry(at(9, 19), Kind.RECOMPUTE, note="…")]
    check(ledger[:1], ledger[1])
    assert reckon(REVIEW, ledger, calendar).due == at(10, 9, 17)


def test_a_year_without_a_notice_is_provisional_and_a_case_goes_on(calendar: Calendar) -> None:
    reckoning = reckon(REVIEW, [start(at(12, 25))], calendar)
    assert reckoning.provisional
    assert reckoning.due == at(1, 11, 17, year=2027)
    assert reckoning.calendar == "2026.1+2027.0"
    assert not reckon(REVIEW, [start(at(12, 15))], calendar, now=at(1, 5, year=2027)).provisional


@pytest.mark.parametrize(
    ("limit", "due", "warn", "supervise"),
    [
        (HANDOFF, at(9, 29, 10), at(9, 29, 9, 45), at(9, 30, 17)),
        (HANDOFF, at(9, 30, 9, 5), at(9, 29, 16, 50), at(10, 8, 17)),
        (REVIEW, at(10, 9, 17), at(9, 30, 13, 30), at(10, 10, 17)),
        (NIGHT_HOUR, at(9, 30, 23), at(9, 30, 22, 45), at(10, 8, 17)),
        (PAYOUT, at(12, 31, 17), at(12, 31, 15, 15), at(1, 4, 17, year=2027)),
    ],
)
def test_when_to_warn_and_when_to_supervise(
    calendar: Calendar, limit: Limit, due: datetime, warn: datetime, supervise: datetime
) -> None:
    assert alarms(limit, due, calendar, OFFICE_HOURS) == (warn, supervise)


@pytest.mark.parametrize(
    ("ledger", "new"),
    [
        ([], stop(at(9, 29))),
        ([], hold(at(9, 29), at(9, 30))),
        ([start(at(9, 29))], start(at(9, 30))),
        ([start(at(9, 29))], resume(at(9, 30))),
        ([start(at(9, 29)), hold(at(9, 29), at(9, 30))], hold(at(9, 29), at(9, 30))),
        ([start(at(9, 29)), stop(at(9, 30))], stop(at(9, 30))),
        ([start(at(9, 29)), stop(at(9, 30))], Entry(at(9, 30), Kind.RECOMPUTE)),
        ([start(at(9, 29))], stop(at(9, 28))),
        ([start(at(9, 29))], Entry(at(9, 30), Kind.SUSPEND, "", "依据", at(9, 30))),
        ([start(at(9, 29))], Entry(at(9, 30), Kind.SUSPEND, "expert_review", "", at(9, 30))),
        ([start(at(9, 29))], Entry(at(9, 30), Kind.SUSPEND, "expert_review", "依据", None)),
        ([start(at(9, 29))], hold(at(9, 30), at(9, 29))),
    ],
    ids=[
        "stop before start", "hold before start", "started twice", "resumed without a hold", "held twice",
        "stopped twice", "recomputed after the stop", "stopped before it started", "no reason", "no basis",
        "no planned end", "planned end in the past",
    ],
)  # fmt: skip
def test_what_a_ledger_refuses(ledger: list[Entry], new: Entry) -> None:
    with pytest.raises(NotAllowed) as refused:
        check(ledger, new)
    assert refused.value.message.endswith("。")


def test_an_act_on_paper_may_be_older_than_a_recomputation() -> None:
    check([start(at(9, 29)), Entry(at(9, 30), Kind.RECOMPUTE)], stop(at(9, 29, 11)))


@pytest.mark.parametrize(
    ("limit", "length"),
    [(HANDOFF, "1 小时"), (REVIEW, "10 个工作日"), (NINETY_DAYS, "90 天"), (LIMITS["total"], "没有规定时限")],
)
def test_how_long_it_is_in_words(limit: Limit, length: str) -> None:
    assert limit.length == length
    assert Limit.from_json(limit.as_json()) == limit


def test_a_limit_needs_a_length_and_no_limit_has_none() -> None:
    for unit, amount in ((Unit.WORKDAYS, 0), (Unit.NONE, 1)):
        with pytest.raises(ValueError, match="limit x"):
            Limit("x", "", "", unit, amount, "")


def test_only_opening_hours_can_be_counted_naturally() -> None:
    assert REVIEW.naturally() is REVIEW
    assert NIGHT_HOUR.unit is Unit.NATURAL_MINUTES


def test_the_promises_of_the_scheme_and_the_law_are_as_written_there() -> None:
    promised = {
        "acceptance": "1 个工作日",
        "handoff": "1 小时",
        "response": "1 小时",
        "review": "10 个工作日",
        "payout": "1 个工作日",
        "supplement": "10 个工作日",
        "publicity": "5 个工作日",
        "followup": "5 个工作日",
        "account": "30 天",
        "total": "没有规定时限",
        "answer": "1 个工作日",
        "consult": "3 个工作日",
        "redress_contact": "1 个工作日",
        "redress_fix": "15 个工作日",
    }
    assert {name: LIMITS[name].length for name in promised} == promised


def test_every_limit_names_its_source() -> None:
    assert all(limit.source for limit in LIMITS.values())


def test_the_holders_own_hours_decide(calendar: Calendar) -> None:
    hours = Hours.from_json([["08:30", "12:00"], ["14:00", "18:00"]])
    assert reckon(HANDOFF, [start(at(9, 30, 17, 45))], calendar, hours).due == at(10, 8, 9, 15)
    assert reckon(PAYOUT, [start(at(9, 29))], calendar, hours).due == at(9, 30, 18)
