"""The whole square of stages and acts, and every clock's way in and out."""

import pytest

from portal.window.rules import (
    ACT_NAMES,
    CLOCKS,
    ENDED,
    MOVES,
    STAGE_NAMES,
    Act,
    MoveRefused,
    Stage,
    possible,
    take,
)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("act", Act)
def test_every_move_not_listed_is_refused(stage: Stage, act: Act) -> None:
    if (stage, act) in MOVES:
        assert take(stage, act).stage is MOVES[stage, act]
    else:
        with pytest.raises(MoveRefused, match=STAGE_NAMES[stage]):
            take(stage, act)


def test_nothing_follows_an_end() -> None:
    assert {stage for stage in Stage if not possible(stage)} == ENDED


def test_every_clock_can_start_and_stop() -> None:
    moved = {act for _, act in MOVES}

    assert all(clock.starts & moved and clock.stops & moved for clock in CLOCKS)


def test_the_handoff_stops_one_hour_and_starts_response_and_review() -> None:
    step = take(Stage.ACCEPTED, Act.HAND_OFF)

    assert step.stops == ("handoff",)
    assert step.starts == ("response", "review")


def test_a_return_starts_the_hour_anew_and_leaves_the_total_alone() -> None:
    step = take(Stage.IN_REVIEW, Act.RETURN)

    assert step.starts == ("handoff",)
    assert "total" not in step.stops


def test_a_supplement_in_review_suspends_and_supplying_resumes() -> None:
    assert take(Stage.IN_REVIEW, Act.ASK_SUPPLEMENT).suspends == ("review",)
    assert take(Stage.REVIEW_SUPPLEMENT_ASKED, Act.SUPPLY).resumes == ("review",)


def test_a_supplement_before_acceptance_gives_the_window_its_day_again() -> None:
    assert take(Stage.SUPPLEMENT_ASKED, Act.SUPPLY).starts == ("acceptance",)
    assert take(Stage.REVIEW_SUPPLEMENT_ASKED, Act.SUPPLY).starts == ()


def test_a_decision_waiting_for_funds_stops_the_review_but_not_starts_the_payout() -> None:
    queued = take(Stage.REVIEWED, Act.QUEUE_FOR_FUNDS)

    assert queued.stops == ("review",)
    assert queued.starts == ()
    assert take(Stage.AWAITING_FUNDS, Act.FUND).starts == ("payout",)


def test_every_stage_and_act_has_a_chinese_name() -> None:
    assert set(STAGE_NAMES) == set(Stage)
    assert set(ACT_NAMES) == set(Act)
