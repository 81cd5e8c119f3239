"""A block: a range of enterprises with their facts, the bitmaps of all leaves, the plane of every item. Pure.

An enterprise's place follows from its internal id alone, so every process gives it the same one, today and
after any rebuild. Blocks are small enough that what is combined stays in the processor's cache, and they know
nothing of each other: any number of workers can share a run.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from catalog.conditions.kleene import Truth
from matching.planes import bitmaps
from matching.planes.bitmaps import WORD, Positions, Words
from matching.planes.columns import Column
from matching.planes.literals import truth_of
from matching.planes.pieces import Pieces
from matching.planes.recipes import EVERYBODY, FIRST, OWN, Book, Recipe
from matching.planes.rows import MAYBE, SIDES, SURELY, Rows

SIZE = 50 * 2**10
STEP = 2**11  # a block widens by whole steps

BoundStep = tuple[np.ufunc, Words, Words, Words]


@dataclass(frozen=True, slots=True)
class Difference:
    """One item in one block: its plane before and after, who surely meets it and who may."""

    place: int
    first_id: int
    before: Words
    after: Words

    @property
    def gained(self) -> Positions:
        """The ids of those who meet it now and did not before."""
        return self._ids(self.after[SURELY] & ~self.before[SURELY])

    @property
    def lost(self) -> Positions:
        """The ids of those who met it before and do not now."""
        return self._ids(self.before[SURELY] & ~self.after[SURELY])

    def _ids(self, words: Words) -> Positions:
        return bitmaps.positions(words) + self.first_id


@dataclass(frozen=True, slots=True)
class Turn:
    """What one enterprise's changed facts did to one item."""

    place: int
    before: Truth
    after: Truth


