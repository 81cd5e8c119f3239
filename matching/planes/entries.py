"""The lists of a field: each distinct entry is asked about once and knows whose lists it is in. Pure."""

import json
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.conditions.kleene import Truth
from catalog.conditions.parse import is_text
from catalog.conditions.tree import Has
from catalog.conditions.truth import passes
from matching.planes.bitmaps import Positions, Words, pack


def canonical(value: object) -> str:
    """A value as text, the same for the same value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=repr)


def kind_of(entry: Any, key: str) -> str | None:
    """What an entry says under *key*, None unless that is a text."""
    said = entry.get(key) if type(entry) is dict or isinstance(entry, Mapping) else None
    return said if is_text(said) else None


class Entries:
    """Some values of a field, the enterprises' positions sorted by the entries that their lists have."""

    def __init__(self, values: Sequence[object], codes: NDArray[np.intp]) -> None:
        """*codes* says which of the values each enterprise has, -1 for none of them."""
        lists = [value if isinstance(value, list) else [] for value in values]
        distinct = {canonical(entry): entry for entries in lists for entry in entries}
        places = {key: place for place, key in enumerate(distinct)}
        members = [[places[canonical(entry)] for entry in entries] for entries in lists]
        self._entries = list(distinct.values())
        listed = np.array([isinstance(value, list) for value in values] + [False])
        self._given = listed[codes]
        self._positions, self._starts = _by_entry(members, codes, len(distinct))
        self._by_kind: dict[str, dict[object, list[int]]] = {}

    def bitmaps(self, leaf: Has) -> tuple[Words, Words]:
        """Those who surely have an entry that passes, and those who surely have none."""
        holding, unsure = self._passing(leaf)
        holds = np.zeros(len(self._given), np.bool_)
        holds[holding] = True
        fails = self._given & ~holds
        fails[unsure] = False
        return pack(holds), pack(fails)

    def _passing(self, leaf: Has) -> tuple[Positions, Positions]:
        """The positions of those with an entry that passes, and of those with one that may."""
        found: dict[Truth, list[Positions]] = {True: [], None: [], False: []}
        first = leaf.checks[0]
        kinds = self._kinds(first.key)
        for kind in (*first.among, None):  # no entry of another kind can pass
            for member in kinds.get(kind, ()):
                own = self._positions[self._starts[member] : self._starts[member + 1]]
                found[passes(self._entries[member], leaf.checks)].append(own)
        nobody = np.empty(0, np.intp)
        return np.concatenate([nobody, *found[True]]), np.concatenate([nobody, *found[None]])

    def _kinds(self, key: str) -> dict[object, list[int]]:
        """The entries by what they say under *key*; whatever is no text stands together."""
        kinds = self._by_kind.get(key)
        if kinds is None:
            kinds = self._by_kind[key] = {}
            for member, entry in enumerate(self._entries):
                kinds.setdefault(kind_of(entry, key), []).append(member)
        return kinds


def _by_entry(members: list[list[int]], codes: NDArray[np.intp], entries: int) -> tuple[Positions, Positions]:
    """The positions sorted by entry, and where each entry's begin; one position for each entry of a list."""
    lengths = np.array([*map(len, members), 0], np.intp)
    flat = np.fromiter(chain.from_iterable(members), np.intp)
    begins = np.cumsum(lengths) - lengths
    counts = lengths[codes]
    ends = np.cumsum(counts)
    within = np.arange(int(counts.sum())) - np.repeat(ends - counts, counts)
    own = flat[np.repeat(begins[codes], counts) + within]
    order = np.argsort(own, kind="stable")
    positions = np.repeat(np.arange(len(codes)), counts)[order]
    return positions, np.searchsorted(own[order], np.arange(entries + 1))
