"""For whom an item is, as far as its conditions say so outright: industries and sizes. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from catalog.conditions.industries import SECTIONS
from catalog.conditions.tree import AllOf, AnyOf, Compare, Node, OneOf, Op, Scalar

SIZES = ("大型", "中型", "小型", "微型")
_INDUSTRY = frozenset({"industry_section", "industry_division", "industry_code"})
_SIZE = frozenset({"scale"})
Known = Callable[[Scalar], str]


@dataclass(frozen=True, slots=True)
class Audience:
    """Sections of industry by letter and sizes by name; none where anybody is admitted."""

    industries: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()


ANYBODY = Audience()


def audience(conditions: Node) -> Audience:
    """Whom *conditions* admit."""
    industries = _asked(conditions, _INDUSTRY, _section)
    sizes = _asked(conditions, _SIZE, str)
    return Audience(tuple(sorted(industries)), tuple(size for size in SIZES if size in sizes))


def _section(code: Scalar) -> str:
    letter = str(code)[:1]
    return letter if letter in SECTIONS else ""


def _asked(node: Node, fields: frozenset[str], known: Known) -> frozenset[str]:
    """The values that *node* asks for, or none where it does not ask."""
    if isinstance(node, AllOf):
        every = [found for part in node.parts if (found := _asked(part, fields, known))]
        return frozenset.intersection(*every) if every else frozenset()
    if isinstance(node, AnyOf):
        either = [_asked(part, fields, known) for part in node.parts]
        return frozenset().union(*either) if all(either) else frozenset()
    return frozenset(filter(None, map(known, _values(node, fields))))


def _values(node: Node, fields: frozenset[str]) -> tuple[Scalar, ...]:
    if isinstance(node, OneOf) and node.field in fields:
        return node.values
    if isinstance(node, Compare) and node.op is Op.EQ and node.field in fields:
        return (node.value,)
    return ()
