"""Matching: all enterprises against all items, one enterprise against all items, one changed profile.

Every peer's answers are compared with ours before anything is timed. Cold is from columns to planes: both
sides have their columns in memory, we with every value once and in order, Polars as series and enumerations.
"""

import os
import random
from collections.abc import Callable, Sequence
from functools import partial
from itertools import cycle, islice
from typing import Any

import numpy as np

from benchmarks import peers, rounds, workload
from benchmarks.rounds import Result, faster
from benchmarks.workload import Columns, Tree
from catalog.conditions.parse import parse
from matching.planes.blocks import SIZE, Block, standing
from matching.planes.recipes import Book
from matching.planes.reverse import Index

os.environ.setdefault("POLARS_MAX_THREADS", "2")  # read when Polars is first imported
ROUNDS = 7
ITEMS, ENTERPRISES, MANY = 1000, 100_000, 1_000_000
WALKED = 200  # enterprises that the naive walk is measured on, and scaled from
CATALOGUE, FIRMS = 10_000, 40  # one enterprise against so many items; so many enterprises to take it from
FEW = 10_000
SAYS = {
    "match.forward": "The walk and Polars know what is not known, as we do; neither says why.",
    "match.one/zen": "zen-engine answers yes or no; what is not known counts as no, and nothing says why.",
    "match.one/jsonlogic": "json-logic answers yes or no, as zen-engine does.",
    "match.one": "The verdict with its reasons is worked out for the items that a page shows.",
}


def measure(count: int = ROUNDS) -> list[Result]:
    """All of them."""
    return [*forward(count), *one(count), profile(count)]


