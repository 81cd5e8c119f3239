"""An item's conditions as alternatives, each a set of literals that all must hold. Pure."""

from catalog.conditions.normal import Group, Literal, Part

MOST_CLAUSES = 64
Clause = frozenset[Literal]


def clauses(part: Part, most: int = MOST_CLAUSES) -> tuple[Clause, ...] | None:
    """One of these is enough; None where there would be more than *most* of them."""
    if isinstance(part, Literal):
        return (frozenset((part,)),)
    return _all(part, most) if part.needs_all else _any(part, most)


def _any(group: Group, most: int) -> tuple[Clause, ...] | None:
    found: dict[Clause, None] = {}
    for part in group.parts:
        below = clauses(part, most)
        if below is None or len(found) + len(below) > most:
            return None
        found.update(dict.fromkeys(below))
    return tuple(found)


def _all(group: Group, most: int) -> tuple[Clause, ...] | None:
    found: tuple[Clause, ...] = (frozenset(),)
    for part in group.parts:
        below = clauses(part, most)
        if below is None or len(found) * len(below) > most:
            return None
        found = tuple(dict.fromkeys(one | other for one in found for other in below))
    return found
