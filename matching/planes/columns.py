"""One field of a range of enterprises: each value once, in order, and for each enterprise which. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.conditions.kleene import Truth
from catalog.conditions.tree import Has
from matching.planes.bitmaps import WORD, Words, pack
from matching.planes.entries import Entries, canonical
from matching.planes.pieces import EXACT, Pieces, number_key, text_key

MISSING = 0  # the code of a fact that is not known
MOST_CODES = 2**16 - 1
MOST_EDGES = 16  # above that one look-up a bitmap is cheaper than one bitmap an edge
AT_ONCE = 32
PLAIN = frozenset({str, bool, type(None)})  # among these, what is equal is the same
Key = float | str | tuple[str] | None


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
        if set(map(type, values)) <= PLAIN:
            known = {value: _key(value) for value in set(values)}
            keys = list(map(known.__getitem__, values))
        else:
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
        self.codes[position], self._entries = code, None
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
        return code

    def bitmaps(self, asked: Sequence[Pieces], present: Words) -> Iterator[tuple[Words, Words]]:
        """For each leaf those of *present* for whom it surely holds, and those for whom it surely fails."""
        ordered = [one for one in asked if not isinstance(one.leaf, Has)]
        cuts = [cut for one in ordered for cut in one.numbers]
        stops = iter((np.searchsorted(self.numbers, cuts) + 1).tolist())
        edges = {one: self._edges(one, [next(stops) for _ in one.numbers]) for one in ordered}
        few = {edge for pair in edges.values() for side in pair if len(side) <= MOST_EDGES for edge in side}
        reach = self._reach(sorted(few), present)
        for one in asked:
            if isinstance(one.leaf, Has):
                holds, fails = self._entries_now().bitmaps(one.leaf)
                yield holds & present, fails & present
            else:
                surely, never = edges[one]
                yield self._bitmap(surely, reach, present), self._bitmap(never, reach, present)

    def _reach(self, edges: Sequence[int], present: Words) -> dict[int, Words]:
        """For each code those who have it or a later one."""
        found: dict[int, Words] = {}
        for at in range(0, len(edges), AT_ONCE):
            some = edges[at : at + AT_ONCE]
            reached = pack(self.codes >= np.array(some, np.uint16)[:, None])
            found.update(zip(some, reached & present, strict=True))
        return found

    def _bitmap(self, edges: list[int], reach: dict[int, Words], present: Words) -> Words:
        """Those whose code lies from the first edge to the second, the third to the fourth, and so on."""
        if len(edges) > MOST_EDGES:
            marks = np.zeros(self.end, np.bool_)
            marks[edges] = True
            return pack(np.logical_xor.accumulate(marks)[self.codes]) & present
        # nobody is reached by a later edge and not by an earlier one, so a difference is enough
        return reduce(np.bitwise_xor, (reach[edge] for edge in edges)) if edges else np.zeros_like(present)

    def _entries_now(self) -> Entries:
        if self._entries is None:
            codes = self.codes.astype(np.intp) - (self.end - len(self.loose))
            self._entries = Entries(self.loose, np.maximum(codes, -1))
        return self._entries

    def _edges(self, pieces: Pieces, stops: list[int]) -> tuple[list[int], list[int]]:
        """The codes at which a leaf begins or ceases to hold, and at which it begins or ceases to fail."""
        found: dict[Truth, list[int]] = {True: [], None: [], False: []}
        last, edges = pieces.missing, found[pieces.missing]
        edges.append(MISSING)
        for start, truth in self._stretches(pieces, stops):
            if truth is not last:
                edges.append(start)
                last, edges = truth, found[truth]
                edges.append(start)
        return found[True], found[False]

    def _stretches(self, pieces: Pieces, stops: list[int]) -> Iterator[tuple[int, Truth]]:
        """Where each piece begins among the codes, empty ones left out, with the truth on it."""
        start, numbers = MISSING + 1, self.numbers.data
        texts = start + len(numbers)
        for piece, stop in enumerate([*stops, texts]):
            if stop > start:
                yield start, pieces.truth_on(piece, numbers[start - 1])
                start = stop
        ends = [texts + bisect_left(self.texts, cut) for cut in pieces.texts] if self.texts else []
        for piece, stop in enumerate([*ends, texts + len(self.texts)], 1 + len(stops)):
            if stop > start:
                yield start, pieces.truth_on(piece, self.texts[start - texts][1:])
                start = stop
        for code, value in enumerate(self.loose, start):
            yield code, pieces.truth(value)


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
    return None if np.any(np.abs(numbers) >= EXACT) else numbers
