"""Literals: leaves asked for or ruled out, each kept once however many items share it. Pure."""

from collections.abc import Hashable, Mapping
from typing import Any

from catalog.conditions.kleene import Truth, opposite
from catalog.conditions.normal import Literal
from catalog.conditions.tree import Compare, Leaf, OneOf, Scalar, Unstated, Within
from catalog.conditions.truth import holds


class Literals:
    """Literals in the order in which they were first met. None ever changes its place."""

    def __init__(self) -> None:
        self.asked: list[Literal] = []
        self._places: dict[Hashable, int] = {}

    def place(self, literal: Literal) -> int:
        """Where a literal stands; at the end if it is new."""
        place = self._places.setdefault((literal.negated, identity(literal.leaf)), len(self.asked))
        if place == len(self.asked):
            self.asked.append(literal)
        return place


def identity(leaf: Leaf | Unstated) -> Hashable:
    """The same for leaves that mean the same: 1 is 1.0 but not true, though Python says so."""
    return leaf, tuple(isinstance(constant, bool) for constant in _constants(leaf))


def _constants(leaf: Leaf | Unstated) -> tuple[Scalar, ...]:
    match leaf:
        case Compare():
            return (leaf.value,)
        case OneOf():
            return leaf.values
        case Within() | Unstated():
            return ()
        case _:
            return tuple(option for check in leaf.checks for option in check.among)


def truth_of(literal: Literal, values: Mapping[str, Any]) -> Truth:
    """Whether one literal holds for one enterprise."""
    if isinstance(literal.leaf, Unstated):
        return None
    truth = holds(literal.leaf, values)
    return opposite(truth) if literal.negated else truth
