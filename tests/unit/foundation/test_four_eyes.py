"""One prepares, another decides."""

import pytest

from foundation import four_eyes
from foundation.errors import NotAllowed
from foundation.web.access import Actor, Role


def officer(person_id: int, stands_in_for: int | None = None) -> Actor:
    return Actor(person_id, "样例", 1, "510800-jjxx", "样例局", Role.DEPARTMENT, stands_in_for)


def test_another_decides() -> None:
    four_eyes.check_other(officer(2), 1, "另一个人")
    four_eyes.check_other(officer(2, stands_in_for=3), 1, "另一个人")
    four_eyes.check_other(officer(2), None, "另一个人")


@pytest.mark.parametrize("deciding", [officer(1), officer(2, stands_in_for=1), officer(1, stands_in_for=2)])
def test_neither_the_one_who_prepared_nor_their_deputy_decides(deciding: Actor) -> None:
    with pytest.raises(NotAllowed, match="另一个人"):
        four_eyes.check_other(deciding, 1, "另一个人")
