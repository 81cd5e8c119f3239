"""Whether one leaf holds for one enterprise: True, False, or None where the facts do not tell.

A value of another kind than the one asked for (a text where a number is wanted, 1 for true) tells nothing:
it is a fault of the data, never a reason to turn an enterprise away.
"""

from collections.abc import Callable, Mapping
from typing import Any

from catalog.conditions.dates import span
from catalog.conditions.kleene import Truth, every, some
from catalog.conditions.parse import is_number
from catalog.conditions.regions import inside, is_code
from catalog.conditions.tree import Check, Compare, Leaf, OneOf, Op, Scalar, Within


def holds(leaf: Leaf, profile: Mapping[str, Any]) -> Truth:
    """Whether *leaf* holds for the facts in *profile*."""
    value = profile.get(leaf.field)
    match leaf:
        case Compare(op=Op.EQ):
            return among(value, (leaf.value,))
        case Compare():
            return _ordered(leaf.op, value, leaf.value)
        case OneOf():
            return among(value, leaf.values)
        case Within():
            return some(inside(value, region) for region in leaf.regions) if is_code(value) else None
        case _:
            return some(passes(entry, leaf.checks) for entry in value) if isinstance(value, list) else None


def among(value: object, options: tuple[Scalar, ...]) -> Truth:
    """Whether *value* is one of *options*; None if no option is of its kind."""
    comparable = [option for option in options if _kind(option) == _kind(value)]
    return value in comparable if comparable else None


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "yes_no"
    if is_number(value):
        return "number"
    return "text" if isinstance(value, str) and value.strip() else "nothing"


def _ordered(op: Op, value: object, threshold: Scalar) -> Truth:
    have, wanted = _span(value), _span(threshold)
    if have is None or wanted is None or isinstance(have[0], str) is not isinstance(wanted[0], str):
        return None
    surely, never = _ORDER[op]
    return True if surely(have, wanted) else False if never(have, wanted) else None


def _span(value: object) -> tuple[Any, Any] | None:
    """What *value* can mean at least and at most: a number itself, 2025-06 any day of that month."""
    if is_number(value):
        return value, value
    return span(value) if isinstance(value, str) else None


def between(value: object, start: str | None, end: str | None) -> Truth:
    """Whether the day *value* lies from *start* to *end*, both counted."""
    return every(
        _ordered(op, value, limit) for op, limit in ((Op.GE, start), (Op.LE, end)) if limit is not None
    )


def passes(entry: object, checks: tuple[Check, ...]) -> Truth:
    """Whether one entry of a list shows everything that is asked; what it leaves out is not known."""
    if not isinstance(entry, Mapping):
        return None
    return every(check_holds(check, entry.get(check.key)) for check in checks)


def check_holds(check: Check, value: object) -> Truth:
    """Whether one detail of an entry is as asked."""
    return among(value, check.among) if check.among else between(value, check.start, check.end)


_Pair = tuple[Any, Any]
# For each comparison of (least, most) with (least, most): when it surely holds, and when it surely does not.
_ORDER: Mapping[Op, tuple[Callable[[_Pair, _Pair], bool], Callable[[_Pair, _Pair], bool]]] = {
    Op.GE: (lambda have, wanted: have[0] >= wanted[0], lambda have, wanted: have[1] < wanted[0]),
    Op.GT: (lambda have, wanted: have[0] > wanted[1], lambda have, wanted: have[1] <= wanted[1]),
    Op.LE: (lambda have, wanted: have[1] <= wanted[1], lambda have, wanted: have[0] > wanted[1]),
    Op.LT: (lambda have, wanted: have[1] < wanted[0], lambda have, wanted: have[0] >= wanted[0]),
}
