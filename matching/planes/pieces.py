"""Between which values of its field the truth of a leaf cannot change. Pure.

What a leaf means stays with `catalog.conditions.truth`. Values stand in order, numbers and texts each for
themselves; the leaf's own constants cut that order into pieces, and it is asked about one value of a piece.
Values without a place in the order (yes and no, lists, months, huge whole numbers) are asked about singly.
"""

from collections.abc import Iterable
from math import inf, isfinite, nextafter

from catalog.conditions.dates import span
from catalog.conditions.kleene import Truth
from catalog.conditions.parse import is_number
from catalog.conditions.regions import is_code
from catalog.conditions.tree import Compare, Leaf, OneOf, Scalar, Within
from catalog.conditions.truth import holds

EXACT = 2**53  # whole numbers up to here are floats without loss
PLACE, DAY, TEXT = "c", "d", "t"
NEXT = "\0"  # no text lies between a text and the same text followed by this
PAST_DIGITS = ":"


def number_key(value: object) -> float | None:
    """Where a number stands among the numbers; None if it cannot stand there exactly."""
    if type(value) is float:
        return value if isfinite(value) else None
    return float(value) if type(value) is int and -EXACT <= value <= EXACT else None


def text_key(value: str) -> str | None:
    """Where a text stands: places, then days, then all others; None if it is blank, a month or a year."""
    if is_code(value):
        return PLACE + value if value.isascii() else None
    days = span(value)
    if days is None:
        return TEXT + value if value.strip() else None
    return DAY + value if days == (value, value) else None


class Pieces:
    """One leaf: its cuts among numbers and among texts, and its truth on each piece once it was asked."""

    __slots__ = ("_truths", "leaf", "missing", "numbers", "texts")

    def __init__(self, leaf: Leaf) -> None:
        constants = _constants(leaf)
        self.leaf = leaf
        self.numbers = number_cuts(constants)
        self.texts = text_cuts(constants, leaf.regions if isinstance(leaf, Within) else ())
        self.missing = self.truth(None)
        self._truths: dict[int, Truth] = {}

    def truth(self, value: object) -> Truth:
        """Whether the leaf holds for one value of its field."""
        return holds(self.leaf, {self.leaf.field: value})

    def truth_on(self, piece: int, value: object) -> Truth:
        """The truth on a piece of which *value* is one; *piece* counts texts after numbers."""
        known = self._truths.get(piece, ...)
        if known is ...:
            known = self._truths[piece] = self.truth(value)
        return known


def _constants(leaf: Leaf) -> tuple[Scalar, ...]:
    if isinstance(leaf, Compare):
        return (leaf.value,)
    return leaf.values if isinstance(leaf, OneOf) else ()


def number_cuts(constants: Iterable[Scalar]) -> tuple[float, ...]:
    """Before and after each number: a piece is whatever lies from one cut up to the next."""
    cuts: set[float] = set()
    for constant in constants:
        if not is_number(constant):
            continue
        try:
            near = float(constant)
        except OverflowError:  # beyond every float: all of them lie on one side
            continue
        start = near if near >= constant else nextafter(near, inf)
        cuts.update((start, start if start > constant else nextafter(start, inf)))
    return tuple(sorted(cuts))


def text_cuts(constants: Iterable[Scalar], regions: Iterable[str]) -> tuple[str, ...]:
    """Before and after each text, the days that it spans, and whatever begins like a region."""
    cuts = {DAY, TEXT}
    for text in (constant for constant in constants if isinstance(constant, str)):
        key, days = text_key(text), span(text)
        if key is not None:
            cuts.update((key, key + NEXT))
        if days is not None:
            cuts.update((DAY + days[0], DAY + days[1] + NEXT))
    for region in regions:
        for start in (region[:2], region[:4], region):
            cuts.update((PLACE + start, PLACE + start + PAST_DIGITS))
    return tuple(sorted(cuts))
