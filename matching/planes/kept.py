"""The planes that one process keeps: all blocks, or its share of them. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from catalog.conditions.tree import Node
from catalog.conditions.verdict import Outcome
from matching.planes import bitmaps
from matching.planes.bitmaps import Positions, Words
from matching.planes.blocks import SIZE, Block, Difference, Turn, standing
from matching.planes.recipes import Book
from matching.planes.rows import MAYBE, SURELY


class Planes:
    """Every item against every enterprise of some blocks."""

    def __init__(self, book: Book, blocks: Iterable[Block]) -> None:
        self.book = book
        self.blocks = {block.number: block for block in blocks}

    def put(self, code: str, tree: Node) -> list[Difference]:
        """Take in a published item, or its new conditions; what turned, block by block."""
        return self._differences(self.book.put(code, tree))

    def withdraw(self, code: str) -> list[Difference]:
        """Let nobody meet an item any more."""
        return self._differences(self.book.withdraw(code))

    def _differences(self, place: int) -> list[Difference]:
        return [found for _, block in sorted(self.blocks.items()) for found in block.differences([place])]

    def change(self, enterprise_id: int, values: Mapping[str, Any]) -> list[Turn]:
        """Let one enterprise have other facts, or be new; what turned. Whoever has its block is asked."""
        number, place = divmod(enterprise_id, SIZE)
        block = self.blocks.get(number) or self._begin(number)
        if not block.has_room(place):
            block = self.blocks[number] = block.widened(place)
        return block.change(enterprise_id, values)

    def _begin(self, number: int) -> Block:
        """A block in which nobody stood so far."""
        block = self.blocks[number] = Block(self.book, number, standing(()))
        for field in self.book.fields:
            block.learn(field, [])
        block.renew()
        return block

    def eligible(self, code: str) -> Positions:
        """The ids of all who surely meet an item, in order."""
        return self._ids((block, pair[SURELY]) for block, pair in self._pairs(code))

    def unknown(self, code: str) -> Positions:
        """The ids of all for whom missing facts leave an item open, in order."""
        return self._ids((block, pair[MAYBE] & ~pair[SURELY]) for block, pair in self._pairs(code))

    def counts(self, code: str) -> dict[Outcome, int]:
        """How many an item lets in, keeps out and leaves open."""
        pairs = [pair for _, pair in self._pairs(code)]
        surely, maybe = (sum(bitmaps.count(pair[side]) for pair in pairs) for side in (SURELY, MAYBE))
        everybody = sum(bitmaps.count(block.present) for block in self.blocks.values())
        return {
            Outcome.ELIGIBLE: surely,
            Outcome.NOT_ELIGIBLE: everybody - maybe,
            Outcome.UNKNOWN: maybe - surely,
        }

    def _pairs(self, code: str) -> Iterator[tuple[Block, Words]]:
        place = self.book.place(code)
        return ((block, block.planes.pairs[place]) for _, block in sorted(self.blocks.items()))

    @staticmethod
    def _ids(sides: Iterable[tuple[Block, Words]]) -> Positions:
        parts = [bitmaps.positions(words) + block.first_id for block, words in sides]
        return np.concatenate([np.empty(0, np.intp), *parts])
