"""JSON to condition tree: a name never met is an open attribute, a shape never met is refused with remedy."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from catalog.conditions.dates import span
from catalog.conditions.tree import (
    AllOf,
    AnyOf,
    Check,
    Compare,
    Has,
    Node,
    Not,
    OneOf,
    Op,
    Scalar,
    Unstated,
    Within,
)
from foundation.errors import Invalid, Problem

DEEPEST = 24
_BRANCHES = ("all", "any", "not")
_LEAF_KEYS = {"field", "op", "value", "clause", "note"}
_REGION = re.compile(r"\d{6}\Z")
_KINDS = ("type", "kinds")
# What `has` may ask of an entry: key in the condition -> (key in the entry, how it is asked).
_ASKED = {
    "type": ("type", "among"),
    "kinds": ("kind", "among"),
    "level": ("level", "among"),
    "first_time": ("first_time", "yes_no"),
    "obtained_from": ("obtained_on", "start"),
    "obtained_to": ("obtained_on", "end"),
    "first_entered_from": ("first_entered_on", "start"),
    "first_entered_to": ("first_entered_on", "end"),
    "new_build": ("new_build", "yes_no"),
    "years_in": ("years_in", "numbers"),
}


def parse(raw: object, path: str = "conditions") -> Node:
    """The tree written in *raw*; every fault is named with its place and what to write instead."""
    problems: list[Problem] = []
    node = _node(raw, path, problems, 0)
    if problems:
        raise Invalid(problems)
    return node


def _node(raw: object, path: str, problems: list[Problem], depth: int) -> Node:
    if raw is None or raw == {}:
        return Unstated()
    if not isinstance(raw, Mapping):
        return _refuse(problems, path, "应为一个条件", '请写成 {"field", "op", "value"} 或 {"all": […]}')
    if depth > DEEPEST:
        return _refuse(problems, path, f"条件套了 {DEEPEST} 层以上", "请合并各层，或拆成几个事项")
    if "field" in raw:
        return _leaf(raw, path, problems)
    if len(raw) != 1 or next(iter(raw)) not in _BRANCHES:
        keys = "、".join(str(key) for key in raw)
        return _refuse(problems, path, f"看不懂 {keys}", "一层只写 all、any、not 之一，或写 field、op、value")
    branch, below = next(iter(raw.items()))
    if branch == "not":
        return Not(_node(below, f"{path}.not", problems, depth + 1))
    return _parts(branch, below, f"{path}.{branch}", problems, depth)


def _parts(branch: str, below: object, path: str, problems: list[Problem], depth: int) -> Node:
    if not isinstance(below, list):
        return _refuse(problems, path, "应为条件的列表", "请用 […] 把条件括起来")
    if not below and (branch == "any" or depth):
        return _refuse(problems, path, "没有列出条件", "请至少写一个条件，或删去这一层")
    parts = tuple(_node(part, f"{path}[{at}]", problems, depth + 1) for at, part in enumerate(below))
    return AllOf(parts) if branch == "all" else AnyOf(parts)


def _refuse(problems: list[Problem], path: str, message: str, remedy: str) -> Unstated:
    problems.append(Problem(path, message, remedy))
    return Unstated()


def _leaf(raw: Mapping[str, Any], path: str, problems: list[Problem]) -> Node:
    strange = [str(key) for key in raw if key not in _LEAF_KEYS]
    if strange:
        return _refuse(problems, path, f"看不懂 {'、'.join(strange)}", "条件只写 field、op、value")
    field, op, value = raw["field"], raw.get("op"), raw.get("value")
    if not isinstance(field, str) or not field.strip():
        return _refuse(problems, f"{path}.field", "没有写明看哪一项", "请写字段名，例如 employees")
    if not isinstance(op, str) or op not in Op.__members__.values():
        known = "、".join(Op)
        return _refuse(problems, f"{path}.op", f"没有“{op}”这种比较", f"请用 {known} 之一")
    return _LEAVES[Op(op)](field, Op(op), value, f"{path}.value", problems)


def _equal(field: str, op: Op, value: object, path: str, problems: list[Problem]) -> Node:
    if is_scalar(value):
        return Compare(field, op, value)
    return _refuse(problems, path, "应为一个值", "请写一个数、一段文字、true 或 false")


def _ordered(field: str, op: Op, value: object, path: str, problems: list[Problem]) -> Node:
    if is_number(value) or (isinstance(value, str) and span(value)):
        return Compare(field, op, value)
    return _refuse(problems, path, "不能比大小", "请写数字（例如 500）或日期（例如 2025-06-30）")


def _one_of(field: str, op: Op, value: object, path: str, problems: list[Problem]) -> Node:
    if isinstance(value, list) and value and all(is_scalar(one) for one in value):
        return OneOf(field, tuple(value))
    return _refuse(problems, path, "应为几个值的列表", '请写成 ["企业", "个体工商户"] 的样子')


def _within(field: str, op: Op, value: object, path: str, problems: list[Problem]) -> Node:
    regions = [value] if op is Op.WITHIN else value
    if isinstance(regions, list) and regions and all(_is_region(one) for one in regions):
        return Within(field, tuple(regions))
    wanted = '"510800"' if op is Op.WITHIN else '["510802", "510811"]'
    return _refuse(problems, path, "应为六位行政区划代码", f"请写成 {wanted} 的样子")


def _is_region(value: object) -> bool:
    return isinstance(value, str) and _REGION.match(value) is not None


def _has(field: str, op: Op, value: object, path: str, problems: list[Problem]) -> Node:
    kinds = [key for key in _KINDS if value.get(key) is not None] if isinstance(value, Mapping) else []
    if not isinstance(value, Mapping) or len(kinds) != 1:
        return _refuse(problems, path, "没有写明要哪一种", "请写 type（资质名称）或 kinds（统计类别）")
    checks: list[Check] = []
    days: dict[str, dict[str, str]] = {}
    for key in (kinds[0], *(key for key in value if key != kinds[0] and value[key] is not None)):
        place = f"{path}.{key}"
        entry_key, how = _ASKED.get(key, (key, "unknown"))
        if how in ("start", "end"):
            days.setdefault(entry_key, {})[how] = _day(value[key], place, problems)
        elif how == "unknown":
            _refuse(problems, place, "不认识这一项要求", f"可用的有 {'、'.join(_ASKED)}")
        else:
            checks.append(Check(entry_key, _options(how, value[key], place, problems)))
    dated = (Check(key, (), day.get("start"), day.get("end")) for key, day in days.items())
    return Has(field, (*checks, *dated))


def _day(value: object, path: str, problems: list[Problem]) -> str:
    if isinstance(value, str) and span(value):
        return value
    _refuse(problems, path, "不是日期", "请写成 2025-06-30 的样子")
    return ""


def _options(how: str, value: object, path: str, problems: list[Problem]) -> tuple[Scalar, ...]:
    """The values wanted, a single one standing for a list of one."""
    options = value if isinstance(value, list) else [value]
    fits, remedy = _WANTED[how]
    if options and all(fits(one) for one in options):
        return tuple(options)
    _refuse(problems, path, "写法不对", remedy)
    return ()


def is_number(value: object) -> TypeGuard[int | float]:
    """A finite number; true and false are none."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def is_scalar(value: object) -> TypeGuard[Scalar]:
    """A number, a text that says something, true or false."""
    return isinstance(value, bool) or is_number(value) or is_text(value)


def is_text(value: object) -> TypeGuard[str]:
    """A text that says something."""
    return isinstance(value, str) and bool(value.strip())


_LEAVES = {
    Op.EQ: _equal,
    Op.IN: _one_of,
    Op.GE: _ordered,
    Op.GT: _ordered,
    Op.LE: _ordered,
    Op.LT: _ordered,
    Op.WITHIN: _within,
    Op.WITHIN_ANY: _within,
    Op.HAS: _has,
}
_WANTED: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "among": (is_text, '请写文字或文字的列表，例如 ["国家级", "省级"]'),
    "numbers": (is_number, "请写数字的列表，例如 [2, 3]"),
    "yes_no": (lambda value: isinstance(value, bool), "请写 true 或 false"),
}