def blocks_of(columns: Columns, book: Book) -> list[Block]:
    """The enterprises as matching keeps them."""
    total = len(columns["region"])
    found = []
    for first in range(0, total, SIZE):
        values = workload.as_profiles(workload.facts(columns, slice(first, first + SIZE)))
        block = Block(book, first // SIZE, standing(range(min(SIZE, total - first))))
        for field in book.fields:
            block.learn(field, values[field])
        block.renew()
        found.append(block)
    return found


def book_of(trees: Sequence[Tree]) -> Book:
    """The items as matching keeps them."""
    return Book({f"item{place}": parse(workload.conditions(tree)) for place, tree in enumerate(trees)})


# --- forward: all enterprises against all items ---


def forward(count: int) -> list[Result]:
    """With leaves kept, cold, and cold with thresholds that no two items share."""
    columns = workload.enterprises(ENTERPRISES)
    trees, unique = workload.items(ITEMS), workload.items(ITEMS, jitter=True)
    blocks, unique_blocks = blocks_of(columns, book_of(trees)), blocks_of(columns, book_of(unique))
    frame = peers.frame(columns)
    rows = workload.rows(workload.facts(columns, slice(0, WALKED)))
    select, select_unique = (partial(_select, frame, peers.select(one)) for one in (trees, unique))
    _same_as_polars(blocks, select())
    _same_as_polars(unique_blocks, select_unique())
    _same_as_walk(blocks[0], trees, rows)
    times = rounds.medians(
        {
            "naive": [lambda: [peers.walk(tree, row) for row in rows for tree in trees]],
            "polars": [select],
            "kept": [partial(_renew, blocks)] * 3,
            "cold": [partial(_cold, blocks)] * 3,
            "polars unique": [select_unique],
            "unique": [partial(_cold, unique_blocks)] * 3,
        },
        count,
    )
    naive = times["naive"].own * ENTERPRISES / WALKED
    kept, cold, polars = times["kept"], times["cold"], times["polars"].wall
    unique, polars_unique = times["unique"].wall, times["polars unique"].wall
    return [
        faster("match.forward.kept/naive", kept.own, naive, 4200),
        faster("match.forward.kept/polars", kept.wall, polars, 9),
        faster("match.forward.cold/naive", cold.own, naive, 600),
        faster("match.forward.cold/polars", cold.wall, polars, 1.4),
        faster("match.forward.unique/polars", unique, polars_unique, 0.6),
    ]


def _select(frame: Any, expressions: Sequence[Any]) -> Any:
    return frame.lazy().select(expressions).collect()


def _renew(blocks: Sequence[Block]) -> None:
    for block in blocks:
        block.renew()


def _cold(blocks: Sequence[Block]) -> None:
    for block in blocks:
        block.forget()
        block.renew()


def _same_as_polars(blocks: Sequence[Block], answers: Any) -> None:
    ours = sum(np.bitwise_count(np.stack(block.planes.pairs)).sum(axis=2) for block in blocks)
    theirs = [(int(one.sum()), int(one.sum()) + int(one.null_count())) for one in answers]
    _demand(ours.tolist() == [list(one) for one in theirs], "Polars")


def _same_as_walk(block: Block, trees: Sequence[Tree], rows: Sequence[dict[str, Any]]) -> None:
    places = range(len(trees))
    same = (
        block.planes.truths(places, at) == [peers.walk(tree, row) for tree in trees]
        for at, row in enumerate(rows)
    )
    _demand(all(same), "the walk")


def _demand(same: bool, peer: str) -> None:
    if not same:
        raise RuntimeError(f"{peer} and we disagree; a ratio would mean nothing")


# --- one enterprise against all items ---


def one(count: int) -> list[Result]:
    """What "my policies" asks."""
    trees = workload.items(CATALOGUE, seed=11)
    values = workload.facts(workload.enterprises(FIRMS, seed=2), slice(None))
    rows, profiles = workload.rows(values), workload.rows(workload.as_profiles(values))
    index = Index([parse(workload.conditions(tree)) for tree in trees])
    codes = np.array([f"item{place}" for place in range(len(trees))], object)
    plain, rules = (
        [peers.two_valued(row) for row in rows],
        [peers.logic(peers.pushed(tree)) for tree in trees],
    )
    decision = peers.decision(trees)

    def listed(facts: dict[str, Any]) -> tuple[list[str], list[str]]:
        answer = index.match(facts)
        return codes[answer.eligible].tolist(), codes[answer.unknown].tolist()

    for facts, row, known in islice(zip(profiles, rows, plain, strict=True), 2):
        truths = [peers.walk(tree, row) for tree in trees]
        surely = [truth is True for truth in truths]
        _demand(index.match(facts).truths() == truths, "the walk")
        _demand([*peers.decided(decision.evaluate(known))] == surely, "zen-engine")
        _demand(peers.json_logic(rules, known) == surely, "json-logic")
    _each(index.match, profiles, FIRMS)
    times = rounds.medians(
        {
            "naive": _each(lambda row: [peers.walk(tree, row) for tree in trees], rows, 8),
            "ours": _each(index.match, profiles, FIRMS),
            "zen": _each(decision.evaluate, plain, 3),
            "ids": _each(listed, profiles, FIRMS),
            "jsonlogic": _each(partial(peers.json_logic, rules), plain, 2),
        },
        count,
    )
    return [
        faster("match.one/naive", times["ours"].own, times["naive"].own, 150),
        faster("match.one/zen", times["ours"].wall, times["zen"].wall, 430),
        faster("match.one/jsonlogic", times["ours"].own, times["jsonlogic"].own, 1500),
        faster("match.one.ids/naive", times["ids"].own, times["naive"].own, 28),
    ]


def _each(work: Callable[[Any], object], firms: Sequence[Any], many: int) -> list[rounds.Work]:
    return [partial(work, firm) for firm in firms[:many]]


# --- one changed profile ---


def profile(count: int) -> Result:
    """One figure of one enterprise changes: its leaves, its planes, and what turned."""
    book = book_of(workload.items(ITEMS))
    few, many = (_Changes(blocks_of(workload.enterprises(total), book), total) for total in (FEW, MANY))
    times = rounds.medians({"few": [few] * 5, "many": [many] * 5}, count * 8)
    ratio = times["many"].own / times["few"].own
    return {
        "measure": "match.profile.1M/10k", "ours": times["many"].own, "peer": times["few"].own,
        "ratio": ratio,
        "goal": 1.5, "holds": ratio <= 1.5,
    }  # fmt: skip


class _Changes:
    """Enterprises all over the place, one a call: each hires many people, and next time lets them go."""

    def __init__(self, blocks: Sequence[Block], total: int) -> None:
        chosen = random.Random(5).sample(range(total), FIRMS)
        self._next = cycle([(each, staff) for staff in (1200.0, 3.0) for each in chosen])
        self._blocks = blocks
        self._facts = {each: self._known(blocks[each // SIZE], each % SIZE) for each in chosen}

    @staticmethod
    def _known(block: Block, place: int) -> dict[str, Any]:
        return {field: next(islice(one.values(), place, None)) for field, one in block.columns.items()}

    def __call__(self) -> object:
        enterprise, staff = next(self._next)
        return self._blocks[enterprise // SIZE].change(
            enterprise, {**self._facts[enterprise], "employees": staff}
        )
