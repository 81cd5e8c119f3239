"""How items are put together from the leaves that they share: each leaf once, each item a few steps. Pure.

Every "not" stands at a leaf (`catalog.conditions.normal`), so an item is made of "and" and "or" alone, and
the same steps serve both sides of Kleene's logic: who surely meets it, and who is not surely out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from catalog.conditions.kleene import Truth, every, opposite, some
from catalog.conditions.normal import Group, Literal, Part, normal
from catalog.conditions.parse import DEEPEST
from catalog.conditions.tree import AnyOf, Leaf, Node, Unstated
from catalog.conditions.truth import holds
from matching.planes.pieces import Pieces

# A step reads and writes cells by number: the item's own plane, planes for the time being, two constant ones,
# and from FIRST on the literals.
OWN, SPARE = 0, 1
EVERYBODY = SPARE + DEEPEST + 1
NOBODY = EVERYBODY + 1
FIRST = NOBODY + 1
Step = tuple[np.ufunc, int, int, int]  # by what, from two cells, into a third
WITHDRAWN = AnyOf(())


@dataclass(frozen=True, slots=True)
class Recipe:
    """One item: its conditions, its steps, and the facts that they read."""

    code: str
    part: Group
    steps: tuple[Step, ...]
    fields: frozenset[str]


class Book:
    """The recipes of many items over shared literals. Items and literals never change their places."""

    def __init__(self, trees: Mapping[str, Node] | None = None) -> None:
        self.recipes: list[Recipe] = []
        self.literals: list[Literal] = []
        self.unstated: list[int] = []
        self.by_field: dict[str, dict[Pieces, list[int]]] = {}
        self.readers: dict[str, set[int]] = {}
        self._places: dict[str, int] = {}
        self._literal_places: dict[Literal, int] = {}
        self._pieces: dict[Leaf, Pieces] = {}
        for code, tree in (trees or {}).items():
            self.put(code, tree)

    def put(self, code: str, tree: Node) -> int:
        """Take in an item, or its new conditions; its place."""
        part = normal(tree)
        fields = frozenset(one.leaf.field for one in literals(part) if not isinstance(one.leaf, Unstated))
        recipe = Recipe(code, part, tuple(self._steps(part, OWN, SPARE)), fields)
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

    def _steps(self, group: Group, into: int, spare: int) -> Iterator[Step]:
        """What puts *group* into the cell *into*; the cells from *spare* on are free."""
        combine = np.bitwise_and if group.needs_all else np.bitwise_or
        cells = [FIRST + self._literal(part) for part in group.parts if isinstance(part, Literal)]
        groups = [part for part in group.parts if isinstance(part, Group)]
        if groups:
            yield from self._steps(groups[0], into, spare)
        else:
            cells = cells or [EVERYBODY if group.needs_all else NOBODY]
            yield combine, cells[0], cells[min(1, len(cells) - 1)], into
            cells = cells[2:]
        for cell in cells:
            yield combine, into, cell, into
        for below in groups[1:]:
            yield from self._steps(below, spare, spare + 1)
            yield combine, into, spare, into

    def _literal(self, literal: Literal) -> int:
        place = self._literal_places.get(literal)
        if place is None:
            place = self._literal_places[literal] = len(self.literals)
            self.literals.append(literal)
            if isinstance(literal.leaf, Unstated):
                self.unstated.append(place)
            else:
                of_field = self.by_field.setdefault(literal.leaf.field, {})
                of_field.setdefault(self._pieces_of(literal.leaf), []).append(place)
        return place

    def _pieces_of(self, leaf: Leaf) -> Pieces:
        """One object a leaf, asked for or ruled out, which learns as it is asked."""
        found = self._pieces.get(leaf)
        if found is None:
            found = self._pieces[leaf] = Pieces(leaf)
        return found


def literals(part: Part) -> Iterator[Literal]:
    """Every leaf below *part*, asked for or ruled out."""
    if isinstance(part, Literal):
        yield part
    else:
        for below in part.parts:
            yield from literals(below)


def walk(part: Part, truth_of: Callable[[Literal], Truth]) -> Truth:
    """The plain walk down the tree."""
    if isinstance(part, Literal):
        return truth_of(part)
    combine = every if part.needs_all else some
    return combine(walk(below, truth_of) for below in part.parts)


def literal_truth(literal: Literal, values: Mapping[str, Any]) -> Truth:
    """Whether one literal holds for one enterprise."""
    if isinstance(literal.leaf, Unstated):
        return None
    truth = holds(literal.leaf, values)
    return opposite(truth) if literal.negated else truth


def remembering(values: Mapping[str, Any]) -> Callable[[Literal], Truth]:
    """Whether a literal holds for one enterprise, worked out once however many items ask."""
    known: dict[Literal, Truth] = {}

    def truth_of(literal: Literal) -> Truth:
        if literal not in known:
            known[literal] = literal_truth(literal, values)
        return known[literal]

    return truth_of
