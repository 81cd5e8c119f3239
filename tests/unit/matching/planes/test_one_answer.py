"""Forward, reverse, the verdict, the sentence and a plain walk give one answer, whatever the conditions and
the facts.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.conditions.kleene import Truth
from catalog.conditions.parse import parse
from catalog.conditions.sentence import ANY_OF, NO_LIMIT, Sentence, sentences
from catalog.conditions.tree import Node
from catalog.conditions.verdict import judge
from matching.planes.blocks import Block, standing
from matching.planes.recipes import Book
from matching.planes.reverse import Index
from tests.unit.catalog.conditions import test_naive_walk as naive
from tests.unit.matching.planes.worlds import PROFILES, TREES

pytestmark = pytest.mark.many_examples
MANY_TREES = st.lists(TREES, min_size=1, max_size=6).map(lambda raw: [parse(one) for one in raw])
MANY_PROFILES = st.lists(PROFILES, min_size=1, max_size=6)


def book_of(trees: Sequence[Node]) -> Book:
    return Book({str(place): tree for place, tree in enumerate(trees)})


def block_of(book: Book, profiles: Sequence[dict[str, Any]]) -> Block:
    block = Block(book, 0, standing(range(len(profiles))))
    for field in book.fields:
        block.learn(field, [profile.get(field) for profile in profiles])
    block.renew()
    return block


def verdicts(trees: Sequence[Node], profile: dict[str, Any]) -> list[Truth]:
    return [judge(tree, profile).root.holds for tree in trees]


def leaves_of(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "field" in raw:
        yield raw
    for part in raw.get("all") or raw.get("any") or [one for one in [raw.get("not")] if one]:
        yield from leaves_of(part)


def as_read(lines: Sequence[Sentence], truths: dict[str, Truth], *, any_of: bool = False) -> Truth:
    """What somebody concludes who reads the sentence and knows of each clause whether it is so."""
    parts = [
        as_read(line.parts, truths, any_of=line.text == ANY_OF) if line.parts else truths[line.text]
        for line in lines
    ]
    if any_of:
        return naive.negation(naive.conjunction([naive.negation(part) for part in parts]))
    return naive.conjunction(parts)


def one_answer(raw: dict[str, Any], profile: dict[str, Any]) -> None:
    """All readings of one tree for one enterprise; the experiments ask ten thousand."""
    tree, wanted = parse(raw), naive.walk(raw, profile)
    truths: dict[str, Truth] = {NO_LIMIT: True}
    for leaf in leaves_of(raw):
        for one in (leaf, {"not": leaf}):
            truths[sentences(parse(one))[0].text] = naive.walk(one, profile)

    assert judge(tree, profile).root.holds is wanted
    assert block_of(book_of([tree]), [profile]).planes.truths([0], 0) == [wanted]
    assert Index([tree]).match(profile).truths() == [wanted]
    assert as_read(sentences(tree), truths) is wanted


@settings(max_examples=200, deadline=None)
@given(naive.TREES, naive.PROFILES)
def test_verdict_planes_and_sentence_equal_a_naive_walk(raw: dict[str, Any], profile: dict[str, Any]) -> None:
    one_answer(raw, profile)


@settings(max_examples=1000, deadline=None)
@given(MANY_TREES, MANY_PROFILES)
def test_the_planes_equal_the_verdicts(trees: list[Node], profiles: list[dict[str, Any]]) -> None:
    block = block_of(book_of(trees), profiles)

    places = range(len(trees))
    assert [block.planes.truths(places, at) for at in range(len(profiles))] == [
        verdicts(trees, profile) for profile in profiles
    ]


@settings(max_examples=1000, deadline=None)
@given(MANY_TREES, MANY_PROFILES, st.sampled_from([0, 1, 3, 64]))
def test_one_against_all_equals_the_verdicts(
    trees: list[Node], profiles: list[dict[str, Any]], most_clauses: int
) -> None:
    index = Index(trees, most_clauses)

    assert [index.match(profile).truths() for profile in profiles] == [
        verdicts(trees, profile) for profile in profiles
    ]


@settings(max_examples=100, deadline=None)
@given(MANY_TREES, MANY_PROFILES, MANY_PROFILES)
def test_changing_profiles_one_by_one_ends_where_a_rebuild_begins(
    trees: list[Node], before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    book = book_of(trees)
    block, whole = block_of(book, before), block_of(book, after)
    for place, profile in enumerate(after):
        turns = {turn.place: (turn.before, turn.after) for turn in block.change(place, profile)}
        was = verdicts(trees, before[place]) if place < len(before) else [False] * len(trees)
        now = verdicts(trees, profile)
        assert turns == {
            at: (old, new) for at, (old, new) in enumerate(zip(was, now, strict=True)) if old is not new
        }

    for place in range(len(after)):
        assert block.planes.truths(range(len(trees)), place) == whole.planes.truths(range(len(trees)), place)
        assert block.leaves.truths(range(len(book.literals.asked)), place) == whole.leaves.truths(
            range(len(book.literals.asked)), place
        )


@settings(max_examples=60, deadline=None)
@given(st.lists(naive.TREES, min_size=10, max_size=16), st.lists(naive.PROFILES, min_size=10, max_size=16))
def test_ten_thousand_pairs_equal_a_naive_walk(
    raw: list[dict[str, Any]], profiles: list[dict[str, Any]]
) -> None:
    trees = [parse(one) for one in raw]
    block, index = block_of(book_of(trees), profiles), Index(trees)

    for at, profile in enumerate(profiles):
        wanted = [naive.walk(one, profile) for one in raw]
        assert block.planes.truths(range(len(trees)), at) == wanted
        assert index.match(profile).truths() == wanted
