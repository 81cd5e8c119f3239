"""The whole square of a redress's stages and acts, and which limits run meanwhile."""

import pytest

from foundation.deadlines.limits import LIMITS
from foundation.errors import Conflict, NotAllowed
from foundation.web.access import Role
from portal.feedback.redress import rules
from portal.feedback.redress.rules import Act, Stage

ROLES = (Role.WINDOW, Role.SUPERVISOR, Role.ENTERPRISE, Role.DEPARTMENT)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("appealed", "appeal_open"), [(False, False), (True, True), (True, False)])
def test_only_what_is_listed_and_only_whose_it_is(
    stage: Stage, act: Act, role: Role, appealed: bool, appeal_open: bool
) -> None:
    fits = (stage, act) in rules.MOVES
    if act in {Act.UPHOLD, Act.DISMISS}:
        fits = fits and appeal_open
    if act is Act.APPEAL:
        fits = fits and not appealed
    may = fits and role in rules.MAY[act]
    how = {"appeal_open": appeal_open, "appealed": appealed}
    assert (act in rules.possible(stage, role, **how)) is may
    if may:
        assert rules.take(stage, act, role, **how) is rules.MOVES[stage, act]
    else:
        with pytest.raises(NotAllowed if fits else Conflict):
            rules.take(stage, act, role, **how)


def test_contact_and_fixing_are_counted_and_an_appeal_stops_neither() -> None:
    def running(stage: Stage, appeal: bool = False) -> set[str]:
        return set(rules.clocks_of(stage, appeal_open=appeal))

    assert running(Stage.OPEN) == {rules.CONTACT_LIMIT, rules.FIX_LIMIT}
    assert running(Stage.CONTACTED, appeal=True) == {rules.FIX_LIMIT, rules.APPEAL_LIMIT}
    assert running(Stage.FIXED) == set()
    limits = [LIMITS[name] for name in (rules.CONTACT_LIMIT, rules.FIX_LIMIT, rules.APPEAL_LIMIT)]
    assert [limit.amount for limit in limits] == [1, 15, 5]
    assert all(limit.source for limit in limits)


def test_everything_has_words() -> None:
    assert set(rules.STAGE_NAMES) == set(Stage)
    assert set(rules.ACT_NAMES) == set(rules.MAY) == set(Act)


def test_a_redress_is_named_without_its_case() -> None:
    assert rules.number_of(rules.subject("ZG-2026-0001")) == "ZG-2026-0001"
    assert rules.number_of("case:GY-2026-0001") is None
