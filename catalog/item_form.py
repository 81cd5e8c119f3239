"""An item's own application form: what it asks a firm, how answers are read, what they come to. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Any

from catalog.intake import values
from foundation.errors import Invalid, Problem
from foundation.money import parse_yuan, yuan

KEY = "form"
MOST_FIELDS, MOST_ROWS, LONGEST = 60, 200, 500
Answers = Mapping[str, Any]
_NAME = re.compile(r"\w{1,20}")


class FieldKind(StrEnum):
    """What a field takes."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    ROWS = "rows"


KIND_LABELS = {
    FieldKind.TEXT: "文字",
    FieldKind.NUMBER: "数字",
    FieldKind.MONEY: "金额（元）",
    FieldKind.DATE: "日期",
    FieldKind.CHOICE: "选一种",
    FieldKind.YES_NO: "是或否",
    FieldKind.ROWS: "明细表",
}


@dataclass(frozen=True, slots=True)
class FormField:
    """One thing that is asked; a table of details has columns, which are fields themselves."""

    key: str
    label: str
    kind: FieldKind
    unit: str = ""
    choices: tuple[str, ...] = ()
    required: bool = True
    columns: tuple["FormField", ...] = ()

    @property
    def name(self) -> str:
        """What its control on the page is called."""
        return f"answer:{self.key}"

    @property
    def choices_named(self) -> list[tuple[str, str]]:
        """The choices as a list on a page wants them."""
        return [(each, each) for each in self.choices]

    @property
    def heading(self) -> str:
        """Its label with the unit."""
        unit = "元" if self.kind is FieldKind.MONEY else self.unit
        return f"{self.label}（{unit}）" if unit else self.label


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The amount applied for, as a share of one field, or of the sum of a column (`f2.c1`)."""

    of: str
    percent: Decimal
    cap_fen: int | None


@dataclass(frozen=True, slots=True)
class ItemForm:
    """Everything that an item asks beside contact, account and materials."""

    fields: tuple[FormField, ...] = ()
    amount: Reckoned | None = None
    declarations: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields or self.declarations)

    @property
    def labels(self) -> dict[str, str]:
        """The names of all controls with what they are called, for the list of what is wrong."""
        found = {field.name: field.label for field in self.fields}
        for field in self.fields:
            for column in field.columns:
                for row in range(1, MOST_ROWS + 1):
                    found[cell_id(field, column, row)] = f"{field.label}第 {row} 行，{column.label}"
        return found


@dataclass(frozen=True, slots=True)
class Table:
    """The details of one field, in words."""

    label: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def cell_id(field: FormField, column: FormField, row: int) -> str:
    """Where one cell of a table of details stands on the page; rows count from 1."""
    return f"{field.name}:{column.key}:{row}"


def of(source: Mapping[str, Any]) -> ItemForm:
    """The form of an item, empty where it has none."""
    given = source.get(KEY) or {}
    amount = given.get("amount")
    return ItemForm(
        tuple(_field(each) for each in given.get("fields") or ()),
        _reckoned(amount) if amount else None,
        tuple(given.get("declarations") or ()),
    )


def _field(given: Mapping[str, Any]) -> FormField:
    return FormField(
        given["key"],
        given["label"],
        FieldKind(given["kind"]),
        given.get("unit") or "",
        tuple(given.get("choices") or ()),
        bool(given.get("required", True)),
        tuple(_field(each) for each in given.get("columns") or ()),
    )


def _reckoned(given: Mapping[str, Any]) -> Reckoned:
    cap, percent = given.get("cap_yuan"), given.get("percent", 100)
    return Reckoned(given["of"], Decimal(str(percent)), None if cap is None else int(Decimal(str(cap)) * 100))


def faults(given: object) -> Iterator[Problem]:
    """What is wrong with a form as a file gives it."""
    if given is None:
        return
    if not isinstance(given, Mapping):
        yield Problem(KEY, "应为申请表的内容", '请写成 {"fields": […], "declarations": […]}，没有写 null')
        return
    fields = given.get("fields") or []
    if not isinstance(fields, list) or len(fields) > MOST_FIELDS or not all(map(_is_field, fields)):
        remedy = f"每项写 key、label 和 kind（{'、'.join(FieldKind)}），最多 {MOST_FIELDS} 项"
        yield Problem(f"{KEY}.fields", "有的项目写得不对", remedy)
        return
    keys = [each["key"] for each in fields]
    if len(set(keys)) < len(keys):
        yield Problem(f"{KEY}.fields", "有两项用了同一个 key", "请改成不同的")
    said = given.get("declarations") or []
    if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
        yield Problem(f"{KEY}.declarations", "应为承诺的列表", '请写成 ["…", "…"]')
    if given.get("amount") and not _is_reckoned(given["amount"], fields):
        yield Problem(
            f"{KEY}.amount", "看不出按哪一项计算", '请写成 {"of": "f1", "percent": 10, "cap_yuan": 50000}'
        )


def _is_field(given: object, *, within: bool = False) -> bool:
    if not isinstance(given, Mapping) or given.get("kind") not in [*FieldKind]:
        return False
    key, label = given.get("key"), given.get("label")
    if not (isinstance(key, str) and _NAME.fullmatch(key) and isinstance(label, str) and label):
        return False
    kind, columns = FieldKind(given["kind"]), given.get("columns") or []
    if kind is FieldKind.CHOICE and not given.get("choices"):
        return False
    if kind is not FieldKind.ROWS:
        return not columns
    return not within and bool(columns) and all(_is_field(each, within=True) for each in columns)


def _is_reckoned(given: object, fields: Sequence[Mapping[str, Any]]) -> bool:
    if not isinstance(given, Mapping):
        return False
    figures = [given.get("percent", 100), given.get("cap_yuan") or 0]
    return given.get("of") in {key for key, _ in figures_of(fields)} and all(
        isinstance(each, int | float) and each >= 0 for each in figures
    )


def figures_of(fields: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """From what an amount can be reckoned: fields and columns of money, with their words."""
    found = []
    for each in fields:
        if each["kind"] == FieldKind.MONEY:
            found.append((each["key"], each["label"]))
        found += [
            (f"{each['key']}.{column['key']}", f"{each['label']}的{column['label']}合计")
            for column in each.get("columns") or ()
            if column["kind"] == FieldKind.MONEY
        ]
    return found


def read(form: ItemForm, given: Callable[[str], list[str]]) -> tuple[dict[str, Any], list[Problem]]:
    """The answers in what a page sent, by control; what cannot be read is named with its field and row."""
    answers: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in form.fields:
        if field.kind is FieldKind.ROWS:
            columns = [given(f"{field.name}:{column.key}") for column in field.columns]
            answers[field.key] = _rows(field, list(zip(*columns, strict=False)), problems)
        else:
            said = (given(field.name) or [""])[0].strip()
            answers[field.key] = _answer(field, said, field.name, problems) if said else None
    return answers, problems


def from_sheet(field: FormField, grid: Sequence[Sequence[object]]) -> list[tuple[str, ...]]:
    """The rows of a spreadsheet in the order of the columns, whatever order they stand in there."""
    said = [[values.text(cell) for cell in row] for row in grid]
    top = next((at for at, row in enumerate(said) if any(row)), 0)
    heads = said[top] if said else []
    names = [column.label for column in field.columns]
    places = {head.partition("（")[0].partition("(")[0].strip(): at for at, head in enumerate(heads)}
    absent = [name for name in names if name not in places]
    if absent:
        remedy = f"第一行请写 {'、'.join(names)}"
        raise Invalid.of(field.name, f"明细里没有“{'”“'.join(absent)}”这一列", remedy)
    return [tuple(row[places[name]] for name in names) for row in said[top + 1 :]]


def read_rows(field: FormField, given: Sequence[Sequence[str]]) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The rows of a table of details; what cannot be read is named with its row."""
    problems: list[Problem] = []
    return _rows(field, given, problems), problems


