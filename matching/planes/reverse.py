"""One enterprise against all items at once: bit vectors of clauses, one look-up a fact. Pure.

After Lakshman and Stiliadis' packet classification: every fact says which clauses it breaks; what no fact
breaks may hold, and holds surely where no missing fact leaves it open. Not knowing costs nothing extra.
An item with too many clauses is walked instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.conditions.kleene import Truth
from catalog.conditions.normal import Literal, normal
from catalog.conditions.tree import Node, Unstated
from matching.planes.clauses import MOST_CLAUSES, Clause, clauses
from matching.planes.literals import Literals
from matching.planes.readings import Reading
from matching.planes.recipes import Book


@dataclass(frozen=True, slots=True)
class Answer:
    """Whom one enterprise's facts let through, as bits over the items in the index's own order."""

    surely: int
    maybe: int
    order: NDArray[np.intp]

    @property
    def eligible(self) -> NDArray[np.intp]:
        """The places of the items that it surely meets, ascending."""
        return self._places(self.surely)

    @property
    def unknown(self) -> NDArray[np.intp]:
        """The places of the items that missing facts leave open, ascending."""
        return self._places(self.maybe & ~self.surely)

    def _places(self, bits: int) -> NDArray[np.intp]:
        octets = np.frombuffer(bits.to_bytes(len(self.order) // 8 + 1, "little"), np.uint8)
        found = self.order[np.flatnonzero(np.unpackbits(octets, bitorder="little").view(np.bool_))]
        found.sort()
        return found

    def truths(self) -> list[Truth]:
        """One truth an item, by place."""
        found: list[Truth] = [False] * len(self.order)
        for place in self.unknown.tolist():
            found[place] = None
        for place in self.eligible.tolist():
            found[place] = True
        return found


class Index:
    """Many items. Clause *n* of each item stands in layer *n*, items with most clauses first in each."""

    def __init__(self, trees: Sequence[Node], most_clauses: int = MOST_CLAUSES) -> None:
        literals = Literals()
        every = {place: clauses(normal(tree), literals, most_clauses) for place, tree in enumerate(trees)}
        found = {place: own for place, own in every.items() if own is not None}
        listed = sorted(found, key=lambda place: -len(found[place]))
        walked = [place for place in every if place not in found]
        self._order = np.array([*listed, *walked], np.intp)
        self._walked = Book({str(place): trees[place] for place in walked})
        self._layers: list[tuple[int, int]] = []
        self._lay([found[place] for place in listed], literals)

    def _lay(self, listed: list[tuple[Clause, ...]], literals: Literals) -> None:
        """Give each clause its bit, and each literal the bits of its clauses."""
        uses: dict[int, list[int]] = {}
        offset = layer = 0
        while listed and len(listed[0]) > layer:
            width = sum(len(own) > layer for own in listed)
            for rank in range(width):
                for asked in listed[rank][layer]:
                    uses.setdefault(asked, []).append(offset + rank)
            self._layers.append((offset, (1 << width) - 1))
            offset, layer = offset + width, layer + 1
        self._every = (1 << offset) - 1
        self._unstated = 0
        by_field: dict[str, list[tuple[Literal, int]]] = {}
        for asked, places in uses.items():
            literal, bits = literals.asked[asked], _bits(places, offset)
            if isinstance(literal.leaf, Unstated):
                self._unstated |= bits
            else:
                by_field.setdefault(literal.leaf.field, []).append((literal, bits))
        readings = [Reading(field, own) for field, own in sorted(by_field.items())]
        self._readings = [(one.field, one.asked, one.effect) for one in readings]

    def match(self, values: Mapping[str, Any]) -> Answer:
        """All items against one enterprise's facts."""
        fails, open_ = 0, self._unstated
        for field, asked, effect in self._readings:
            value = values.get(field)
            if value is None:
                open_ |= asked
                continue
            breaks, leaves_open = effect(value)
            fails |= breaks
            if leaves_open:
                open_ |= leaves_open
        return self._answer(self._every ^ fails, self._every ^ (fails | open_), values)

    def _answer(self, maybe_clauses: int, sure_clauses: int, values: Mapping[str, Any]) -> Answer:
        surely = maybe = 0
        for offset, width in reversed(self._layers):  # the narrow ones first, while the sums are short
            surely |= sure_clauses >> offset & width
            maybe |= maybe_clauses >> offset & width
        walked = range(len(self._walked.recipes))
        for rank, truth in enumerate(self._walked.truths(walked, values), len(self._order) - len(walked)):
            surely |= (truth is True) << rank
            maybe |= (truth is not False) << rank
        return Answer(surely, maybe, self._order)


def _bits(places: Sequence[int], size: int) -> int:
    octets = bytearray(size // 8 + 1)
    for place in places:
        octets[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(octets, "little")
