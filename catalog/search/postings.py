"""Which items have a term, and how strongly: tables of postings, made in one go."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]
Named = Callable[[Numbers], Sequence[str]]
SATURATION, LENGTH = 1.2, 0.5


class Postings(NamedTuple):
    """The items that have a term (by number, ascending), with how strongly, and how much it says."""

    items: Numbers
    weights: Numbers
    rarity: float


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Terms as they stand in texts: which, in which item, and what one of them counts."""

    terms: Numbers
    items: Numbers
    weight: float


@dataclass(frozen=True, slots=True)
class Table:
    """Postings by their term; the rows lie one behind the other."""

    rows: dict[str, int]
    ends: list[int]
    rarities: list[float]
    items: Numbers
    weights: Numbers

    def get(self, term: str) -> Postings | None:
        """The postings of *term*, or None where no item has it."""
        row = self.rows.get(term)
        if row is None:
            return None
        start, end = self.ends[row], self.ends[row + 1]
        return Postings(self.items[start:end], self.weights[start:end], self.rarities[row])

    def __contains__(self, term: str) -> bool:
        return term in self.rows


def rarity(size: int, having: int) -> float:
    """How much it says that an item has what *having* of *size* have."""
    return math.log(1 + (size - having + 0.5) / (having + 0.5))


def table(found: Sequence[Occurrences], size: int, named: Named, *, counted: bool) -> Table:
    """The postings of *found* in *size* items: by Okapi BM25 if *counted*, else simply there or not."""
    terms = np.concatenate([each.terms for each in found])
    items = np.concatenate([each.items for each in found])
    weights = np.concatenate([np.full(len(each.terms), each.weight, np.float32) for each in found])
    known, numbers = np.unique(terms, return_inverse=True)
    places = numbers.astype(np.int64) * size + items
    order = np.argsort(places, kind="stable")
    places = places[order]
    first = np.flatnonzero(np.r_[True, places[1:] != places[:-1]][: len(places)])
    sums = np.add.reduceat(weights[order], first) if len(first) else weights
    numbers, items = np.divmod(places[first], size) if size else (places, places)
    strengths = _saturated(sums, items, size) if counted else np.ones(len(items))
    ends = np.searchsorted(numbers, np.arange(len(known) + 1))
    having = np.diff(ends)
    rarities = np.log(1 + (size - having + 0.5) / (having + 0.5))
    rows = dict(zip(named(known), range(len(known)), strict=True))
    return Table(rows, ends.tolist(), rarities.tolist(), items.astype(np.intp), strengths.astype(float))


def _saturated(sums: Numbers, items: Numbers, size: int) -> Numbers:
    """Okapi BM25 without the rarity."""
    lengths = np.bincount(items, sums, minlength=size)
    average = float(lengths.sum()) / max(size, 1) or 1.0
    slack = SATURATION * (1 - LENGTH + LENGTH * lengths / average)
    strengths: Numbers = sums * (SATURATION + 1) / (sums + slack[items])
    return strengths
