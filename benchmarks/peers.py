"""What others would use for the same questions, each in the way that suits it best.

The walk, Polars and SQL know "not known" as we do. zen-engine and json-logic answer yes or no only, from
facts with a stand-in for whatever is missing that fails every comparison. None of them says why.
"""

import json
import operator
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import zen
from json_logic import jsonLogic

from benchmarks.workload import CHOICES, DATE, FLAGS, NUMBERS, SECTIONS, TITLES, Columns, Tree

Row = Mapping[str, Any]
DIGITS = {"region": 6, "industry": 4}
LEAST, MOST = -1e12, 1e12  # stand-ins for a missing number: below every threshold, above every one


def walk(tree: Tree, row: Row) -> bool | None:  # noqa: C901  # in one piece, as one writes it first
    """The naive way: recursion over the tree and a dict, three-valued."""
    kind = tree[0]
    if kind == "and":
        result: bool | None = True
        for part in tree[1:]:
            holds = walk(part, row)
            if holds is False:
                return False
            if holds is None:
                result = None
        return result
    if kind == "or":
        result = False
        for part in tree[1:]:
            holds = walk(part, row)
            if holds is True:
                return True
            if holds is None:
                result = None
        return result
    if kind == "not":
        holds = walk(tree[1], row)
        return None if holds is None else not holds
    _, name, wanted = tree
    value = row.get(name)
    if value is None:
        return None
    if kind == "ge":
        return value >= wanted
    if kind == "le":
        return value <= wanted
    if kind == "in":
        return value in wanted
    if kind == "is":
        return value is wanted
    if kind == "prefix":
        return value.startswith(wanted)
    return wanted in value


def code_range(name: str, prefix: str) -> tuple[int, int]:
    """The codes that begin with *prefix*, from and to."""
    if name == "industry" and len(prefix) == 1:
        first, last = SECTIONS[prefix]
        return first * 100, (last + 1) * 100
    digits = prefix.lstrip("ABCDEFGHIJKLMNOPQRST")
    unit = 10 ** (DIGITS[name] - len(digits))
    return int(digits) * unit, (int(digits) + 1) * unit


def day(text: str) -> int:
    """A day as a number."""
    return date.fromisoformat(text).toordinal()


# --- Polars: coded columns with nulls ---


def frame(columns: Columns) -> Any:
    """The enterprises as Polars likes them best."""
    import polars as pl  # here: the number of its threads must be set before

    def coded(values: Any) -> Any:
        return pl.Series(values).set(pl.Series(values < 0), None)

    data = {name: coded(columns[name]) for name in ("region", "industry", DATE, "titles")}
    for name, (words, _, _) in CHOICES.items():
        texts = [None if code < 0 else words[code] for code in columns[name].tolist()]
        data[name] = pl.Series(texts).cast(pl.Enum(words))
    data.update((name, pl.Series(columns[name]).fill_nan(None)) for name in NUMBERS)
    data.update((name, coded(columns[name]).cast(pl.Boolean)) for name in FLAGS)
    return pl.DataFrame(data)


def select(trees: Sequence[Tree]) -> list[Any]:
    """One Polars expression an item."""
    return [_expression(tree).alias(f"item{place}") for place, tree in enumerate(trees)]


def _expression(tree: Tree) -> Any:
    import polars as pl  # here: as above

    kind, *parts = tree
    if kind == "not":
        return ~_expression(parts[0])
    if kind in ("and", "or"):
        combine = operator.and_ if kind == "and" else operator.or_
        found = _expression(parts[0])
        for part in parts[1:]:
            found = combine(found, _expression(part))
        return found
    name, value = parts
    column = pl.col(name)
    if kind in ("ge", "le"):
        value = day(value) if name == DATE else value
        return column >= value if kind == "ge" else column <= value
    return _coded_leaf(column, kind, name, value)


def _coded_leaf(column: Any, kind: str, name: str, value: Any) -> Any:
    if kind == "prefix":
        first, end = code_range(name, value)
        return (column >= first) & (column < end)
    if kind == "in":
        return column.is_in(list(value))
    if kind == "is":
        return column if value else ~column
    return (column & (1 << TITLES.index(value))) != 0


# --- PostgreSQL: one statement an item ---

TYPES = {
    **dict.fromkeys(("region", "industry", *CHOICES), "text"), DATE: "date",
    **dict.fromkeys(NUMBERS, "double precision"), **dict.fromkeys(FLAGS, "boolean"), "titles": "bigint",
}  # fmt: skip


def sql(tree: Tree) -> str:
    """The conditions as SQL, three-valued through NULL."""
    kind, *parts = tree
    if kind == "not":
        return f"(NOT {sql(parts[0])})"
    if kind in ("and", "or"):
        return "(" + f" {kind.upper()} ".join(sql(part) for part in parts) + ")"
    name, value = parts
    if kind in ("ge", "le"):
        return f"{name} {'>=' if kind == 'ge' else '<='} {value!r}"
    if kind == "prefix":
        return f"({name} >= '{value}' AND {name} < '{value}~')"
    if kind == "in":
        return f"{name} IN ({', '.join(repr(one) for one in value)})"
    return f"{name} = {value}" if kind == "is" else f"(titles & {1 << TITLES.index(value)}) <> 0"