def standing(places: Iterable[int]) -> Words:
    """Who is present, with room up to the next whole step."""
    own = sorted(places)
    steps = own[-1] // STEP + 1 if own else 1
    return bitmaps.holding(own, steps * STEP // WORD)


class Block:
    """The enterprises whose ids begin at `number * SIZE`."""

    def __init__(self, book: Book, number: int, present: Words) -> None:
        self.book, self.number, self.present = book, number, present
        self.words = len(present)
        self.columns: dict[str, Column] = {}
        self.leaves, self.planes = Rows(self.words), Rows(self.words)
        self._filled = 0  # so many leaves are made
        everybody = np.concatenate([present] * SIDES)
        spare = (np.empty_like(everybody) for _ in range(EVERYBODY))
        self._constant = [*spare, everybody, np.zeros_like(everybody)]
        self._bound: dict[int, tuple[Recipe, list[BoundStep]]] = {}

    @property
    def first_id(self) -> int:
        """The internal id at place 0."""
        return self.number * SIZE

    def plane(self, code: str) -> bytes:
        """The plane of one item as it could be kept elsewhere: who surely meets it, then who may."""
        return self.planes.pairs[self.book.place(code)].tobytes()

    @property
    def strange(self) -> frozenset[str]:
        """The facts that some leaf reads and that are not learnt yet."""
        return self.book.fields - self.columns.keys()

    def learn(self, field: str, values: Sequence[object]) -> None:
        """Take in one fact of all enterprises by place, None where it is missing."""
        self.columns[field] = Column(values[: self.words * WORD], self.words)

    def under(self, book: Book) -> "Block":
        """The same enterprises and facts under another book, nothing made yet."""
        other = Block(book, self.number, self.present)
        other.columns = self.columns
        return other

    def renew(self, places: Iterable[int] | None = None) -> None:
        """Make the planes of some items, or of all, from the leaves."""
        self._fill()
        self.planes.grow(len(self.book.recipes))
        for place in range(len(self.book.recipes)) if places is None else places:
            for combine, one, other, into in self._steps_of(place):
                combine(one, other, into)

    def _steps_of(self, place: int) -> list[BoundStep]:
        """An item's steps, tied to the bitmaps of this block, which never move."""
        recipe = self.book.recipes[place]
        known = self._bound.get(place)
        if known is None or known[0] is not recipe:
            own = [self.planes.flat[place], *self._constant[OWN + 1 :]]

            def cell(at: int) -> Words:
                return own[at] if at < FIRST else self.leaves.flat[at - FIRST]

            steps = [(how, cell(one), cell(other), cell(into)) for how, _, one, other, into in recipe.steps]
            known = self._bound[place] = recipe, steps
        return known[1]

    def differences(self, places: Iterable[int] | None = None) -> list[Difference]:
        """Make planes anew and say what is not as before."""
        self.planes.grow(len(self.book.recipes))
        asked = range(len(self.book.recipes)) if places is None else places
        before = {place: self.planes.pairs[place].copy() for place in asked}
        self.renew(before)
        return [
            Difference(place, self.first_id, old, self.planes.pairs[place].copy())
            for place, old in before.items()
            if not np.array_equal(old, self.planes.pairs[place])
        ]

    def forget(self) -> None:
        """Drop the bitmaps of all leaves; the next run makes them from the facts."""
        self._filled = 0

    def _fill(self) -> None:
        """Make the bitmaps of leaves that are not kept yet, field by field."""
        first, total = self._filled, len(self.book.literals.asked)
        if first == total:
            return
        if self.strange:
            raise LookupError(f"facts not learnt: {', '.join(sorted(self.strange))}")
        self.leaves.grow(total)
        for field, by_leaf in self.book.by_field.items():
            new = {
                leaf: own
                for leaf, places in by_leaf.items()
                if (own := [one for one in places if one >= first])
            }
            if new:
                self._fill_field(self.columns[field], new)
        for place in self.book.unstated:
            self.leaves.pairs[place][:] = np.stack([np.zeros_like(self.present), self.present])
        self._filled = total

    def _fill_field(self, column: Column, by_leaf: Mapping[Pieces, Sequence[int]]) -> None:
        bitmaps_of = column.bitmaps([*by_leaf], self.present)
        for places, (holds, fails) in zip(by_leaf.values(), bitmaps_of, strict=True):
            for place in places:
                surely, never = (fails, holds) if self.book.literals.asked[place].negated else (holds, fails)
                pair = self.leaves.pairs[place]
                pair[SURELY] = surely
                np.bitwise_xor(never, self.present, pair[MAYBE])  # those who never do are all present

    def change(self, enterprise_id: int, values: Mapping[str, Any]) -> list[Turn]:
        """Let one enterprise have other facts; touches only the leaves and items that read what changed."""
        position = enterprise_id - self.first_id
        changed = [field for field, column in self.columns.items() if column.put(position, values.get(field))]
        leaves = [place for field in changed for place in self.book.reading(field)]
        items = sorted({place for field in changed for place in self.book.readers[field]})
        if self._arrives(position):
            leaves, items = list(range(len(self.leaves))), list(range(len(self.planes)))
        self.leaves.put(
            leaves, position, [truth_of(self.book.literals.asked[place], values) for place in leaves]
        )
        after = self.book.truths(items, values)
        before = self.planes.truths(items, position)
        turns = [
            Turn(place, old, new)
            for place, old, new in zip(items, before, after, strict=True)
            if old is not new
        ]
        self.planes.put([turn.place for turn in turns], position, [turn.after for turn in turns])
        return turns

    def _arrives(self, position: int) -> bool:
        """Whether nobody was at that place before; now somebody is."""
        octet, bit = position >> 3, 1 << (position & 7)
        if self.present.view(np.uint8)[octet] & bit:
            return False
        self.present.view(np.uint8)[octet] |= bit
        self._constant[EVERYBODY][:] = np.concatenate([self.present] * SIDES)
        return True

    def has_room(self, position: int) -> bool:
        """Whether a place lies within this block as it stands."""
        return position < self.words * WORD

    def widened(self, position: int) -> "Block":
        """This block with room for a place beyond its end."""
        room = len(standing([position])) - self.words
        wider = Block(self.book, self.number, np.pad(self.present, (0, room)))
        for field, column in self.columns.items():
            wider.learn(field, [*column.values()])
        wider.renew()
        return wider
