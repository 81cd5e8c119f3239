"""Bitmaps over a range of enterprises: bit *n* is the enterprise at position *n*. Pure."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

WORD = 64
Words = NDArray[np.uint64]
Mask = NDArray[np.bool_]
Positions = NDArray[np.intp]


def words_for(size: int) -> int:
    """How many words hold *size* bits."""
    return -(-size // WORD)


def pack(mask: Mask) -> Words:
    """Yes and no as bits; the last axis must be whole words long."""
    return np.packbits(mask, axis=-1, bitorder="little").view(np.uint64)


def positions(words: Words) -> Positions:
    """Where the bits are set, in order."""
    octets = words.view(np.uint8)
    some = np.flatnonzero(octets != 0)  # most are empty, and need not be taken apart
    bits = np.flatnonzero(np.unpackbits(octets[some], bitorder="little").view(np.bool_))
    found: Positions = (some * 8)[bits >> 3] + (bits & 7)
    return found


def holding(places: Iterable[int], words: int) -> Words:
    """A bitmap with the bits at *places* set."""
    mask = np.zeros(words * WORD, np.bool_)
    mask[np.fromiter(places, np.intp)] = True
    return pack(mask)


def count(words: Words) -> int:
    """How many bits are set."""
    return int(np.bitwise_count(words).sum())
