"""Test cases ride with an item, and its conditions have to pass them."""

import pytest

from catalog import cases, rows
from foundation.errors import Invalid
from tests.factories.city import item_row

ENOUGH = {"name": "刚好 500", "facts": {"tech_reform_equipment_wan": 500}, "expect": "eligible"}
LESS = {"name": "差一点", "facts": {"tech_reform_equipment_wan": 499}, "expect": "not_eligible"}
NONE = {"name": "没有数据", "facts": {}, "expect": "unknown"}


def test_every_case_is_held_against_the_conditions() -> None:
    source = item_row(test_cases=[ENOUGH, LESS, NONE])
    assert [each.passes for each in cases.tried(source)] == [True, True, True]
    cases.demand_passing(source)
    assert not cases.untested(source)


def test_a_case_that_fails_is_named() -> None:
    stricter = {"all": [{"field": "tech_reform_equipment_wan", "op": "gt", "value": 500}]}
    with pytest.raises(Invalid, match="刚好 500"):
        cases.demand_passing(item_row(test_cases=[ENOUGH, LESS], conditions=stricter))


def test_conditions_without_cases_are_untested_and_none_need_no_case() -> None:
    assert cases.untested(item_row())
    assert not cases.untested(item_row(conditions=None))


@pytest.mark.parametrize(
    "given", ["x", [1], [{"name": "x", "facts": 1, "expect": "eligible"}], [{**ENOUGH, "expect": "maybe"}]]
)
def test_what_is_no_case_refuses_its_row(given: object) -> None:
    with pytest.raises(Invalid):
        rows.read(1, item_row(test_cases=given))
    rows.read(1, item_row(test_cases=None))
