"""What one value of a field does to clauses: which it surely breaks, and which it leaves open. Pure.

Clauses are bits of a whole number. Values between the same cuts do the same, so each piece is worked out when
the first value falls on it, and remembered.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import reduce
from math import isfinite
from operator import or_
from typing import Any

from catalog.conditions.normal import Literal
from catalog.conditions.tree import Check, Has, Unstated
from catalog.conditions.truth import check_holds
from matching.planes.entries import kind_of
from matching.planes.literals import truth_of
from matching.planes.pieces import EXACT, Pieces, text_key

MOST_KEPT = 4096
Effect = tuple[int, int]  # clauses that fail, clauses that stay open
Use = tuple[Literal, int]  # a literal and the clauses that hold it


class Reading:
    """One field and the literals that ask about it."""

    def __init__(self, field: str, uses: Sequence[Use]) -> None:
        pieces = [Pieces(literal.leaf) for literal, _ in uses if not isinstance(literal.leaf, Unstated)]
        self.field = field
        self.asked = reduce(or_, (clauses for _, clauses in uses), 0)
        self._uses = uses
        self._numbers = sorted({cut for one in pieces for cut in one.numbers})
        self._texts = sorted({cut for one in pieces for cut in one.texts})
        self._on_numbers: dict[int, Effect] = {}
        self._on_texts: dict[int, Effect] = {}
        self._on_flags: dict[bool, Effect] = {}
        self._known: dict[str, Effect] = {}
        self._lists = Lists(field, uses)

    def effect(self, value: Any) -> Effect:
        """What a value that is there does."""
        kind = type(value)
        if kind is str:
            return self._known.get(value) or self._of_text(value)
        if (kind is float and isfinite(value)) or (kind is int and -EXACT <= value <= EXACT):
            piece = bisect_right(self._numbers, value)
            return self._on_numbers.get(piece) or self._keep(self._on_numbers, piece, value)
        if kind is bool:
            return self._on_flags.get(value) or self._keep(self._on_flags, value, value)
        return self._lists.effect(value) if kind is list else effect_of(self._uses, self.field, value)

    def _of_text(self, value: str) -> Effect:
        key = text_key(value)
        if key is None:
            found = effect_of(self._uses, self.field, value)
        else:
            piece = bisect_right(self._texts, key)
            found = self._on_texts.get(piece) or self._keep(self._on_texts, piece, value)
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[value] = found
        return found

    def _keep(self, known: dict[Any, Effect], piece: int, value: Any) -> Effect:
        known[piece] = found = effect_of(self._uses, self.field, value)
        return found


class Lists:
    """Lists of one field. Most leaves ask for an entry of a kind that the list lacks, which is soon said."""

    def __init__(self, field: str, uses: Sequence[Use]) -> None:
        self._field, self._uses = field, uses
        by_kind: dict[Check, list[Use]] = {}
        for use in uses:
            if isinstance(use[0].leaf, Has):
                by_kind.setdefault(use[0].leaf.checks[0], []).append(use)
        self._by_kind = by_kind
        self._keys = sorted({check.key for check in by_kind})
        self._others = [use for use in uses if not isinstance(use[0].leaf, Has)]
        self._known: dict[frozenset[tuple[str, str | None]], tuple[Effect, list[Use]]] = {}

    def effect(self, entries: list[Any]) -> Effect:
        """What a list does."""
        kinds = frozenset((key, kind_of(entry, key)) for entry in entries for key in self._keys)
        found = self._known.get(kinds)
        if found is None:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            found = self._known[kinds] = self._by_kinds(kinds)
        (fails, open_), asking = found
        if not asking:
            return fails, open_
        more_fails, more_open = effect_of(asking, self._field, entries)
        return fails | more_fails, open_ | more_open

    def _by_kinds(self, kinds: Iterable[tuple[str, str | None]]) -> tuple[Effect, list[Use]]:
        """What the kinds of the entries decide, and the uses that need a look at the entries themselves."""
        asking: list[Use] = []
        lacking: list[Use] = []
        for check, uses in self._by_kind.items():
            met = any(key == check.key and check_holds(check, kind) is not False for key, kind in kinds)
            (asking if met else lacking).extend(uses)
        return effect_of([*lacking, *self._others], self._field, []), asking


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
