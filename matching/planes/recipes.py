"""How items are put together from the leaves that they share: each leaf once, each item a few steps. Pure.

Every "not" stands at a leaf (`catalog.conditions.normal`), so an item is made of "and" and "or" alone, and
the same steps serve both sides of Kleene's logic: who surely meets it, and who is not surely out.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import and_, or_
from typing import Any

import numpy as np

from catalog.conditions.kleene import Truth
from catalog.conditions.normal import Group, Literal, normal
from catalog.conditions.parse import DEEPEST
from catalog.conditions.tree import AnyOf, Leaf, Node, Unstated
from matching.planes.literals import Literals, identity, truth_of
from matching.planes.pieces import Pieces
from matching.planes.rows import LEVELS, TRUTHS

# A step reads and writes cells by number: the item's own plane, planes for the time being, two constant ones,
# and from FIRST on the literals.
OWN, SPARE = 0, 1
EVERYBODY = SPARE + DEEPEST + 1
NOBODY = EVERYBODY + 1
FIRST = NOBODY + 1
# by what for many enterprises and for one, from two cells, into a third
Step = tuple[np.ufunc, Callable[[int, int], int], int, int, int]
WITHDRAWN = AnyOf(())


@dataclass(frozen=True, slots=True)
class Recipe:
    """One item: its steps, and the facts that they read."""

    code: str
    steps: tuple[Step, ...]
    fields: frozenset[str]


class Book:
    """The recipes of many items over shared literals. Items and literals never change their places."""

    def __init__(self, trees: Mapping[str, Node] | None = None) -> None:
        self.recipes: list[Recipe] = []
        self.literals = Literals()
        self.unstated: list[int] = []
        self.by_field: dict[str, dict[Pieces, list[int]]] = {}
        self.readers: dict[str, set[int]] = {}
        self._places: dict[str, int] = {}
        self._known = 0  # literals
        self._pieces: dict[Hashable, Pieces] = {}
        for code, tree in (trees or {}).items():
            self.put(code, tree)

    def put(self, code: str, tree: Node) -> int:
        """Take in an item, or its new conditions; its place."""
        steps = tuple(self._steps(normal(tree), OWN, SPARE))
        fields = frozenset(self._fields_of(steps))
        recipe = Recipe(code, steps, fields)
        place = self._places.setdefault(code, len(self.recipes))
        if place == len(self.recipes):
            self.recipes.append(recipe)
        for field in self.recipes[place].fields:
            self.readers.get(field, set()).discard(place)
        for field in fields:
            self.readers.setdefault(field, set()).add(place)
        self.recipes[place] = recipe
        return place

    def withdraw(self, code: str) -> int:
        """Keep an item's place, and let nobody meet it any more."""
        return self.put(code, WITHDRAWN)

    def place(self, code: str) -> int:
        """Where an item stands; KeyError if it was never put in."""
        return self._places[code]

    @property
    def fields(self) -> frozenset[str]:
        """The facts that any item ever read."""
        return frozenset(self.by_field)

    def reading(self, field: str) -> list[int]:
        """The places of all literals that read a fact."""
        return [place for places in self.by_field[field].values() for place in places]

    def truths(self, places: Iterable[int], values: Mapping[str, Any]) -> list[Truth]:
        """What some items come to for one enterprise: the same steps, on two bits."""
        cells = _OfOne(self.literals.asked, values)
        found = []
        for place in places:
            for _, combine, one, other, into in self.recipes[place].steps:
                cells[into] = combine(cells[one], cells[other])
            found.append(TRUTHS[cells[OWN]])
        return found

    def _fields_of(self, steps: Iterable[Step]) -> Iterator[str]:
        for _, _, one, other, _ in steps:
            for cell in (one, other):
                leaf = self.literals.asked[cell - FIRST].leaf if cell >= FIRST else Unstated()
                if not isinstance(leaf, Unstated):
                    yield leaf.field

    def _steps(self, group: Group, into: int, spare: int) -> Iterator[Step]:
        """What puts *group* into the cell *into*; the cells from *spare* on are free."""
        combine = (np.bitwise_and, and_) if group.needs_all else (np.bitwise_or, or_)
        cells = [self._cell(part) for part in group.parts if isinstance(part, Literal)]
        groups = [part for part in group.parts if isinstance(part, Group)]
        if groups:
            yield from self._steps(groups[0], into, spare)
        else:
            cells = cells or [EVERYBODY if group.needs_all else NOBODY]
            yield *combine, cells[0], cells[min(1, len(cells) - 1)], into
            cells = cells[2:]
        for cell in cells:
            yield *combine, into, cell, into
        for below in groups[1:]:
            yield from self._steps(below, spare, spare + 1)
            yield *combine, into, spare, into

    def _cell(self, literal: Literal) -> int:
        place = self.literals.place(literal)
        if place == self._known:
            self._known += 1
            self._arrange(literal.leaf, place)
        return FIRST + place

    def _arrange(self, leaf: Leaf | Unstated, place: int) -> None:
        """Put a new literal to its field and its leaf."""
        if isinstance(leaf, Unstated):
            self.unstated.append(place)
            return
        own = self._pieces.get(identity(leaf))
        if own is None:
            own = self._pieces[identity(leaf)] = Pieces(leaf)
        self.by_field.setdefault(leaf.field, {}).setdefault(own, []).append(place)


class _OfOne(dict[int, int]):
    """The cells of one enterprise; a literal is worked out when it is first read."""

    def __init__(self, asked: Sequence[Literal], values: Mapping[str, Any]) -> None:
        super().__init__({EVERYBODY: LEVELS[True], NOBODY: LEVELS[False]})
        self._asked, self._values = asked, values

    def __missing__(self, cell: int) -> int:
        level = self[cell] = LEVELS[truth_of(self._asked[cell - FIRST], self._values)]
        return level
