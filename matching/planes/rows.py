"""Growing stacks of bitmap pairs: who surely meets something, and who may meet it. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from catalog.conditions.kleene import Truth

SIDES = 2
SURELY, MAYBE = 0, 1
BITS: dict[Truth, tuple[bool, bool]] = {True: (True, True), None: (False, True), False: (False, False)}
READ: dict[tuple[int, int], Truth] = {(1, 1): True, (0, 1): None, (0, 0): False}


class Rows:
    """Pairs of bitmaps side by side, so that one step works on both."""

    def __init__(self, words: int) -> None:
        self.pairs: NDArray[np.uint64] = np.zeros((0, SIDES, words), np.uint64)
        self.each: list[NDArray[np.uint64]] = []
        self._bytes = self.pairs.view(np.uint8)

    def __len__(self) -> int:
        return len(self.each)

    def grow(self, length: int) -> None:
        """Have at least *length* rows; new ones are empty. Views taken before are void."""
        if length > len(self.pairs):
            _, sides, words = self.pairs.shape
            larger = np.zeros((max(length, len(self.pairs) * 3 // 2), sides, words), np.uint64)
            larger[: len(self.pairs)] = self.pairs
            self.pairs, self._bytes = larger, larger.view(np.uint8)
            self.each = []
        self.each += [self.pairs[at].reshape(-1) for at in range(len(self.each), length)]

    def clear(self) -> None:
        """Have no rows; the next ones hold what was there until they are written."""
        self.each = []

    def truths(self, places: Sequence[int], position: int) -> list[Truth]:
        """What some rows say of one enterprise."""
        if not places:
            return []
        bits = self._bytes[places, :, position >> 3] >> (position & 7) & 1
        return [READ[surely, maybe] for surely, maybe in bits.tolist()]

    def put(self, places: Sequence[int], position: int, truths: Sequence[Truth]) -> None:
        """Let some rows say something else of one enterprise."""
        if not places:
            return
        bit = np.uint8(1 << (position & 7))
        wanted = np.array([BITS[truth] for truth in truths], np.bool_)
        old = self._bytes[places, :, position >> 3]
        self._bytes[places, :, position >> 3] = np.where(wanted, old | bit, old & ~bit)
