"""Changing a condition tree one step at a time, as it is written. A place is the way to it: 0, 0.2. Pure."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from catalog.conditions import sentence
from catalog.conditions.normal import Literal
from catalog.conditions.parse import parse
from catalog.conditions.tree import AllOf, AnyOf, Node, Not, Unstated
from foundation.errors import Invalid

Raw = dict[str, Any]
ALL, ANY, NOT = "all", "any", "not"
GROUPS = (ALL, ANY, NOT)
GROUP_LABELS = {ALL: "同时满足", ANY: "满足其中一项即可", NOT: "不能有下面的情形"}
TOP = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the editor: a group with its lines below, or a single condition in words."""

    path: str
    depth: int
    group: str
    text: str
    raw: Mapping[str, Any]
    first: bool
    last: bool


def rooted(raw: object) -> Raw:
    """*raw* with a group on top that asks for all its parts."""
    if not isinstance(raw, Mapping) or not raw:
        return {ALL: []}
    return deepcopy(dict(raw)) if ALL in raw else {ALL: [deepcopy(dict(raw))]}


def lines(raw: object) -> list[Line]:
    """Every group and condition below the top, in reading order."""
    return list(_lines(_parts(rooted(raw)), TOP, 0))


def groups(raw: object) -> list[tuple[str, str]]:
    """Where a condition can be added: the way to each group, and its words."""
    found = [(line.path, f"{_number(line.path)} {line.text}") for line in lines(raw) if line.group]
    return [(TOP, "最外层：同时满足"), *found]


def add(raw: object, path: str, leaf: Raw, group: str = "") -> Raw:
    """*leaf* at the end of the group at *path*, in a new *group* of its own if one is named."""
    top = rooted(raw)
    parts = _parts(_at(top, path))
    parts.append(_grouped(leaf, group))
    return _checked(top)


def at(raw: object, path: str) -> Mapping[str, Any]:
    """What stands at *path*."""
    return _at(rooted(raw), path)


def put(raw: object, path: str, leaf: Raw) -> Raw:
    """*leaf* instead of what stands at *path*."""
    top = rooted(raw)
    parts, place = _among(top, path)
    parts[place] = leaf
    return _checked(top)


def remove(raw: object, path: str) -> Raw | None:
    """The tree without what stands at *path*; a group that is empty then goes with it."""
    top = rooted(raw)
    parts, place = _among(top, path)
    del parts[place]
    above = path.rpartition(".")[0]
    if not parts and above:
        return remove(top, above)
    return _checked(top) if parts else None


def move(raw: object, path: str, by: int) -> Raw:
    """What stands at *path* moved by one place among its neighbours."""
    top = rooted(raw)
    parts, place = _among(top, path)
    if 0 <= place + by < len(parts):
        parts[place], parts[place + by] = parts[place + by], parts[place]
    return _checked(top)


def turn(raw: object, path: str, group: str) -> Raw:
    """The group at *path* as one of another kind."""
    top = rooted(raw)
    below = _parts(_at(top, path))
    parts, place = _among(top, path)
    parts[place] = {NOT: {ANY: below}} if group == NOT else {group: below}
    return _checked(top)


def _grouped(leaf: Raw, group: str) -> Raw:
    if not group:
        return leaf
    return {NOT: {ANY: [leaf]}} if group == NOT else {group: [leaf]}


def _checked(top: Raw) -> Raw:
    parse(top)
    return top


def _kind(node: Mapping[str, Any]) -> str:
    return next((group for group in GROUPS if group in node), "")


def _parts(node: Raw) -> list[Raw]:
    """What stands below a group; below "not" always as a list of its own."""
    kind = _kind(node)
    if kind == NOT:
        below = node[NOT]
        if _kind(below) != ANY:
            node[NOT] = below = {ANY: [below]}
        parts: list[Raw] = below[ANY]
        return parts
    if not kind:
        raise Invalid.of("path", "这里不是一组条件", "请刷新页面，重新选位置")
    found: list[Raw] = node[kind]
    return found


def _at(top: Raw, path: str) -> Raw:
    node = top
    try:
        for step in path.split(".") if path else ():
            node = _parts(node)[int(step)]
    except (ValueError, IndexError):
        raise Invalid.of("path", "没有找到这一条，可能已经改动", "请刷新页面，再改一次") from None
    return node


def _among(top: Raw, path: str) -> tuple[list[Raw], int]:
    """The list in which *path* stands, and its place there."""
    above, _, last = path.rpartition(".")
    _at(top, path)
    if not last:
        raise Invalid.of("path", "最外层不能改", "请改里面的条件")
    return _parts(_at(top, above)), int(last)


def _lines(parts: list[Raw], above: str, depth: int) -> Any:
    for at, node in enumerate(parts):
        path = f"{above}.{at}" if above else str(at)
        group = _kind(node)
        text = GROUP_LABELS[group] if group else _words(node)
        yield Line(path, depth, group, text, node, at == 0, at == len(parts) - 1)
        if group:
            yield from _lines(_parts(node), path, depth + 1)


def _words(node: Raw) -> str:
    leaf: Node = parse(node)
    if isinstance(leaf, AllOf | AnyOf | Not | Unstated):
        return sentence.in_words(leaf)
    return sentence.clause(Literal(leaf, negated=False))


def _number(path: str) -> str:
    return ".".join(str(int(step) + 1) for step in path.split("."))
