"""The tree with every "not" moved down to its leaves, so that sentence and verdict read the same parts.

Kleene logic keeps De Morgan's laws: not known stays not known on both sides.
"""

from dataclasses import dataclass

from catalog.conditions.tree import AllOf, AnyOf, Leaf, Node, Not, Unstated


@dataclass(frozen=True, slots=True)
class Literal:
    """One leaf, asked for or ruled out."""

    leaf: Leaf | Unstated
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of which all are asked for, or any one."""

    needs_all: bool
    parts: tuple["Literal | Group", ...]


Part = Literal | Group


def normal(node: Node) -> Group:
    """*node* as a group of all that is asked for."""
    part = _push(node, negated=False)
    return part if isinstance(part, Group) and part.needs_all else Group(True, (part,))


def _push(node: Node, *, negated: bool) -> Part:
    if isinstance(node, Not):
        return _push(node.part, negated=not negated)
    if not isinstance(node, AllOf | AnyOf):
        return Literal(node, negated)
    needs_all = isinstance(node, AllOf) is not negated
    parts = tuple(_push(part, negated=negated) for part in node.parts)
    flat = tuple(inner for part in parts for inner in _merged(part, needs_all=needs_all))
    return flat[0] if len(flat) == 1 else Group(needs_all, flat)


def _merged(part: Part, *, needs_all: bool) -> tuple[Part, ...]:
    """A group within a group of the same kind is no group of its own."""
    return part.parts if isinstance(part, Group) and part.needs_all is needs_all else (part,)
