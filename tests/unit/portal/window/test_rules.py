"""The whole square of stages and acts, and every clock's way in and out."""

import pytest

from catalog.rules import OutcomeKind, Scope
from portal.window.rules import (
    ACT_NAMES,
    BY_ENDING,
    CLOCKS,
    ENDED,
    STAGE_NAMES,
    Act,
    Ending,
    MoveRefused,
    Stage,
    ending_of,
    moves,
    possible,
    take,
)

WAYS = [(mode, ending) for ending, ways in BY_ENDING.items() for mode in ways]


@pytest.mark.parametrize(("mode", "ending"), WAYS)
@pytest.mark.parametrize("stage", Stage)
def test_every_move_not_listed_is_refused(mode: str, ending: Ending, stage: Stage) -> None:
    listed = BY_ENDING[ending][mode]
    for act in Act:
        if (stage, act) in listed:
            assert take(mode, stage, act, ending).stage is listed[stage, act]
        else:
            with pytest.raises(MoveRefused, match=STAGE_NAMES[stage]):
                take(mode, stage, act, ending)


@pytest.mark.parametrize(("mode", "ending"), WAYS)
def test_nothing_follows_an_end_and_nothing_else_is_one(mode: str, ending: Ending) -> None:
    listed = BY_ENDING[ending][mode]
    reached = {stage for pair in listed.items() for stage in (pair[0][0], pair[1])}
    assert {stage for stage in reached if not possible(mode, stage, ending)} == reached & ENDED


def test_silence_about_the_account_forfeits_nothing() -> None:
    assert set(possible("exempt", Stage.AWAITING_ACCOUNT)) == {Act.CONFIRM_ACCOUNT, Act.AWAIT_FUNDS}


def test_every_clock_can_start_and_stop() -> None:
    moved = {act for mode, ending in WAYS for _, act in moves(mode, ending)}

    assert all(clock.starts & moved and clock.stops & moved for clock in CLOCKS)


def test_the_handoff_stops_one_hour_and_starts_response_and_review() -> None:
    step = take("review", Stage.ACCEPTED, Act.HAND_OFF)

    assert step.stops == ("handoff",)
    assert step.starts == ("response", "review")


def test_a_return_starts_the_hour_anew_and_leaves_the_total_alone() -> None:
    step = take("review", Stage.IN_REVIEW, Act.RETURN)

    assert step.starts == ("handoff",)
    assert "total" not in step.stops


def test_a_supplement_in_review_suspends_and_supplying_resumes() -> None:
    assert take("review", Stage.IN_REVIEW, Act.ASK_SUPPLEMENT).suspends == ("review",)
    assert take("review", Stage.REVIEW_SUPPLEMENT_ASKED, Act.SUPPLY).resumes == ("review",)


def test_a_supplement_before_acceptance_gives_the_window_its_day_again() -> None:
    assert take("review", Stage.SUPPLEMENT_ASKED, Act.SUPPLY).starts == ("acceptance",)
    assert take("review", Stage.REVIEW_SUPPLEMENT_ASKED, Act.SUPPLY).starts == ()


def test_a_decision_waiting_for_funds_stops_the_review_but_not_starts_the_payout() -> None:
    queued = take("review", Stage.REVIEWED, Act.QUEUE_FOR_FUNDS)

    assert "review" in queued.stops
    assert queued.starts == ()
    assert take("review", Stage.AWAITING_FUNDS, Act.FUND).starts == ("payout",)


def test_every_stage_and_act_has_a_chinese_name() -> None:
    assert set(STAGE_NAMES) == set(Stage)
    assert set(ACT_NAMES) == set(Act)


def test_an_instant_item_is_decided_straight_from_the_handoff() -> None:
    step = take("instant", Stage.HANDED_OFF, Act.APPROVE)

    assert step.stage is Stage.APPROVED
    assert step.stops == ("response", "review")
    assert step.starts == ("payout",)
    with pytest.raises(MoveRefused):
        take("review", Stage.HANDED_OFF, Act.APPROVE)


def test_an_unknown_mode_is_reviewed() -> None:
    assert possible("commitment", Stage.HANDED_OFF) == possible("review", Stage.HANDED_OFF)


@pytest.mark.parametrize(
    ("scope", "outcome", "ending"),
    [
        (Scope.LOCAL, OutcomeKind.MONEY, Ending.PAYMENT),
        (Scope.JOINT, OutcomeKind.RELIEF, Ending.DELIVERY),
        (Scope.LOCAL, OutcomeKind.CERTIFICATE, Ending.DELIVERY),
        (Scope.UPPER, OutcomeKind.MONEY, Ending.REPORT),
    ],
)
def test_how_a_case_ends_follows_from_its_item(scope: Scope, outcome: OutcomeKind, ending: Ending) -> None:
    assert ending_of(scope, outcome) is ending


def test_what_is_delivered_has_the_payouts_day_and_no_account() -> None:
    assert take("review", Stage.REVIEWED, Act.APPROVE, Ending.DELIVERY).starts == ("payout",)
    assert take("review", Stage.APPROVED, Act.DELIVER, Ending.DELIVERY).stops == ("payout", "total")
    assert take("exempt", Stage.DRAFT, Act.LIST, Ending.DELIVERY).starts == ("payout",)
    assert take("exempt", Stage.DRAFT, Act.LIST).starts == ("account",)


def test_what_is_reported_upwards_is_never_paid_here() -> None:
    step = take("review", Stage.REVIEWED, Act.REPORT, Ending.REPORT)

    assert step.stops == ("response", "review", "total")
    assert step.starts == ()
    assert Act.PAY not in {act for _, act in moves("review", Ending.REPORT)}


def test_the_review_stands_still_while_the_public_may_object() -> None:
    assert take("review", Stage.REVIEWED, Act.PUBLISH).suspends == ("review",)
    assert take("review", Stage.PUBLICITY, Act.END_PUBLICITY).resumes == ("review",)
