"""Changing an application form one field at a time, as it is written. Pure."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from catalog.authoring.forms import FieldForm
from catalog.item_form import KIND_LABELS, FieldKind
from foundation.errors import Invalid

Written = Mapping[str, Any]
# the words of a column's kind, as it is typed: 购置日期 日期
_KINDS = {label.partition("（")[0]: kind for kind, label in KIND_LABELS.items() if kind is not FieldKind.ROWS}
COLUMN_HELP = "一行一列：名称 类型 单位。类型写文字、数字、金额、日期，例如“数量 数字 台”。"


def keep(own: Written, form: FieldForm) -> dict[str, Any]:
    """The form with a field more, or with one changed."""
    fields = list(own.get("fields") or ())
    made = _written(form, form.key or _next_key(fields))
    place = next((at for at, each in enumerate(fields) if each["key"] == form.key), len(fields))
    fields[place : place + 1] = [made]
    return {**own, "fields": fields}


def step(own: Written, key: str, do: str) -> dict[str, Any]:
    """The form with a field fewer, or with one moved; what was reckoned from a field goes with it."""
    fields = list(own.get("fields") or ())
    place = next((at for at, each in enumerate(fields) if each["key"] == key), None)
    if place is None:
        raise Invalid.of("key", "没有找到这一项，可能已经删掉", "请刷新页面")
    if do == "remove":
        del fields[place]
        amount = own.get("amount") or {}
        lost = str(amount.get("of", "")).partition(".")[0] == key
        return {**own, "fields": fields, "amount": None if lost else own.get("amount")}
    other = place + (-1 if do == "up" else 1)
    if 0 <= other < len(fields):
        fields[place], fields[other] = fields[other], fields[place]
    return {**own, "fields": fields}


def _next_key(fields: list[Written]) -> str:
    keys = {each["key"] for each in fields}
    return next(key for number in count(1) if (key := f"f{number}") not in keys)


def _written(form: FieldForm, key: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "key": key,
        "label": form.label,
        "kind": form.kind.value,
        "required": form.required == "yes",
    }
    if form.unit and form.kind is FieldKind.NUMBER:
        made["unit"] = form.unit
    if form.kind is FieldKind.CHOICE:
        made["choices"] = _choices(form.choices)
    if form.kind is FieldKind.ROWS:
        made["columns"] = _columns(form.columns)
    return made


def _choices(said: str) -> list[str]:
    found = [line.strip() for line in said.replace("、", "\n").splitlines() if line.strip()]
    if len(found) < 2:
        raise Invalid.of("choices", "至少要有两种可选", "一行写一种")
    return found


def _columns(said: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for line in filter(None, (line.strip() for line in said.splitlines())):
        label, *rest = line.split()
        kind = _KINDS.get(rest[0]) if rest else FieldKind.TEXT
        if kind is None or kind is FieldKind.CHOICE:
            raise Invalid.of("columns", f"看不懂“{line}”的类型", COLUMN_HELP)
        column: dict[str, Any] = {"key": f"c{len(found) + 1}", "label": label, "kind": kind.value}
        if kind is FieldKind.NUMBER and len(rest) > 1:
            column["unit"] = rest[1]
        found.append(column)
    if not found:
        raise Invalid.of("columns", "明细表还没有列", COLUMN_HELP)
    return found


def columns_said(field: Written) -> str:
    """The columns of a table of details as they are typed."""
    words: dict[FieldKind, str] = {kind: label for label, kind in _KINDS.items()}
    return "\n".join(
        " ".join(filter(None, (each["label"], words[FieldKind(each["kind"])], each.get("unit", ""))))
        for each in field.get("columns") or ()
    )
