"""What time alone brings, and which clause a leaf comes from."""

from datetime import date
from typing import Any

import pytest

from catalog.conditions.cited import cited
from catalog.conditions.later import holds_from
from catalog.conditions.parse import parse
from catalog.conditions.verdict import judge

AS_OF = date(2026, 10, 31)
PAID: dict[str, Any] = {"field": "ui_paid_months", "op": "ge", "value": 12}
SECOND = {"field": "stat_entries", "op": "has", "value": {"kinds": ["规上工业"], "years_in": [2, 3]}}
LISTED: dict[str, Any] = {"kind": "规上工业", "years_in": 1}


@pytest.mark.parametrize(
    ("leaf", "known", "day"),
    [
        (PAID, 8, date(2027, 2, 28)),
        (PAID, 11.5, date(2026, 11, 30)),
        (PAID | {"op": "gt"}, 12, date(2026, 11, 30)),
        (PAID | {"op": "le"}, 13, None),
        (PAID, 12, None),
        ({"not": PAID}, 12, None),
        (PAID | {"field": "employees"}, 8, None),
        (SECOND, [LISTED], date(2027, 1, 1)),
        (SECOND, [LISTED | {"years_in": 4}], None),
        (SECOND, [LISTED | {"years_in": None}], None),
        (SECOND, [LISTED | {"kind": "限上商贸"}], None),
        (SECOND, [], None),
    ],
)
def test_the_day_from_which_it_holds(leaf: dict[str, Any], known: Any, day: date | None) -> None:
    field = leaf.get("not", leaf)["field"]
    (finding,) = judge(parse(leaf), {field: known}).findings

    assert holds_from(finding, AS_OF) == day


def test_a_leaf_keeps_the_clause_that_it_comes_from() -> None:
    tree = {"all": [PAID | {"clause": "第三条第二款"}, {"any": [SECOND, {"not": PAID | {"value": 6}}]}]}

    assert cited(tree) == {parse(PAID): "第三条第二款"}
    assert cited(None) == {}
