"""Growing stacks of bitmap pairs: who surely meets something, and who may meet it. Pure."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from catalog.conditions.kleene import Truth
from matching.planes.bitmaps import Words

SURELY, MAYBE, SIDES = 0, 1, 2
AT_ONCE = 16  # rows are made by so many or more, and never move
# a truth as two bits: surely, and maybe above it
LEVELS: dict[Truth, int] = {True: 0b11, None: 0b10, False: 0b00}
TRUTHS: dict[int, Truth] = {level: truth for truth, level in LEVELS.items()}


class Rows:
    """Pairs of bitmaps. The two of a pair lie side by side, so that one step works on both."""

    def __init__(self, words: int) -> None:
        self.words = words
        self.pairs: list[Words] = []  # by place: two rows, those who surely do and those who may
        self.flat: list[Words] = []  # the same memory as one row
        self._octets: list[NDArray[np.uint8]] = []
        self._spare: list[Words] = []

    def __len__(self) -> int:
        return len(self.pairs)

    def grow(self, length: int) -> None:
        """Have at least *length* rows; new ones are empty."""
        while len(self.pairs) < length:
            if not self._spare:
                many = max(length - len(self.pairs), AT_ONCE)
                self._spare = [*reversed(np.zeros((many, SIDES, self.words), np.uint64))]
            pair = self._spare.pop()
            self.pairs.append(pair)
            self.flat.append(pair.reshape(-1))
            self._octets.append(pair.view(np.uint8))

    def truths(self, places: Iterable[int], position: int) -> list[Truth]:
        """What some rows say of one enterprise."""
        octet, bit = position >> 3, position & 7
        columns = (self._octets[place][:, octet].tolist() for place in places)
        return [TRUTHS[(surely >> bit & 1) | (maybe >> bit & 1) << 1] for surely, maybe in columns]

    def put(self, places: Sequence[int], position: int, truths: Sequence[Truth]) -> None:
        """Let some rows say something else of one enterprise."""
        octet, bit = position >> 3, position & 7
        others = 0xFF ^ 1 << bit
        for place, truth in zip(places, truths, strict=True):
            column, level = self._octets[place][:, octet], LEVELS[truth]
            surely, maybe = column.tolist()
            column[:] = surely & others | (level & 1) << bit, maybe & others | (level >> 1) << bit
