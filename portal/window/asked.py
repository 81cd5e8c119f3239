"""What an item asks on a form of its own: read from the page and from sheets, reckoned, shown again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from catalog import item_form
from catalog.intake import sheets
from catalog.item_form import FieldKind, FormField, ItemForm, Table
from catalog.queries import ItemView
from foundation.errors import Invalid, Problem
from foundation.web.uploads import Upload
from portal.window.services.intake import Application

SHEET = "rows:"
SPARE_ROWS = 2
Written = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A spreadsheet handed in for a table of details: for which field, and its bytes."""

    key: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """The form with what was filled in, as the pages of a case show it."""

    pairs: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    declarations: tuple[str, ...] = ()


def apart(
    uploads: Sequence[Upload], read: Callable[[str], bytes]
) -> tuple[tuple[Sheet, ...], tuple[Upload, ...]]:
    """The sheets of details, and the files that are kept as materials."""
    of_rows = [upload for upload in uploads if upload.field.startswith(SHEET)]
    found = tuple(Sheet(upload.field.removeprefix(SHEET), read(upload.key)) for upload in of_rows)
    return found, tuple(upload for upload in uploads if upload not in of_rows)


def filled(
    application: Application, item: ItemView, given: Callable[[str], list[str]], handed: Sequence[Sheet]
) -> Application:
    """*application* with what the item's own form was answered; Invalid names field and row."""
    form = item_form.of(item.source)
    answers, problems = item_form.read(form, given)
    for field in form.fields:
        for sheet in (each for each in handed if each.key == field.key):
            answers[field.key] = _rows_of(field, sheet, problems)
    if problems:
        raise Invalid(problems)
    declared = bool(form.declarations) and given("declared") == ["yes"]
    application = replace(application, answers=answers, declared=declared)
    if form.amount is None:
        return application
    return replace(application, applied_fen=item_form.amount(form, answers))


def _rows_of(field: FormField, sheet: Sheet, problems: list[Problem]) -> list[dict[str, Any]]:
    if field.kind is not FieldKind.ROWS:
        return []
    problems[:] = [each for each in problems if not each.field.startswith(f"{field.name}:")]
    rows, found = item_form.read_rows(field, item_form.from_sheet(field, sheets.first_grid(sheet.data)))
    problems += found
    return rows


def written(form: ItemForm, kept: Mapping[str, Any]) -> Written:
    """What a draft holds, as its page would send it again."""
    answers: Mapping[str, Any] = kept.get("answers") or {}
    found: Written = {}
    for field in form.fields:
        answer = answers.get(field.key)
        if field.kind is not FieldKind.ROWS:
            found[field.name] = [item_form.typed(field, answer)]
            continue
        for column in field.columns:
            cells = [item_form.typed(column, row.get(column.key)) for row in answer or ()]
            found[f"{field.name}:{column.key}"] = cells
    if kept.get("declared"):
        found["declared"] = ["yes"]
    return found


def rows_shown(form: ItemForm, page: Written) -> dict[str, int]:
    """How many rows each table of details has on its page, some of them spare."""
    return {
        field.key: min(
            max(_used(page.get(f"{field.name}:{column.key}", [])) for column in field.columns) + SPARE_ROWS,
            item_form.MOST_ROWS,
        )
        for field in form.fields
        if field.kind is FieldKind.ROWS
    }


def _used(cells: Sequence[str]) -> int:
    return max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0)


def shown(item: ItemView, kept: Mapping[str, Any]) -> Asked:
    """What was filled in, in words, as the item's version asked it."""
    form, answers = item_form.of(item.source), kept.get("answers") or {}
    said = form.declarations if kept.get("declared") else ()
    return Asked(tuple(item_form.shown(form, answers)), tuple(item_form.tables(form, answers)), said)
