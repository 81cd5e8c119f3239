"""What may happen to a payment that came back."""

import pytest

from foundation.deadlines.limits import LIMITS
from foundation.errors import Conflict
from portal.window import story
from portal.window.returns import rules
from portal.window.returns.rules import Act, Stage


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("act", Act)
def test_every_move_not_listed_is_refused(stage: Stage, act: Act) -> None:
    if (stage, act) in rules.MOVES:
        assert rules.take(stage, act) is rules.MOVES[stage, act]
    else:
        with pytest.raises(Conflict, match=rules.STAGE_NAMES[stage]):
            rules.take(stage, act)


def test_every_stage_has_words_and_a_limit_with_a_source() -> None:
    assert set(rules.STAGE_NAMES) == set(rules.WAITING) == set(rules.CLOCKS) == set(Stage)
    assert all(LIMITS[limit].source for limit in rules.CLOCKS.values() if limit)
    assert rules.CLOCKS[Stage.REPAID] is None
    assert set(Act) <= set(story.SAID)


@pytest.mark.parametrize(
    ("account", "same"),
    [("样例机械（广元）有限公司", True), ("样例机械 (广元)有限公司", True), ("样例机械有限公司", False)],
)
def test_an_account_is_in_the_applicants_name(account: str, same: bool) -> None:
    assert rules.same_name(account, "样例机械(广元)有限公司") is same


def test_a_return_has_a_subject_of_its_own() -> None:
    assert rules.number_of(rules.subject("GY-2026-0001")) == "GY-2026-0001"
    assert rules.number_of("case:GY-2026-0001") is None
