"""The condition tree changed step by step: what stands where, and what can never come of it."""

import pytest

from catalog.authoring import tree
from catalog.conditions import sentence
from catalog.conditions.parse import parse
from foundation.errors import Invalid

STAFF = {"field": "employees", "op": "ge", "value": 30}
HERE = {"field": "region_code", "op": "within", "value": "510800"}
LISTED = {"field": "serious_dishonest", "op": "eq", "value": True}


def words(raw: object) -> str:
    return sentence.in_words(parse(raw))


def test_from_nothing_to_a_tree_with_every_kind_of_group() -> None:
    raw = tree.add(None, "", STAFF)
    raw = tree.add(raw, "", HERE, "any")
    raw = tree.add(raw, "1", STAFF)
    raw = tree.add(raw, "", LISTED, "not")
    assert raw == {"all": [STAFF, {"any": [HERE, STAFF]}, {"not": {"any": [LISTED]}}]}
    assert [(line.path, line.depth, line.group) for line in tree.lines(raw)] == [
        ("0", 0, ""), ("1", 0, "any"), ("1.0", 1, ""), ("1.1", 1, ""), ("2", 0, "not"), ("2.0", 1, ""),
    ]  # fmt: skip
    assert [path for path, _ in tree.groups(raw)] == ["", "1", "2"]
    assert "没有被列入严重违法失信名单" in words(raw)


def test_what_was_given_stays_as_it_was() -> None:
    raw = {"any": [STAFF, HERE]}
    assert tree.put(raw, "0.1", LISTED) == {"all": [{"any": [STAFF, LISTED]}]}
    assert raw == {"any": [STAFF, HERE]}
    assert tree.at(raw, "0.1") == HERE


def test_a_group_goes_with_its_last_line_and_the_tree_with_its_last_group() -> None:
    raw = {"all": [STAFF, {"any": [HERE]}]}
    assert tree.remove(raw, "1.0") == {"all": [STAFF]}
    assert tree.remove({"all": [{"any": [HERE]}]}, "0.0") is None


def test_moving_stops_at_the_ends() -> None:
    raw = {"all": [STAFF, HERE]}
    assert tree.move(raw, "1", -1) == {"all": [HERE, STAFF]}
    assert tree.move(raw, "1", 1) == raw


@pytest.mark.parametrize("not_in_a_list", [{"not": LISTED}, {"not": {"all": [LISTED, STAFF]}}])
def test_a_not_reads_as_a_list_and_means_the_same(not_in_a_list: dict[str, object]) -> None:
    raw = {"all": [not_in_a_list]}
    moved = tree.move(raw, "0.0", 1)
    assert words(moved) == words(raw)


def test_a_group_turns_into_another() -> None:
    raw = {"all": [{"any": [HERE, STAFF]}]}
    assert tree.turn(raw, "0", "all") == {"all": [{"all": [HERE, STAFF]}]}
    turned = tree.turn(raw, "0", "not")
    assert turned == {"all": [{"not": {"any": [HERE, STAFF]}}]}
    assert tree.turn(turned, "0", "any") == raw


@pytest.mark.parametrize("path", ["7", "0.0", "x"])
def test_a_place_that_is_not_there_is_refused(path: str) -> None:
    with pytest.raises(Invalid):
        tree.remove({"all": [STAFF]}, path)
    with pytest.raises(Invalid):
        tree.remove({"all": [STAFF]}, "")