def _rows(field: FormField, given: Sequence[Sequence[str]], problems: list[Problem]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number, said in enumerate(given, 1):
        if not any(cell.strip() for cell in said):
            continue
        row: dict[str, Any] = {}
        for column, cell in zip(field.columns, said, strict=True):
            place = cell_id(field, column, number)
            if cell.strip():
                row[column.key] = _answer(column, cell.strip(), place, problems)
            elif column.required:
                problems.append(Problem(place, "还没有填写", "请填写，或清空这一整行"))
        found.append(row)
    if len(found) > MOST_ROWS:
        problems.append(Problem(field.name, f"有 {len(found)} 行", f"最多 {MOST_ROWS} 行，请合并或分次申请"))
    return found[:MOST_ROWS]


def _answer(field: FormField, said: str, place: str, problems: list[Problem]) -> Any:
    try:
        return _READERS[field.kind](field, said)
    except ValueError as fault:
        problems.append(Problem(place, str(fault)))
        return None


def _text(field: FormField, said: str) -> str:
    if len(said) > LONGEST:
        raise ValueError(f"太长了，最多 {LONGEST} 个字")
    return said


def _number(field: FormField, said: str) -> str:
    found = values.figure(said.removesuffix(field.unit))
    if found is None:
        raise ValueError("请填数字，例如 12.5" + (f"，单位是{field.unit}" if field.unit else ""))
    return str(found)


def _money(field: FormField, said: str) -> int:
    try:
        return parse_yuan(said)
    except ValueError:
        raise ValueError("请填数字，单位是元，例如 62000") from None


def _date(field: FormField, said: str) -> str:
    found = values.day(said)
    if found is None:
        raise ValueError("请填日期，例如 2026-06-01")
    return found.isoformat()


def _choice(field: FormField, said: str) -> str:
    if said not in field.choices:
        raise ValueError(f"请从 {'、'.join(field.choices)} 中选一种")
    return said


def _yes_no(field: FormField, said: str) -> bool:
    if said not in ("是", "否"):
        raise ValueError("请选是或否")
    return said == "是"


_READERS: Mapping[FieldKind, Callable[[FormField, str], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
}


def missing(form: ItemForm, answers: Answers) -> list[Problem]:
    """What still has to be filled in before an application can be handed in."""
    lacking = [field for field in form.fields if field.required and answers.get(field.key) in (None, "", [])]
    return [Problem(field.name, f"还没有填写{field.label}", "请填写后再提交") for field in lacking]


def amount(form: ItemForm, answers: Answers) -> int | None:
    """What is applied for, in fen, where the form reckons it; None while that is not filled in."""
    if form.amount is None:
        return None
    key, _, column = form.amount.of.partition(".")
    given = answers.get(key)
    sums = [row.get(column) for row in given or ()] if column else [given]
    known = [fen for fen in sums if isinstance(fen, int)]
    if not known:
        return None
    share = (Decimal(sum(known)) * form.amount.percent / 100).quantize(Decimal(1), rounding=ROUND_DOWN)
    return int(share) if form.amount.cap_fen is None else min(int(share), form.amount.cap_fen)


def typed(field: FormField, answer: Any) -> str:
    """An answer as it stands in its control."""
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return "是" if answer else "否"
    return yuan(answer) if field.kind is FieldKind.MONEY else str(answer)


def shown(form: ItemForm, answers: Answers) -> list[tuple[str, str]]:
    """What was filled in, label and words; tables of details stand apart."""
    plain = (field for field in form.fields if field.kind is not FieldKind.ROWS)
    return [(field.label, _said(field, answers.get(field.key))) for field in plain]


def tables(form: ItemForm, answers: Answers) -> list[Table]:
    """The tables of details that have rows."""
    return [
        Table(
            field.label,
            tuple(column.heading for column in field.columns),
            tuple(
                tuple(typed(column, row.get(column.key)) or "没有填" for column in field.columns)
                for row in answers.get(field.key) or ()
            ),
        )
        for field in form.fields
        if field.kind is FieldKind.ROWS and answers.get(field.key)
    ]


def _said(field: FormField, answer: Any) -> str:
    words = typed(field, answer)
    if not words:
        return "没有填"
    unit = "元" if field.kind is FieldKind.MONEY else field.unit
    return f"{words} {unit}" if unit and unit != "%" else words + unit
