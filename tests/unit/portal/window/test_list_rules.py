"""What may happen to an exempt list: the whole square, and clocks that run once for all rows."""

import pytest

from foundation.errors import Conflict
from portal.window.lists.rules import (
    DOUBTS,
    MOVES,
    STAGE_NAMES,
    STARTS,
    STOPS,
    Doubt,
    ListAct,
    ListStage,
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
    assert not [act for stage, act in MOVES if stage is ListStage.CONFIRMED]


def test_every_clock_of_a_list_that_starts_can_stop() -> None:
    started = {name for names in STARTS.values() for name in names}
    assert started == {name for names in STOPS.values() for name in names}


def test_every_stage_and_doubt_has_its_words() -> None:
    assert set(STAGE_NAMES) == set(ListStage)
    assert set(DOUBTS) == set(Doubt)
