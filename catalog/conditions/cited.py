"""Which clause of its source a leaf comes from, where the catalogue names one."""

from collections.abc import Iterator, Mapping

from catalog.conditions.parse import is_text, parse
from catalog.conditions.tree import Compare, Has, Leaf, OneOf, Within

_ASKED = ("field", "op", "value")


def cited(raw: object) -> dict[Leaf, str]:
    """The clauses of a tree in the form of the catalogue, by leaf."""
    return dict(_found(raw))


def _found(raw: object) -> Iterator[tuple[Leaf, str]]:
    if isinstance(raw, list):
        for part in raw:
            yield from _found(part)
    elif isinstance(raw, Mapping) and "field" in raw:
        leaf, clause = parse({key: raw[key] for key in _ASKED if key in raw}), raw.get("clause")
        if is_text(clause) and isinstance(leaf, Compare | OneOf | Within | Has):
            yield leaf, clause.strip()
    elif isinstance(raw, Mapping):
        for below in raw.values():
            yield from _found(below)
