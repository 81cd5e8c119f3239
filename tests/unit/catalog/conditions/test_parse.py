"""What a condition may look like, and what is said when it does not."""

from typing import Any

import pytest

from catalog.conditions.parse import DEEPEST, parse
from catalog.conditions.tree import (
    AllOf,
    AnyOf,
    Check,
    Compare,
    Has,
    Not,
    OneOf,
    Op,
    Unstated,
    Within,
    leaves,
)
from foundation.errors import Invalid


def leaf(field: Any = "employees", op: Any = "ge", value: Any = 10) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def test_a_tree_is_read_branch_by_branch() -> None:
    raw = {"all": [leaf(), {"any": [leaf(op="lt", value=3.5), {"not": leaf("org_type", "in", ["企业"])}]}]}

    tree = parse(raw)

    assert tree == AllOf(
        (
            Compare("employees", Op.GE, 10),
            AnyOf((Compare("employees", Op.LT, 3.5), Not(OneOf("org_type", ("企业",))))),
        )
    )
    assert [one.field for one in leaves(tree)] == ["employees", "employees", "org_type"]


def test_places_are_one_or_several_regions() -> None:
    assert parse(leaf("region_code", "within", "510800")) == Within("region_code", ("510800",))
    assert parse(leaf("region_code", "within_any", ["510802", "510811"])) == Within(
        "region_code", ("510802", "510811")
    )


def test_a_title_is_asked_for_with_its_details_and_null_details_are_not_asked() -> None:
    value = {
        "level": ["省级"],
        "type": "绿色工厂",
        "first_time": True,
        "obtained_to": None,
        "obtained_from": "2024",
    }

    assert parse(leaf("qualifications", "has", value)) == Has(
        "qualifications",
        (
            Check("type", ("绿色工厂",)),
            Check("level", ("省级",)),
            Check("first_time", (True,)),
            Check("obtained_on", start="2024"),
        ),
    )


def test_a_statistics_entry_is_asked_for_with_its_details() -> None:
    value = {"kinds": ["规上工业"], "first_entered_to": "2025-06-30", "new_build": False, "years_in": [2, 3]}

    assert parse(leaf("stat_entries", "has", value)) == Has(
        "stat_entries",
        (
            Check("kind", ("规上工业",)),
            Check("new_build", (False,)),
            Check("years_in", (2, 3)),
            Check("first_entered_on", end="2025-06-30"),
        ),
    )


def test_a_name_never_met_is_an_open_attribute() -> None:
    assert parse(leaf("moon_base_mw", "eq", True)) == Compare("moon_base_mw", Op.EQ, True)


@pytest.mark.parametrize("raw", [None, {}])
def test_conditions_that_nobody_wrote_down_are_unstated(raw: Any) -> None:
    tree = parse(raw)

    assert tree == Unstated()
    assert leaves(tree) == ()


def test_no_conditions_at_all_are_allowed_at_the_top() -> None:
    assert parse({"all": []}) == AllOf(())


def test_a_clause_may_be_cited_beside_a_leaf() -> None:
    assert parse(leaf() | {"clause": "第三条"}) == Compare("employees", Op.GE, 10)


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ([], "conditions"),
        ("企业", "conditions"),
        ({"all": [], "any": []}, "conditions"),
        ({"none": [leaf()]}, "conditions"),
        ({"all": leaf()}, "conditions.all"),
        ({"any": []}, "conditions.any"),
        ({"all": [{"all": []}]}, "conditions.all[0].all"),
        ({"not": [leaf()]}, "conditions.not"),
        (leaf() | {"unless": 1}, "conditions"),
        (leaf(field=""), "conditions.field"),
        (leaf(field=7), "conditions.field"),
        (leaf(op="near"), "conditions.op"),
        (leaf(op=None), "conditions.op"),
        (leaf(op=["ge"]), "conditions.op"),
        (leaf(value=None), "conditions.value"),
        (leaf(value=True), "conditions.value"),
        (leaf(value="很多"), "conditions.value"),
        (leaf(value="500"), "conditions.value"),
        (leaf(value=float("nan")), "conditions.value"),
        (leaf(value="2025-02-30"), "conditions.value"),
        (leaf(op="eq", value=None), "conditions.value"),
        (leaf(op="eq", value=" "), "conditions.value"),
        (leaf(op="eq", value=[1]), "conditions.value"),
        (leaf(op="in", value="企业"), "conditions.value"),
        (leaf(op="in", value=[]), "conditions.value"),
        (leaf(op="in", value=[None]), "conditions.value"),
        (leaf(op="within", value="5108"), "conditions.value"),
        (leaf(op="within", value=510800), "conditions.value"),
        (leaf(op="within_any", value="510800"), "conditions.value"),
        (leaf(op="within_any", value=[]), "conditions.value"),
        (leaf(op="has", value="绿色工厂"), "conditions.value"),
        (leaf(op="has", value={"level": ["省级"]}), "conditions.value"),
        (leaf(op="has", value={"type": None}), "conditions.value"),
        (leaf(op="has", value={"type": "甲", "kinds": ["乙"]}), "conditions.value"),
        (leaf(op="has", value={"type": []}), "conditions.value.type"),
        (leaf(op="has", value={"type": "甲", "grade": "A"}), "conditions.value.grade"),
        (leaf(op="has", value={"type": "甲", "first_time": "是"}), "conditions.value.first_time"),
        (leaf(op="has", value={"type": "甲", "obtained_to": "昨天"}), "conditions.value.obtained_to"),
        (leaf(op="has", value={"kinds": ["甲"], "years_in": ["二"]}), "conditions.value.years_in"),
    ],
)
def test_a_shape_never_met_is_refused_with_place_and_remedy(raw: Any, place: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(raw)

    (problem,) = refusal.value.problems
    assert problem.field == place
    assert problem.message
    assert problem.remedy


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        parse({"all": [leaf(op="near"), {"any": [leaf(value="很多"), leaf()]}]})

    assert [problem.field for problem in refusal.value.problems] == [
        "conditions.all[0].op",
        "conditions.all[1].any[0].value",
    ]


def test_a_tree_too_deep_to_read_is_refused() -> None:
    raw: dict[str, Any] = leaf()
    for _ in range(DEEPEST + 1):
        raw = {"not": raw}

    with pytest.raises(Invalid, match="层以上"):
        parse(raw)
