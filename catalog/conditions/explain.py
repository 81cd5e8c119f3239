"""Why a leaf holds or not: the enterprise's own value, and how much is missing."""

from collections.abc import Mapping
from typing import Any

from catalog.conditions import dates
from catalog.conditions.fields import Field, Kind
from catalog.conditions.parse import is_number, is_text
from catalog.conditions.register import field_named, field_of
from catalog.conditions.sentence import effective
from catalog.conditions.tree import Check, Compare, Has, Leaf, Op
from catalog.conditions.truth import check_holds
from catalog.conditions.wording import difference, either, quantity, value

NO_DATA = "没有数据"


def shown(leaf: Leaf, known: object) -> str:
    """The enterprise's value as it stands in the record."""
    if isinstance(leaf, Has):
        return _entries(leaf, known)
    return NO_DATA if known is None or known == "" else value(field_of(leaf), known)


def fact(name: str, known: object) -> str:
    """A fact in words, apart from any condition; a list names its entries."""
    if isinstance(known, list):
        return "；".join(_entry(entry) for entry in known if isinstance(entry, Mapping)) or "没有登记"
    return NO_DATA if known is None or known == "" else value(field_named(name), known)


def gap(leaf: Leaf, known: object, *, negated: bool) -> str:
    """By how much a leaf that fails is missed; what to say follows from its kind."""
    if isinstance(leaf, Has):
        return _missing_entry(leaf, known, negated=negated)
    field = field_of(leaf)
    if isinstance(leaf, Compare) and is_number(leaf.value) and is_number(known):
        return _short_of(field, effective(leaf.op, negated=negated), leaf.value, known)
    own = value(field, known)
    return own if field.kind is Kind.PLACE else f"登记为“{own}”"


def _short_of(field: Field, op: Op | None, wanted: float, known: float) -> str:
    unit = "个百分点" if field.unit == "%" else field.unit
    distance = quantity(difference(wanted, known), unit)
    have = quantity(known, field.unit)
    if op in (Op.GE, Op.GT):
        return f"现为 {have}，还差 {distance}" if known < wanted else f"正好 {have}，须超过这个数"
    if op in (Op.LE, Op.LT):
        return f"现为 {have}，高出 {distance}" if known > wanted else f"正好 {have}，须低于这个数"
    return f"现为 {have}"


def _alike(leaf: Has, known: object) -> list[Mapping[str, Any]]:
    """The entries of the kind asked for."""
    kind = leaf.checks[0]
    entries = known if isinstance(known, list) else []
    return [entry for entry in entries if isinstance(entry, Mapping) and entry.get(kind.key) in kind.among]


def _entries(leaf: Has, known: object) -> str:
    if not isinstance(known, list):
        return NO_DATA
    return "；".join(_entry(entry) for entry in _alike(leaf, known)) or "没有登记"


def _entry(entry: Mapping[str, Any]) -> str:
    name = str(entry.get("type") or entry.get("kind") or "没有写明名称")
    said = [
        str(entry["level"]) if is_text(entry.get("level")) else "",
        {"True": "首次", "False": "非首次"}.get(str(entry.get("first_time")), ""),
        "新建投产" if entry.get("new_build") is True else "",
        f"在库第 {entry['years_in']} 年" if is_number(entry.get("years_in")) else "",
        *(dates.in_words(str(entry[key])) for key in ("obtained_on", "first_entered_on") if entry.get(key)),
    ]
    details = "，".join(detail for detail in said if detail)
    return f"{name}（{details}）" if details else name


def _missing_entry(leaf: Has, known: object, *, negated: bool) -> str:
    kind, *details = leaf.checks
    what = either([f"“{name}”" for name in kind.among])
    if negated:
        return f"已有{_entries(leaf, known)}"
    alike = _alike(leaf, known)
    if not alike:
        return f"还没有纳入{what}统计" if kind.key == "kind" else f"还没有{what}"
    nearest = min(alike, key=lambda entry: len(_unmet(details, entry)))
    reasons = "，".join(_DETAILS[check.key] for check in _unmet(details, nearest))
    return f"已有{_entry(nearest)}，但{reasons}"


def _unmet(details: list[Check], entry: Mapping[str, Any]) -> list[Check]:
    return [check for check in details if check_holds(check, entry.get(check.key)) is False]


_DETAILS = {
    "level": "级别不符",
    "first_time": "是否首次不符",
    "obtained_on": "取得日期不在期间内",
    "first_entered_on": "首次纳入的日期不在期间内",
    "new_build": "是否新建投产不符",
    "years_in": "在库年数不符",
}
