"""A single condition from what somebody typed: which fact, how compared, with what. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from catalog.conditions import regions
from catalog.conditions.fields import REGISTER, Field, Kind
from catalog.conditions.parse import parse
from catalog.conditions.register import field_named, field_of
from catalog.conditions.tree import Op
from catalog.conditions.tree import leaves as leaves_of
from catalog.conditions.words import UNITS
from catalog.intake import values
from foundation.errors import Invalid

OP_LABELS = {
    Op.GE: "不少于 / 不早于",
    Op.GT: "多于 / 晚于",
    Op.LE: "不超过 / 不晚于",
    Op.LT: "少于 / 早于",
    Op.EQ: "是",
    Op.IN: "是其中之一",
    Op.WITHIN_ANY: "在这些地区",
    Op.HAS: "有这项资质或统计",
}
KIND_LABELS = {
    Kind.NUMBER: "数字",
    Kind.YES_NO: "是或否",
    Kind.CHOICE: "几种之一",
    Kind.DATE: "日期",
}
NEAR, MOST_NEAR = 45, 5
YES, NO = frozenset({"是", "有", "yes", "true"}), frozenset({"否", "不是", "没有", "无", "no", "false"})
Declared = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Meant:
    """A fact that may have been meant."""

    name: str
    label: str
    unit: str


def known_fields(others: Iterable[str] = ()) -> dict[str, str]:
    """The names of all facts with their words: the register's, and *others* that items ask for."""
    return {name: field.label for name, field in REGISTER.items()} | {
        name: field_named(name).label for name in others if name not in REGISTER
    }


def find(said: str, known: Mapping[str, str]) -> str | None:
    """The name of the fact that *said* names, by its name or its words; None where it is not that clear."""
    if said in known:
        return said
    matching = [name for name, label in known.items() if label == said]
    return matching[0] if len(matching) == 1 else None


def did_you_mean(said: str, known: Mapping[str, str]) -> list[Meant]:
    """The facts whose words are nearest to *said*, the nearest first."""
    near = process.extract(said, known, scorer=fuzz.WRatio, limit=MOST_NEAR, score_cutoff=NEAR)
    by_name = process.extract(
        said, {name: name for name in known}, scorer=fuzz.WRatio, limit=2, score_cutoff=80
    )
    names = dict.fromkeys(name for _, _, name in (*near, *by_name))
    return [Meant(name, known[name], field_named(name).unit) for name in names]


def declare(label: str, kind: str, unit: str, source: str) -> dict[str, str]:
    """A fact that no register has yet: its type, its unit and who can say it ride with the item."""
    if not label or not source:
        raise Invalid.of(
            "source", "新的一项要写明数据来源", "请写哪个部门的哪份数据能说明，例如 市统计局联网直报"
        )
    if kind == Kind.NUMBER and not unit:
        raise Invalid.of("unit", "数字要有单位", "请写单位，例如 万元、人、个")
    if unit and kind == Kind.NUMBER and unit not in UNITS and unit not in UNITS.values():
        raise Invalid.of(
            "unit", f"不认识单位“{unit}”", f"可用的有 {'、'.join(dict.fromkeys(UNITS.values()))}"
        )
    name = f"{label}_{unit}" if kind == Kind.NUMBER else label
    return {"field": name, "label": label, "kind": kind, "unit": unit, "source": source}


def leaf(name: str, op: Op, said: str, declared: Declared | None = None) -> dict[str, Any]:
    """The condition as it is written in a tree."""
    field = field_named(name)
    kind = Kind(declared["kind"]) if declared else field.kind
    return {"field": name, "op": op.value, "value": _value(field, kind, op, said.strip())}


def _value(field: Field, kind: Kind, op: Op, said: str) -> Any:
    if not said:
        raise Invalid.of("value", "还没有填要求的值", "请填数、日期、选项或者是、否")
    if op is Op.HAS:
        return {"type" if field.name != "stat_entries" else "kinds": _several(said)}
    if op in (Op.WITHIN, Op.WITHIN_ANY):
        return [_region(each) for each in _several(said)]
    if op is Op.IN:
        return [_one(field, kind, each) for each in _several(said)]
    if op is not Op.EQ and kind not in (Kind.NUMBER, Kind.DATE, Kind.TEXT):
        raise Invalid.of("op", f"“{field.label}”不能比大小", "请选“是”或“是其中之一”")
    return _one(field, kind, said, ordered=op is not Op.EQ)


def _one(field: Field, kind: Kind, said: str, *, ordered: bool = False) -> Any:
    if kind is Kind.YES_NO:
        return _yes_no(field, said)
    if kind is Kind.DATE:
        return _day(field, said)
    if kind is Kind.NUMBER or ordered:
        return _number(field, said)
    if field.choices and said not in field.choices:
        raise Invalid.of("value", f"“{field.label}”没有“{said}”", f"可以填 {'、'.join(field.choices)}")
    return said


def _yes_no(field: Field, said: str) -> bool:
    if said.lower() in YES | NO:
        return said.lower() in YES
    raise Invalid.of("value", f"“{field.label}”只能是或否", "请填 是 或 否")


def _day(field: Field, said: str) -> str:
    found = values.day(said)
    if found is None:
        raise Invalid.of("value", f"“{field.label}”要填日期", "例如 2025-06-30")
    return found.isoformat()


def _number(field: Field, said: str) -> int | float:
    plain = said.removesuffix(field.unit).strip()
    found = values.figure(plain)
    if found is None or not plain.removeprefix("-").replace(",", "").replace(".", "").isdigit():
        raise Invalid.of("value", f"“{field.label}”要填数字", f"单位是{field.unit or '个'}，例如 500")
    return found


def _region(said: str) -> str:
    code = said if regions.is_code(said) else values.region(said)
    if code is None:
        raise Invalid.of("value", f"不认识地区“{said}”", "请写县区全名或六位代码，例如 利州区、510802")
    return code


def _several(said: str) -> list[str]:
    for mark in "，,；;\n":
        said = said.replace(mark, "、")
    return [each.strip() for each in said.split("、") if each.strip()]


def said_of(raw: Mapping[str, Any]) -> str:
    """The value of a written condition as the form shows it."""
    value = raw.get("value")
    if isinstance(value, Mapping):
        value = value.get("type") or value.get("kinds")
    return "、".join(_shown(each) for each in (value if isinstance(value, list) else [value]))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return regions.name(value) if regions.is_code(value) else str(value)


def fact(name: str, source: Mapping[str, Any], said: str) -> Any:
    """A fact of a test case as a profile would have it."""
    declared = next((each for each in source.get("fields") or () if each["field"] == name), None)
    field = field_named(name)
    kind = Kind(declared["kind"]) if declared else field.kind
    if kind is Kind.LIST:
        return [{"kind" if name == "stat_entries" else "type": each} for each in _several(said)]
    if kind is Kind.PLACE:
        return _region(said)
    return _one(field, _kind_asked(name, source, kind), said.strip())


def _kind_asked(name: str, source: Mapping[str, Any], kind: Kind) -> Kind:
    """What the conditions take a fact for, where only they tell."""
    asked = [leaf for leaf in leaves_of(parse(source.get("conditions"))) if leaf.field == name]
    return field_of(asked[0]).kind if asked and name not in REGISTER else kind


def fact_said(value: object) -> str:
    """A fact of a test case as the form shows it."""
    entries = value if isinstance(value, list) else [value]
    shown = (each.get("type") or each.get("kind") if isinstance(each, Mapping) else each for each in entries)
    return "、".join(_shown(each) for each in shown if each is not None)
