"""Which acts many cases can take at once, for whom, and which of them still can."""

import pytest

from foundation.errors import NotAllowed
from foundation.web.access import Role
from portal.window.bulk.rules import BULKS, BulkAct, check_may, fits, offered
from portal.window.rules import Ending, Stage, take


@pytest.mark.parametrize(
    ("role", "tab", "acts"),
    [
        (Role.WINDOW, "submitted", (BulkAct.ACCEPT_AND_HAND_OFF, BulkAct.ACCEPT)),
        (Role.WINDOW, "accepted", (BulkAct.HAND_OFF,)),
        (Role.DEPARTMENT, "handed_off", (BulkAct.RESPOND,)),
        (Role.DEPARTMENT, "submitted", ()),
        (Role.WINDOW, "live", ()),
        (Role.SUPERVISOR, "handed_off", ()),
    ],
)
def test_a_tab_offers_what_its_role_does_there(role: Role, tab: str, acts: tuple[BulkAct, ...]) -> None:
    assert offered(role, tab) == acts


@pytest.mark.parametrize("act", BulkAct)
@pytest.mark.parametrize("mode", ["review", "instant"])
def test_its_acts_follow_one_another_from_its_stage(act: BulkAct, mode: str) -> None:
    stage = BULKS[act].stage
    assert fits(act, mode, stage, Ending.PAYMENT)
    for each in BULKS[act].acts:
        stage = take(mode, stage, each).stage
    assert not fits(act, mode, stage, Ending.PAYMENT)


@pytest.mark.parametrize("act", BulkAct)
@pytest.mark.parametrize("stage", [Stage.WITHDRAWN, Stage.PAID, Stage.SUPPLEMENT_ASKED])
def test_what_went_another_way_is_left_alone(act: BulkAct, stage: Stage) -> None:
    assert not fits(act, "review", stage, Ending.PAYMENT)


def test_nobody_does_what_is_anothers() -> None:
    check_may(Role.DEPARTMENT, BulkAct.RESPOND)
    with pytest.raises(NotAllowed, match="受理并交办"):
        check_may(Role.DEPARTMENT, BulkAct.ACCEPT_AND_HAND_OFF)
