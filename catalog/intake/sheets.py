"""A department's list in a spreadsheet: headings by what they mean, wherever they stand."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from catalog.intake import headings, office, values
from catalog.intake.assembly import ReadRow, Value, assemble
from catalog.intake.headings import Meaning
from foundation.errors import Invalid

HEADING_ROWS, ENOUGH = 15, 2
PREFIX = "B"
Grid = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Heads:
    """The headings of a sheet: the row after them, and what each column means."""

    after: int
    names: tuple[str, ...]
    meanings: tuple[Meaning | None, ...]

    @property
    def known(self) -> int:
        """How many columns were understood."""
        return len({each.field for each in self.meanings if each})


@dataclass(frozen=True, slots=True)
class Unread:
    """Something in the file that is not imported, and why."""

    place: str
    why: str


def read(data: bytes) -> tuple[list[ReadRow], list[Unread]]:
    """The items of all visible sheets; hidden sheets and what has no heading are told, not dropped."""
    office.checked(data, ".xlsx")
    try:
        return _read(CalamineWorkbook.from_filelike(io.BytesIO(data)))
    except CalamineError:
        office.refuse(office.DAMAGED)


def first_grid(data: bytes) -> Grid:
    """The cells of the first visible sheet, whatever they mean."""
    office.checked(data, ".xlsx")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
        return book.get_sheet_by_name(shown[0]).to_python() if shown else []
    except CalamineError:
        office.refuse(office.DAMAGED)


def _read(book: CalamineWorkbook) -> tuple[list[ReadRow], list[Unread]]:
    rows: list[ReadRow] = []
    unread: list[Unread] = []
    for sheet in book.sheets_metadata:
        if sheet.visible != SheetVisibleEnum.Visible:
            unread.append(Unread(f"工作表“{sheet.name}”", "是隐藏的，没有导入；要导入请取消隐藏"))
            continue
        opened = book.get_sheet_by_name(sheet.name)
        grid = _filled(opened.to_python(skip_empty_area=False), opened.merged_cell_ranges or [])
        heads = _heads(grid)
        if heads is None:
            if any(_has(line) for line in grid):
                unread.append(Unread(f"工作表“{sheet.name}”", "没有找到“事项名称”一列，没有导入"))
            continue
        rows += _items(grid, heads, unread, sheet.name)
    if not rows:
        raise Invalid.of(
            "file", "没有找到可以导入的事项", "请在标题行写明 事项名称、兑现方式、主管部门 等，一行一个事项"
        )
    return rows, unread


def _filled(grid: Grid, merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> Grid:
    """The grid with the value of a merged cell in each of its places."""
    for (top, left), (bottom, right) in merged:
        if top >= len(grid) or left >= len(grid[top]):
            continue
        said = grid[top][left]
        for line in grid[top : bottom + 1]:
            for column in range(left, min(right + 1, len(line))):
                line[column] = said
    return grid


def _has(line: Sequence[Any]) -> bool:
    return any(values.text(cell) for cell in line)


def _heads(grid: Grid) -> Heads | None:
    """The headings, in one row or in two; the title must be among them."""
    found: list[Heads] = []
    for at in range(min(HEADING_ROWS, len(grid))):
        if sum(1 for each in set(map(values.text, grid[at])) if each) < ENOUGH:
            continue
        for depth in (1, 2):
            heads = _named(grid, at, depth)
            if (
                heads
                and heads.known >= ENOUGH
                and any(each and each.field == "title" for each in heads.meanings)
            ):
                found.append(heads)
    return max(found, key=lambda each: (each.known, -each.after), default=None)


def _named(grid: Grid, at: int, depth: int) -> Heads | None:
    lines = grid[at : at + depth]
    if len(lines) < depth:
        return None
    columns = zip(*([values.text(cell) for cell in line] for line in lines), strict=True)
    names = ["".join(dict.fromkeys(part for part in column if part)) for column in columns]
    if depth == 2 and any(len(name) > 40 for name in names):
        return None
    meanings = [headings.meaning(name) if name else None for name in names]
    return Heads(at + depth, tuple(names), _first_of_each(meanings))


def _first_of_each(meanings: list[Meaning | None]) -> tuple[Meaning | None, ...]:
    """Of several columns with one meaning the first keeps it; the others stay under their own names."""
    seen: set[str] = set()
    kept: list[Meaning | None] = []
    for each in meanings:
        kept.append(each if each and each.field not in seen else None)
        if each:
            seen.add(each.field)
    return tuple(kept)


def _items(grid: Grid, heads: Heads, unread: list[Unread], sheet: str) -> Iterator[ReadRow]:
    for at, line in enumerate(grid[heads.after :], heads.after + 1):
        if not _has(line):
            continue
        cells = list(zip(heads.names, heads.meanings, line, strict=False))
        given = {
            each.field: Value(cell, each.unit) for _, each, cell in cells if each and each.field != "number"
        }
        others = {
            name or f"第 {column} 列": values.text(cell)
            for column, (name, each, cell) in enumerate(cells, 1)
            if each is None and values.text(cell)
        }
        if not given["title"].text:
            said = "，".join(dict.fromkeys(values.text(cell) for cell in line if values.text(cell)))[:60]
            unread.append(Unread(f"工作表“{sheet}”第 {at} 行", f"没有事项名称，没有导入：{said}"))
            continue
        yield assemble(at, given, others, PREFIX)
