"""One field of a range of enterprises: each value once, in order, and for each enterprise which. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.conditions.kleene import Truth
from catalog.conditions.tree import Has
from matching.planes.bitmaps import WORD, Words, pack
from matching.planes.entries import FAILS, HOLDS, UNSURE, Entries, canonical
from matching.planes.pieces import EXACT, Pieces, number_key, text_key

MISSING = 0  # the code of a fact that is not known
MOST_CODES = 2**16 - 1
MOST_EDGES = 16  # above that one look-up a bitmap is cheaper than one bitmap an edge
AT_ONCE = 32
TRUTHS: dict[int, Truth] = {FAILS: False, UNSURE: None, HOLDS: True}
Key = float | str | tuple[str] | None
Run = tuple[int, int, Truth]


class Column:
    """Codes stand in this order: missing, numbers, texts, then loose values without a place in an order."""

    def __init__(self, values: Sequence[object], words: int) -> None:
        self.codes: NDArray[np.uint16] = np.zeros(words * WORD, np.uint16)
        self.numbers: NDArray[np.float64] = np.empty(0)
        self.texts: list[str] = []
        self.loose: list[object] = []
        self._late: dict[Key, int] = {}
        self._entries: Entries | None = None
        self._code_all(values)

    def _code_all(self, values: Sequence[object]) -> None:
        numbers = _numbers(values)
        if numbers is None:
            self._code_anything(values)
        else:
            self._code_numbers(numbers)

    def _code_numbers(self, values: NDArray[np.float64]) -> None:
        known = ~np.isnan(values)
        self.numbers, codes = np.unique(values[known], return_inverse=True)
        self.texts, self.loose, self._late, self._entries = [], [], {}, None
        self.codes[: len(values)][known] = codes + 1

    def _code_anything(self, values: Sequence[object]) -> None:
        keys = [_key(value) for value in values]
        distinct = dict.fromkeys(keys)
        numbers = sorted(key for key in distinct if type(key) is float)
        self.numbers = np.array(numbers, np.float64)
        self.texts = sorted(key for key in distinct if type(key) is str)
        loose = {key: value for key, value in zip(keys, values, strict=True) if type(key) is tuple}
        codes: dict[Key, int] = {None: MISSING}
        ordered: list[Key] = [*numbers, *self.texts, *loose]
        codes.update((key, code) for code, key in enumerate(ordered, start=1))
        self._late = {key: codes[key] for key in loose}
        self.loose, self._entries = list(loose.values()), None
        self.codes[: len(keys)] = np.fromiter(map(codes.__getitem__, keys), np.uint16, len(keys))

    @property
    def end(self) -> int:
        """One more than the last code."""
        return 1 + len(self.numbers) + len(self.texts) + len(self.loose)

    def put(self, position: int, value: object) -> bool:
        """Let one enterprise have *value*; whether that is another than before."""
        if self.end >= MOST_CODES:
            self._code_all([*self.values()])  # takes the late ones into the order
        code = self._code(value)
        if self.codes[position] == code:
            return False
        self.codes[position] = code
        return True

    def values(self) -> Iterator[object]:
        """What every enterprise has; a text or a number means the same as what was put in."""
        texts = [key[1:] for key in self.texts]
        distinct: list[Any] = [None, *self.numbers.tolist(), *texts, *self.loose]
        return map(distinct.__getitem__, self.codes.tolist())

    def _code(self, value: object) -> int:
        key = _key(value)
        if key is None:
            return MISSING
        if type(key) is float:
            at = bisect_left(self.numbers.data, key)
            if at < len(self.numbers) and self.numbers[at] == key:
                return 1 + at
        elif type(key) is str:
            at = bisect_left(self.texts, key)
            if at < len(self.texts) and self.texts[at] == key:
                return 1 + len(self.numbers) + at
        return self._loose_code(key, value)

    def _loose_code(self, key: Key, value: object) -> int:
        code = self._late.get(key)
        if code is None:
            code = self._late[key] = self.end
            self.loose.append(value)
            self._entries = None
        return code

    def bitmaps(self, asked: Sequence[Pieces]) -> Iterator[tuple[Words, Words]]:
        """For each leaf the enterprises for which it surely holds, and those for which it surely fails."""
        runs = [self.runs(pieces) for pieces in asked]
        edges = [_edges(each, self.end) for each in runs]
        few = {edge for pair in edges for side in pair if len(side) <= MOST_EDGES for edge in side}
        reach = self._reach(sorted(few))
        for own, (holds, fails) in zip(runs, edges, strict=True):
            yield self._bitmap(own, holds, reach, True), self._bitmap(own, fails, reach, False)

    def _bitmap(self, runs: list[Run], edges: list[int], reach: dict[int, Words], truth: bool) -> Words:
        if len(edges) <= MOST_EDGES:
            # reach falls from edge to edge, so what lies between two edges is their difference
            nothing = np.zeros(len(self.codes) // WORD, np.uint64)
            return reduce(np.bitwise_xor, (reach[edge] for edge in edges), nothing)
        table = np.zeros(self.end, np.bool_)
        for start, stop, own in runs:
            table[start:stop] = own is truth
        return pack(table[self.codes])

    def _reach(self, edges: Sequence[int]) -> dict[int, Words]:
        """For each code the enterprises that have it or a later one."""
        found: dict[int, Words] = {}
        for at in range(0, len(edges), AT_ONCE):
            some = edges[at : at + AT_ONCE]
            found.update(zip(some, pack(self.codes >= np.array(some, np.uint16)[:, None]), strict=True))
        return found

    def runs(self, pieces: Pieces) -> list[Run]:
        """The codes from first to last as stretches of one truth."""
        found: list[Run] = [(MISSING, MISSING + 1, pieces.truth(None))]
        numbers = self.numbers.data
        self._add_runs(found, pieces, 0, numbers, [bisect_left(numbers, cut) for cut in pieces.numbers])
        texts = [bisect_left(self.texts, cut) for cut in pieces.texts]
        self._add_runs(found, pieces, 1 + len(pieces.numbers), self.texts, texts)
        start = self.end - len(self.loose)
        found += [(code, code + 1, truth) for code, truth in enumerate(self._loose_truths(pieces), start)]
        return _merged(found)

    @staticmethod
    def _add_runs(
        found: list[Run], pieces: Pieces, first: int, values: Sequence[Any], stops: list[int]
    ) -> None:
        offset = found[-1][1]
        start = 0
        for piece, stop in enumerate([*stops, len(values)], first):
            if stop > start:
                value = values[start]
                own = value[1:] if isinstance(value, str) else value
                found.append((offset + start, offset + stop, pieces.truth_on(piece, own)))
                start = stop

    def _loose_truths(self, pieces: Pieces) -> Iterable[Truth]:
        if not isinstance(pieces.leaf, Has):
            return [pieces.truth(value) for value in self.loose]
        if self._entries is None:
            self._entries = Entries(self.loose)
        return map(TRUTHS.__getitem__, self._entries.levels(pieces.leaf).tolist())


def _key(value: object) -> Key:
    """Where a value stands in the order; a tuple for what has no place there."""
    if value is None:
        return None
    key = text_key(value) if isinstance(value, str) else number_key(value)
    return (canonical(value),) if key is None else key


def _numbers(values: Sequence[object]) -> NDArray[np.float64] | None:
    """The values as numbers, NaN where they are not known; None if there is anything else among them."""
    if not set(map(type, values)) <= {int, float, type(None)}:
        return None
    try:
        numbers = np.array(values, np.float64)
    except OverflowError:
        return None
    return None if np.any(np.abs(numbers) > EXACT) else numbers


def _edges(runs: list[Run], end: int) -> tuple[list[int], list[int]]:
    """Where the stretches that hold begin and end, and those that fail; nobody lies beyond *end*."""
    holds = [edge for start, stop, truth in runs if truth is True for edge in (start, stop) if edge < end]
    fails = [edge for start, stop, truth in runs if truth is False for edge in (start, stop) if edge < end]
    return holds, fails


def _merged(runs: list[Run]) -> list[Run]:
    merged = runs[:1]
    for start, stop, truth in runs[1:]:
        if merged[-1][2] is truth:
            merged[-1] = (merged[-1][0], stop, truth)
        else:
            merged.append((start, stop, truth))
    return merged
