from datetime import date

import pytest

from foundation.errors import Invalid, NotAllowed
from foundation.web.forms import parse
from portal.feedback.forms import CallForm, RatingForm
from portal.feedback.rules import (
    ANSWER_NAMES,
    LEVEL_NAMES,
    OUTCOME_NAMES,
    Answer,
    Level,
    Outcome,
    Turn,
    check_caller,
    clock_subject,
    is_unreachable,
    next_in_turn,
    number_of,
)


def test_the_last_two_of_the_five_levels_are_bad() -> None:
    assert [level.is_bad for level in Level] == [False, False, False, True, True]
    assert list(LEVEL_NAMES.values()) == ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]


def test_whoever_had_a_hand_in_the_case_does_not_call() -> None:
    check_caller(3, {1, 2})
    with pytest.raises(NotAllowed, match="没有经手"):
        check_caller(2, {1, 2})


def test_only_a_call_that_reached_somebody_ends_the_follow_up() -> None:
    assert {answer: answer.outcome for answer in Answer} == {
        Answer.WELL: Outcome.CALLED_WELL,
        Answer.PROBLEM: Outcome.CALLED_PROBLEM,
        Answer.NOT_REACHED: None,
    }


def test_everything_has_a_name() -> None:
    assert set(ANSWER_NAMES) == set(Answer)
    assert set(OUTCOME_NAMES) == set(Outcome)


def test_a_follow_up_has_a_clock_of_its_own() -> None:
    assert number_of(clock_subject("GY-2026-0001")) == "GY-2026-0001"
    assert number_of("case:GY-2026-0001") is None


def test_a_submitted_form_is_read() -> None:
    assert parse(RatingForm, {"level": "2"}) == RatingForm(level=Level.SATISFIED)
    assert parse(CallForm, {"answer": "problem", "note": " 少了 "}).note == "少了"


@pytest.mark.parametrize("level", ["0", "6", "", "满意"])
def test_only_the_five_levels_are_taken(level: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(RatingForm, {"level": level})
    assert [problem.field for problem in refused.value.problems] == ["level"]


@pytest.mark.parametrize(
    ("missed", "day", "enough"), [(2, 2, False), (3, 1, False), (3, 2, True), (4, 1, False), (5, 9, True)]
)
def test_three_calls_on_two_days_are_enough(missed: int, day: int, enough: bool) -> None:
    assert is_unreachable(missed, date(2026, 6, 1), date(2026, 6, day)) is enough


def test_whoever_has_least_to_do_is_next_and_never_a_handler() -> None:
    turns = [Turn(1, 0, 5), Turn(2, 1, 2), Turn(3, 0, 4), Turn(4, 0, 4)]
    assert next_in_turn(turns, ()) == 3
    assert next_in_turn(turns, {3, 4}) == 1
    assert next_in_turn(turns, {1, 3, 4}) == 2
    assert next_in_turn(turns, {1, 2, 3, 4}) is None
