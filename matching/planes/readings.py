"""What one value of a field does to clauses: which it surely breaks, and which it leaves open. Pure.

Clauses are bits of a whole number. Values between the same cuts do the same, so each piece is worked out when
the first value falls on it, and remembered.
"""

import sys
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from math import inf
from operator import or_
from typing import Any

from catalog.conditions.normal import Literal
from catalog.conditions.tree import Has, Unstated
from catalog.conditions.truth import check_holds
from matching.planes.entries import kind_of
from matching.planes.literals import truth_of
from matching.planes.pieces import EXACT, Pieces, text_key

MOST_KEPT = 4096
MOST = sys.float_info.max
Effect = tuple[int, int]  # clauses that fail, clauses that stay open
Kinds = frozenset[tuple[str | None, ...]]
Use = tuple[Literal, int]  # a literal and the clauses that hold it


class Reading:
    """One field and the literals that ask about it."""

    __slots__ = (
        "_cuts",
        "_known",
        "_lists",
        "_on_flags",
        "_on_numbers",
        "_on_texts",
        "_texts",
        "_uses",
        "asked",
        "field",
    )

    def __init__(self, field: str, uses: Sequence[Use]) -> None:
        pieces = [Pieces(literal.leaf) for literal, _ in uses if not isinstance(literal.leaf, Unstated)]
        self.field = field
        self.asked = reduce(or_, (clauses for _, clauses in uses), 0)
        self._uses = uses
        # endless figures are no numbers, and stand on pieces of their own
        self._cuts = sorted({-MOST, inf, *(cut for one in pieces for cut in one.numbers)})
        self._on_numbers: list[Effect | None] = [None] * (len(self._cuts) + 1)
        self._texts = sorted({cut for one in pieces for cut in one.texts})
        self._on_texts: dict[int, Effect] = {}
        self._known: dict[str, Effect] = {}
        self._on_flags: dict[bool, Effect] = {}
        self._lists = Lists(field, uses)

    def effect(self, value: Any) -> Effect:
        """What a value that is there does."""
        kind = type(value)
        if kind is float:
            return self._on_numbers[bisect_right(self._cuts, value)] or self._of_number(value)
        if kind is str:
            return self._known.get(value) or self._of_text(value)
        if kind is bool:
            return self._on_flags.get(value) or self._of_flag(value)
        if kind is int and -EXACT <= value <= EXACT:
            return self._on_numbers[bisect_right(self._cuts, value)] or self._of_number(value)
        return self._lists.effect(value) if kind is list else effect_of(self._uses, self.field, value)

    def _of_number(self, value: float) -> Effect:
        found = self._on_numbers[bisect_right(self._cuts, value)] = effect_of(self._uses, self.field, value)
        return found

    def _of_flag(self, value: bool) -> Effect:
        found = self._on_flags[value] = effect_of(self._uses, self.field, value)
        return found

    def _of_text(self, value: str) -> Effect:
        key = text_key(value)
        piece = -1 if key is None else bisect_right(self._texts, key)
        found = self._on_texts.get(piece) or effect_of(self._uses, self.field, value)
        if key is not None:
            self._on_texts[piece] = found
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[value] = found
        return found


class Lists:
    """Lists of one field. Mostly the kinds decide: a leaf asks for a kind that the list lacks."""

    def __init__(self, field: str, uses: Sequence[Use]) -> None:
        self._field, self._uses = field, uses
        self._keys = sorted({use[0].leaf.checks[0].key for use in uses if isinstance(use[0].leaf, Has)})
        self._known: dict[Kinds, tuple[int, int, list[Use]]] = {}

    def effect(self, entries: list[Any]) -> Effect:
        """What a list does."""
        kinds = frozenset([tuple([kind_of(entry, key) for key in self._keys]) for entry in entries])
        fails, open_, asking = self._known.get(kinds) or self._of_kinds(kinds)
        if asking:
            more_fails, more_open = effect_of(asking, self._field, entries)
            return fails | more_fails, open_ | more_open
        return fails, open_

    def _of_kinds(self, kinds: Kinds) -> tuple[int, int, list[Use]]:
        """What the kinds decide, and the uses that need a look at the entries themselves."""
        entries = [dict(zip(self._keys, said, strict=True)) for said in kinds]
        asking = [use for use in self._uses if _asks_more(use[0], entries)]
        fails, open_ = effect_of((use for use in self._uses if use not in asking), self._field, entries)
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        found = self._known[kinds] = fails, open_, asking
        return found


def _asks_more(literal: Literal, entries: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a leaf asks for details of an entry that may be of its kind."""
    if not isinstance(literal.leaf, Has) or len(literal.leaf.checks) == 1:
        return False
    kind = literal.leaf.checks[0]
    return any(check_holds(kind, entry[kind.key]) is not False for entry in entries)


def effect_of(uses: Iterable[Use], field: str, value: Any) -> Effect:
    """What a value does, each literal asked."""
    fails = open_ = 0
    values = {field: value}
    for literal, clauses in uses:
        truth = truth_of(literal, values)
        if truth is False:
            fails |= clauses
        elif truth is None:
            open_ |= clauses
    return fails, open_
