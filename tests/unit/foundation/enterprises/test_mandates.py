"""What a mandate holds for, who gives and ends it."""

from datetime import date

import pytest

from foundation.enterprises.mandates.rules import (
    EVERYTHING,
    WHOLE,
    Capacity,
    Mandate,
    Power,
    check,
    check_ends,
    check_names_others,
    check_successor,
    chief_at_binding,
    powers_of,
    until_problem,
)
from foundation.errors import NotAllowed

TODAY = date(2026, 6, 1)
LEGAL = Mandate(Capacity.LEGAL, chief=True, powers=EVERYTHING, items=None)
CHIEF = Mandate(Capacity.HANDLER, chief=True, powers=EVERYTHING, items=None)
AGENT = Mandate(Capacity.AGENT, chief=False, powers=powers_of([Power.APPLY]), items=frozenset({"A"}))


def test_a_mandate_holds_for_its_items_and_powers_alone() -> None:
    check(AGENT, Power.APPLY, "A")
    check(AGENT, Power.LOOK)
    check(WHOLE, Power.CONFIRM_ACCOUNT, "anything")
    with pytest.raises(NotAllowed, match="不包括这项政策"):
        check(AGENT, Power.APPLY, "B")
    with pytest.raises(NotAllowed, match="不包括“确认收款账户”"):
        check(AGENT, Power.CONFIRM_ACCOUNT, "A")


def test_looking_goes_with_everything() -> None:
    assert powers_of([]) == {Power.LOOK}


def test_only_who_may_names_others_and_nobody_ends_the_legal_representative() -> None:
    check_names_others(CHIEF)
    check_ends(CHIEF, Capacity.AGENT)
    check_ends(LEGAL, Capacity.LEGAL)
    with pytest.raises(NotAllowed, match="由法定代表人或最先绑定的经办人管理"):
        check_names_others(AGENT)
    with pytest.raises(NotAllowed, match="不能由经办人终止"):
        check_ends(CHIEF, Capacity.LEGAL)


@pytest.mark.parametrize(
    ("capacity", "has_chief", "chief"),
    [
        (Capacity.LEGAL, True, True),
        (Capacity.HANDLER, False, True),
        (Capacity.HANDLER, True, False),
        (Capacity.AGENT, False, False),
    ],
)
def test_the_first_person_bound_names_others(capacity: Capacity, has_chief: bool, chief: bool) -> None:
    assert chief_at_binding(capacity, has_chief=has_chief) is chief


@pytest.mark.parametrize(
    ("capacity", "until", "said"),
    [
        (Capacity.HANDLER, None, None),
        (Capacity.AGENT, None, "还没有填写"),
        (Capacity.AGENT, date(2026, 5, 31), "不能早于今天"),
        (Capacity.AGENT, TODAY, None),
        (Capacity.AGENT, date(2027, 6, 1), None),
        (Capacity.AGENT, date(2027, 6, 2), "最长一年"),
        (Capacity.HANDLER, date(2030, 1, 1), None),
    ],
)
def test_an_agent_acts_for_a_year_at_the_most(
    capacity: Capacity, until: date | None, said: str | None
) -> None:
    problem = until_problem(capacity, until, TODAY)
    assert (problem is None) if said is None else (problem is not None and said in problem.message)


def test_a_year_after_a_leap_day() -> None:
    assert until_problem(Capacity.AGENT, date(2029, 2, 28), date(2028, 2, 29)) is None
    assert until_problem(Capacity.AGENT, date(2029, 3, 1), date(2028, 2, 29)) is not None


def test_work_goes_to_a_colleague() -> None:
    check_successor(1, 2, Capacity.HANDLER)
    with pytest.raises(NotAllowed, match="不能交接给本人"):
        check_successor(1, 1, Capacity.HANDLER)
    with pytest.raises(NotAllowed, match="代理人不能接"):
        check_successor(1, 2, Capacity.AGENT)
