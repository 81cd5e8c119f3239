"""公示: masked where needed, objected to by name, and nothing decided past an open objection."""

import pytest

from foundation.enterprises.rules import Kind
from foundation.errors import Conflict, Invalid, NotAllowed
from portal.window.publicity.rules import (
    MOST_AN_HOUR,
    STATE_NAMES,
    State,
    check_clear,
    check_examined,
    check_objector,
    check_often,
    masked,
)

CODE = "91510800MAD0A1B2CG"


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("样例机械有限公司", Kind.ENTERPRISE, ("样例机械有限公司", CODE)),
        ("王小明", Kind.PERSON, ("王**", "")),
        ("样例小吃店", Kind.SOLE_TRADER, ("样例小吃店", "915108********B2CG")),
    ],
)
def test_persons_are_masked_and_enterprises_are_not(name: str, kind: Kind, shown: tuple[str, str]) -> None:
    assert masked(name, CODE, kind) == shown


@pytest.mark.parametrize("name", ["", "王", "匿名", "某企业", "知情人士", "一名群众"])
def test_an_anonymous_objection_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(Invalid, match="匿名的异议不受理"):
        check_objector(name)


def test_a_name_is_enough() -> None:
    check_objector("王小明")


def test_too_many_from_one_place_have_to_wait() -> None:
    check_often(MOST_AN_HOUR - 1)
    with pytest.raises(NotAllowed, match="一小时后再试"):
        check_often(MOST_AN_HOUR)


@pytest.mark.parametrize(
    ("over", "objections", "said"),
    [
        (False, [], "公示期满"),
        (True, [State.OPEN], "还没有处理完"),
        (True, [State.EXAMINED, State.DISMISSED], "还没有处理完"),
        (True, [State.UPHELD], "异议成立"),
    ],
)
def test_nothing_is_decided_past_a_publicity(over: bool, objections: list[State], said: str) -> None:
    with pytest.raises(Conflict, match=said):
        check_clear(True, over, objections)
    check_clear(False, over, objections)


def test_a_publicity_that_is_over_and_answered_is_in_nobodys_way() -> None:
    check_clear(True, True, [])
    check_clear(True, True, [State.DISMISSED])


def test_an_objection_is_decided_once_and_only_after_somebody_looked_at_it() -> None:
    with pytest.raises(Conflict, match="还没有核查"):
        check_examined(State.OPEN)
    with pytest.raises(Conflict, match="已经作出"):
        check_examined(State.UPHELD)
    check_examined(State.EXAMINED)


def test_every_state_has_its_words() -> None:
    assert set(STATE_NAMES) == set(State)
