"""The lists of a field, each entry of which is asked about once however many enterprises have it. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.conditions.kleene import Truth
from catalog.conditions.parse import is_text
from catalog.conditions.tree import Has
from catalog.conditions.truth import check_holds, passes

FAILS, UNSURE, HOLDS = 0, 1, 2
LEVELS: dict[Truth, int] = {False: FAILS, None: UNSURE, True: HOLDS}
Levels = NDArray[np.uint8]
_Kinds = dict[object, list[int]]


def canonical(value: object) -> str:
    """A value as text, the same for the same value."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=repr)


class Entries:
    """Several values of one field, those that are lists taken apart into their distinct entries."""

    def __init__(self, values: Sequence[object]) -> None:
        known: dict[str, int] = {}
        entries: list[object] = []
        owners: list[int] = []
        members: list[int] = []
        for owner, value in enumerate(values):
            for entry in value if isinstance(value, list) else ():
                key = canonical(entry)
                if key not in known:
                    known[key] = len(entries)
                    entries.append(entry)
                owners.append(owner)
                members.append(known[key])
        self._entries = entries
        self._owners, self._members = np.array(owners, np.intp), np.array(members, np.intp)
        self._bare = np.array([UNSURE if not isinstance(one, list) else FAILS for one in values], np.uint8)
        self._by_kind: dict[str, _Kinds] = {}

    def levels(self, leaf: Has) -> Levels:
        """For each value whether it fails, is unsure or holds: one entry that passes is enough."""
        of_entries = np.full(len(self._entries), FAILS, np.uint8)
        first = leaf.checks[0]
        for kind, members in self._kinds(first.key).items():
            if check_holds(first, kind) is False:
                continue
            for member in members:
                of_entries[member] = LEVELS[passes(self._entries[member], leaf.checks)]
        levels = self._bare.copy()
        np.maximum.at(levels, self._owners, of_entries[self._members])
        return levels

    def _kinds(self, key: str) -> _Kinds:
        """The entries by what they say under *key*; whatever is no text stands together."""
        kinds = self._by_kind.get(key)
        if kinds is None:
            kinds = self._by_kind[key] = {}
            for member, entry in enumerate(self._entries):
                kinds.setdefault(kind_of(entry, key), []).append(member)
        return kinds


def kind_of(entry: Any, key: str) -> str | None:
    """What an entry says under *key*, None unless that is a text."""
    said = entry.get(key) if isinstance(entry, Mapping) else None
    return said if is_text(said) else None