# --- zen-engine and json-logic: two values, so negations at the leaves and stand-ins for what is missing ---


def pushed(tree: Tree, *, negated: bool = False) -> Tree:
    """The tree with every negation at a leaf: ("no", leaf)."""
    kind, *parts = tree
    if kind == "not":
        return pushed(parts[0], negated=not negated)
    if kind in ("and", "or"):
        other = {"and": "or", "or": "and"}[kind] if negated else kind
        return (other, *(pushed(part, negated=negated) for part in parts))
    return ("no", tree) if negated else tree


def two_valued(row: Row) -> dict[str, Any]:
    """The facts with stand-ins; each number twice, as low and as high as it can be."""
    found: dict[str, Any] = {name: row[name] or "" for name in CHOICES}
    found.update((name, {None: "", True: "Y", False: "N"}[row[name]]) for name in FLAGS)
    for name in (*NUMBERS, DATE):
        value = day(row[name]) if name == DATE and row[name] else row[name]
        found[f"{name}_low"] = LEAST if value is None else value
        found[f"{name}_high"] = MOST if value is None else value
    found.update((f"region{length}", row["region"][:length]) for length in (2, 4, 6))
    found.update((f"industry{length}", (row["industry"] or "")[:length]) for length in (1, 3))
    return {**found, "titles": sorted(row["titles"] or ()), "titles_known": row["titles"] is not None}


Plain = tuple[str, str, Any]  # comparison, fact, value: what both engines know


def _plain(leaf: Tree, *, negated: bool) -> list[Plain]:
    """A leaf over two-valued facts; all of these must hold."""
    kind, name, value = leaf
    if kind in ("ge", "le"):
        value = day(value) if name == DATE else value
        sign, side = {("ge", False): (">=", "low"), ("le", False): ("<=", "high"),
                      ("ge", True): ("<", "high"), ("le", True): (">", "low")}[kind, negated]  # fmt: skip
        return [(sign, f"{name}_{side}", value)]
    if kind == "in":
        words = CHOICES[name][0]
        return [("in", name, [word for word in words if (word in value) is not negated])]
    if kind == "is":
        return [("==", name, "Y" if value is not negated else "N")]
    if kind == "prefix":
        name = f"{name}{len(value)}"
        return [("!=", name, ""), ("!=", name, value)] if negated else [("==", name, value)]
    return [("==", "titles_known", True), ("has no", name, value)] if negated else [("has", name, value)]


def _leaves(tree: Tree) -> list[Plain]:
    return _plain(tree[1], negated=True) if tree[0] == "no" else _plain(tree, negated=False)


def logic(tree: Tree) -> dict[str, Any]:
    """A pushed tree for json-logic."""
    if tree[0] in ("and", "or"):
        return {tree[0]: [logic(part) for part in tree[1:]]}
    parts = [_logic_leaf(*leaf) for leaf in _leaves(tree)]
    return parts[0] if len(parts) == 1 else {"and": parts}


def _logic_leaf(sign: str, name: str, value: Any) -> dict[str, Any]:
    fact = {"var": name}
    if sign == "has":
        return {"in": [value, fact]}
    return {"!": [{"in": [value, fact]}]} if sign == "has no" else {sign: [fact, value]}


def json_logic(rules: Sequence[Mapping[str, Any]], facts: Row) -> list[bool]:
    """Every rule in turn."""
    return [bool(jsonLogic(rule, facts)) for rule in rules]


def expression(tree: Tree) -> str:
    """A pushed tree for zen-engine."""
    if tree[0] in ("and", "or"):
        return "(" + f" {tree[0]} ".join(expression(part) for part in tree[1:]) + ")"
    return "(" + " and ".join(_zen_leaf(*leaf) for leaf in _leaves(tree)) + ")"


def _zen_leaf(sign: str, name: str, value: Any) -> str:
    wanted = json.dumps(value, ensure_ascii=False)
    if sign in ("has", "has no"):
        found = f"({wanted} in {name})"
        return found if sign == "has" else f"not {found}"
    return f"{name} {sign} {wanted}"


def decision(trees: Sequence[Tree]) -> Any:
    """One decision of zen-engine with an expression an item."""
    rules = [
        {"id": f"r{n}", "key": f"item{n}", "value": expression(pushed(tree))} for n, tree in enumerate(trees)
    ]
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {
            "id": "all",
            "type": "expressionNode",
            "name": "all",
            "position": place,
            "content": {"expressions": rules},
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": place},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "all", "type": "edge"},
        {"id": "2", "sourceId": "all", "targetId": "out", "type": "edge"},
    ]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def decided(answer: Mapping[str, Any]) -> Iterator[bool]:
    """What zen-engine answered, item by item."""
    return (answer["result"][f"item{place}"] is True for place in range(len(answer["result"])))
