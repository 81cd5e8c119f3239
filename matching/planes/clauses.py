"""An item's conditions as alternatives, each a set of literals that all must hold. Pure."""

from catalog.conditions.normal import Group, Literal, Part
from matching.planes.literals import Literals

MOST_CLAUSES = 64
Clause = frozenset[int]


def clauses(part: Part, literals: Literals, most: int = MOST_CLAUSES) -> tuple[Clause, ...] | None:
    """Sets of literals by place, one of which is enough; None where there would be more than *most*."""
    if isinstance(part, Literal):
        return (frozenset((literals.place(part),)),)
    return _all(part, literals, most) if part.needs_all else _any(part, literals, most)


def _any(group: Group, literals: Literals, most: int) -> tuple[Clause, ...] | None:
    found: dict[Clause, None] = {}
    for part in group.parts:
        below = clauses(part, literals, most)
        if below is None or len(found) + len(below) > most:
            return None
        found.update(dict.fromkeys(below))
    return tuple(found)


def _all(group: Group, literals: Literals, most: int) -> tuple[Clause, ...] | None:
    found: tuple[Clause, ...] = (frozenset(),)
    for part in group.parts:
        below = clauses(part, literals, most)
        if below is None or len(found) * len(below) > most:
            return None
        found = tuple(dict.fromkeys(one | other for one in found for other in below))
    return found
