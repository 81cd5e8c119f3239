"""Blocks: who stands in them, and what is not asked for."""

from typing import Any

import pytest

from catalog.conditions.normal import normal
from catalog.conditions.parse import parse
from catalog.conditions.verdict import judge
from matching.planes.blocks import SIZE, STEP, Block, standing
from matching.planes.clauses import clauses
from matching.planes.kept import Planes
from matching.planes.literals import Literals
from matching.planes.recipes import Book
from matching.planes.reverse import Index

BIG = {"field": "n", "op": "ge", "value": 5}
KNOWN = {"any": [BIG, {"not": BIG}]}
ITEMS: dict[str, dict[str, Any]] = {
    "big": BIG,
    "small": {"not": BIG},
    "any": KNOWN,
    "all": {"all": []},
    "vague": {},
}


def book() -> Book:
    return Book({code: parse(tree) for code, tree in ITEMS.items()})


def block(number: int = 0) -> Block:
    """Enterprises at the places 0, 2 and 70; nobody in between."""
    made = Block(book(), number, standing([0, 2, 70]))
    values: list[Any] = [None] * 71
    values[0], values[2] = 9, 1
    made.learn("n", values)
    made.renew()
    return made


def test_nobody_stands_where_no_enterprise_is() -> None:
    planes = Planes(book(), [block()])

    assert planes.eligible("big").tolist() == [0]
    assert planes.eligible("small").tolist() == [2]
    assert planes.unknown("any").tolist() == [70]
    assert planes.eligible("all").tolist() == [0, 2, 70]
    assert planes.unknown("vague").tolist() == [0, 2, 70]
    assert sum(planes.counts("small").values()) == 3


def test_ids_go_on_from_block_to_block() -> None:
    planes = Planes(book(), [block(1), block(0)])

    assert planes.eligible("big").tolist() == [0, SIZE]


def test_a_new_enterprise_makes_room_for_itself() -> None:
    kept = block()
    planes = Planes(kept.book, [kept])

    turns = planes.change(STEP + 1, {"n": 7})
    planes.change(SIZE + 3, {"n": 8})

    assert {kept.book.recipes[turn.place].code for turn in turns} == {"big", "any", "all", "vague"}
    assert planes.eligible("big").tolist() == [0, STEP + 1, SIZE + 3]
    assert planes.unknown("vague").tolist() == [0, 2, 70, STEP + 1, SIZE + 3]


def test_only_what_turns_is_told() -> None:
    kept = block()

    assert kept.change(0, {"n": 8}) == []
    turns = kept.change(0, {})
    assert [(kept.book.recipes[turn.place].code, turn.before, turn.after) for turn in turns] == [
        ("big", True, None),
        ("small", False, None),
        ("any", True, None),
    ]


def test_facts_that_were_never_read_are_named() -> None:
    kept = block()
    kept.book.put("new", parse({"field": "strange_fact", "op": "eq", "value": True}))

    with pytest.raises(LookupError, match="strange_fact"):
        kept.renew()


def test_an_item_keeps_its_place_and_forgets_what_it_read() -> None:
    own = book()
    place = own.put("big", parse({"field": "other", "op": "eq", "value": True}))

    assert place == own.place("big") == 0
    assert place not in own.readers["n"]
    assert place in own.readers["other"]


def test_the_bitmaps_made_again_are_the_same() -> None:
    kept = block()
    before = {code: kept.plane(code) for code in ITEMS}
    kept.forget()
    kept.renew()

    assert {code: kept.plane(code) for code in ITEMS} == before


def test_too_many_clauses_are_walked_with_the_same_answer() -> None:
    pairs = [{"any": [{"field": f"f{n}", "op": "eq", "value": choice} for choice in "ab"]} for n in range(9)]
    tree = parse({"all": pairs})
    values = {f"f{n}": "a" for n in range(9)}

    assert clauses(normal(tree), Literals()) is None
    assert len(clauses(normal(tree), Literals(), 512) or ()) == 512
    for facts, truth in ((values, True), (values | {"f3": "c"}, False), (values | {"f3": None}, None)):
        assert Index([tree, parse(BIG)]).match(facts).truths() == [truth, None]
        assert Index([tree, parse(BIG)], 512).match(facts).truths() == [truth, None]


@pytest.mark.parametrize(
    ("entries", "truths"),
    [
        ([], [False, False, False]),
        ([{"type": "丁", "kind": "规上工业"}], [False, False, True]),
        ([{"type": "甲", "kind": "限上商贸"}], [True, None, False]),
        ([{"type": "甲", "level": "市级"}, {"type": "丁", "level": "省级"}], [True, False, None]),
        (["甲"], [None, None, None]),
    ],
)
def test_entries_of_two_sorts_in_one_list(entries: list[Any], truths: list[bool | None]) -> None:
    asked = [{"type": "甲"}, {"type": "甲", "level": "省级"}, {"kinds": ["规上工业"]}]
    trees = [parse({"field": "lists", "op": "has", "value": one}) for one in asked]

    assert Index(trees).match({"lists": entries}).truths() == truths
    assert [judge(tree, {"lists": entries}).root.holds for tree in trees] == truths


def test_an_answer_lists_places_in_order() -> None:
    answer = Index([parse(ITEMS[code]) for code in ("vague", "big", "all", "any")]).match({"n": 6})

    assert answer.eligible.tolist() == [1, 2, 3]
    assert answer.unknown.tolist() == [0]
