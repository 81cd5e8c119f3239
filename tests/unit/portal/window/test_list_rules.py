"""What may happen to an exempt list: the whole square, and clocks that run once for all rows."""

from datetime import date, datetime, timedelta

import pytest

from foundation.clock import BEIJING
from foundation.errors import Conflict
from portal.window.lists.rules import (
    DOUBTS,
    MOVES,
    STAGE_NAMES,
    STARTS,
    STOPS,
    Candidate,
    CreditRule,
    Doubt,
    Finding,
    ListAct,
    ListStage,
    after_ruling,
    credit,
    doubles,
    reminder,
    take,
)


@pytest.mark.parametrize("stage", ListStage)
@pytest.mark.parametrize("act", ListAct)
def test_every_move_not_listed_is_refused(stage: ListStage, act: ListAct) -> None:
    if (stage, act) in MOVES:
        assert take(stage, act) is MOVES[stage, act]
    else:
        with pytest.raises(Conflict, match=STAGE_NAMES[stage]):
            take(stage, act)


def test_a_confirmed_list_stays_as_it_is() -> None:
    left = {after for (stage, _), after in MOVES.items() if stage is ListStage.CONFIRMED}
    assert left == {ListStage.CONFIRMED}


def test_every_clock_of_a_list_that_starts_can_stop() -> None:
    started = {name for names in STARTS.values() for name in names}
    assert started == {name for names in STOPS.values() for name in names}


def test_every_stage_and_doubt_has_its_words() -> None:
    assert set(STAGE_NAMES) == set(ListStage)
    assert set(DOUBTS) == set(Doubt)


def test_one_firm_or_one_account_twice_on_a_list_is_doubted_on_both_rows() -> None:
    one = Candidate("91510800MAD0A1B2CG", "样例机械有限公司", "6222000000003321")
    renamed = Candidate("91510802MAD0A1B2C5", "样例机器有限公司", "")
    same_account = Candidate("91510802MAD0A1B3X3", "样例纺织有限公司", "6222000000003321")
    fine = Candidate("91510802MAD0A1B4XB", "样例食品有限公司", "6222000000009999")
    holders = {
        "6222000000003321": {one.credit_code, same_account.credit_code},
        "6222000000009999": {fine.credit_code},
    }
    found = doubles([one, renamed, same_account, fine], holders)
    assert [each.doubt for each in found[one.credit_code]] == [Doubt.SAME_FIRM, Doubt.SAME_ACCOUNT]
    assert [(each.doubt, each.basis) for each in found[renamed.credit_code]] == [
        (Doubt.SAME_FIRM, "MAD0A1B2C")
    ]
    assert [each.text for each in found[same_account.credit_code]] == [DOUBTS[Doubt.SAME_ACCOUNT]]
    assert found[fine.credit_code] == []


def test_one_name_twice_is_doubted() -> None:
    rows = [Candidate(f"9151080{digit}MAD0A1B{digit}CG", "样例机械有限公司", "") for digit in "12"]
    assert {each.basis for findings in doubles(rows, {}).values() for each in findings} == {
        "样例机械有限公司"
    }


@pytest.mark.parametrize("source", [{}, {"credit_rule": "失信"}, {"credit_rule": {"text": "失信的不予兑现"}}])
def test_an_item_that_names_no_record_bars_nobody(source: dict[str, object]) -> None:
    assert not credit(CreditRule.of(source), {"serious_dishonest": True})


@pytest.mark.parametrize(
    ("values", "barred"),
    [
        ({}, False),
        ({"serious_dishonest": False}, False),
        ({"serious_dishonest": True}, True),
        ({"serious_dishonest": True, "credit_repaired": True}, False),
    ],
)
def test_a_record_bars_until_it_is_repaired(values: dict[str, bool], barred: bool) -> None:
    rule = CreditRule.of(
        {
            "credit_rule": {
                "text": "失信的不予兑现",
                "field": "serious_dishonest",
                "repaired_field": "credit_repaired",
            }
        }
    )
    assert credit(rule, values) is barred


def test_a_list_is_confirmed_once_no_row_is_open() -> None:
    assert after_ruling([object()]) is ListAct.CONFIRM_SOME
    assert after_ruling([]) is ListAct.CONFIRM


def test_a_doubt_keeps_what_it_rests_on() -> None:
    found = Finding(Doubt.CREDIT, "严重违法失信名单", "市场监管局", "2026-05-20")
    assert found.text == DOUBTS[Doubt.CREDIT]
    assert found.as_json() == {
        "doubt": "credit",
        "basis": "严重违法失信名单",
        "source": "市场监管局",
        "as_of": "2026-05-20",
    }
    assert found.day == date(2026, 5, 20)
    assert Finding(Doubt.SAME_FIRM, "GY-2026-0001").day is None


def test_a_reminder_is_due_on_its_day_alone() -> None:
    asked = datetime(2026, 6, 1, 10, tzinfo=BEIJING)
    due = [day for day in range(40) if reminder(asked, asked + timedelta(days=day, hours=3)) is not None]
    assert due == [10, 20, 27]
