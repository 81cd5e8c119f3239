"""`catalog` and `enterprises`: files in, files out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import click
from sqlalchemy.orm import Session

from catalog import exports
from catalog import services as catalogue
from catalog.intake import reading, sheets
from catalog.intake.headings import LABELS
from catalog.intake.office import LARGEST_FILE
from catalog.intake.reading import Reading
from foundation.enterprises import registers
from foundation.enterprises import services as firms
from foundation.enterprises import sheets as table
from foundation.errors import Invalid, Problem
from portal.commands.running import (
    STANDARD_INPUT,
    Running,
    answer,
    json_option,
    lines_of,
    pass_running,
    progress,
)

BAD_ANSWER, BAD_INPUT = 1, 2
FORMS = ("", ".jsonl", ".json", ".ndjson")

# what an item is called where the portal has no address of its own yet
NAMELESS = "urn:huiqi:item:"
EXPORTS = ("jsonl", "xlsx", "jsonld")

partial_option = click.option("--partial", is_flag=True, help="有问题的行不收，其余照收。")
dry_run_option = click.option("--dry-run", is_flag=True, help="只核对，不保存。")


class Result(Protocol):
    """What both imports answer."""

    @property
    def taken(self) -> int: ...
    @property
    def changed(self) -> int: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def refused(self) -> tuple[Problem, ...]: ...


@click.group()
def catalog() -> None:
    """政策事项：导入、导出。"""


@catalog.command("import")
@click.argument("file", metavar="FILE")
@partial_option
@dry_run_option
@json_option
@pass_running
def import_catalog(running: Running, file: str, partial: bool, dry_run: bool, as_json: bool) -> int:
    """导入并发布 FILE：.jsonl（每行一个事项）、.xlsx、.docx、.txt、.html；- 是标准输入的 .jsonl。"""
    found = _read(file) if Path(file).suffix.lower() in reading.FORMS else None
    lines = _lines(file) if found is None else [row.source for row in found.rows]
    numbers = None if found is None else [row.row for row in found.rows]

    def take(db: Session, done: Callable[[int], None]) -> catalogue.ImportResult:
        return catalogue.import_items(
            db, None, lines, partial=partial, dry_run=dry_run, progress=done, numbers=numbers
        )

    with progress("导入", len(lines)) as done:
        result = running.database().write(lambda db: take(db, done))
    for warned in result.warnings:
        click.echo(f"提醒：第 {warned.row} 行 {warned.field}：{warned.warning}", err=True)
    return _told(result, result.answer() | _asked(found), as_json, partial, dry_run)


def _read(file: str) -> Reading:
    """A list or a guide, refused by its size before it is read."""
    return reading.read(Path(file).name, _content(file))


def _content(file: str) -> bytes:
    path = Path(file)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Invalid.of("FILE", f"{file} 超过 20 MB", "请分成几个文件")
        return path.read_bytes()
    except OSError as error:
        raise Invalid.of("FILE", f"{file} 读不了：{error.strerror}", "请核对文件名") from None


def _asked(found: Reading | None) -> dict[str, Any]:
    """What nobody could map, and what was not read: told, never dropped."""
    if found is None:
        return {}
    asked = [
        {"row": row.row, "id": row.source["id"], "field": each.field, "said": each.said, "question": each.ask}
        for row in found.rows
        for each in row.doubts
    ]
    for each in asked:
        said = f"“{each['said']}”" if each["said"] else ""
        click.echo(f"请问：第 {each['row']} 行 {LABELS[each['field']]}{said}：{each['question']}", err=True)
    for unread in found.unread:
        click.echo(f"没有导入：{unread.place}：{unread.why}", err=True)
    return {"asked": asked, "unread": [{"place": each.place, "why": each.why} for each in found.unread]}


@catalog.command("export")
@click.option("--format", "form", type=click.Choice(EXPORTS), default="jsonl", help="格式。")
@click.option("--out", default=STANDARD_INPUT, metavar="FILE", help="写到哪个文件；不写或写 - 就是标准输出。")
@json_option
@pass_running
def export_catalog(running: Running, form: str, out: str, as_json: bool) -> None:
    """导出全部事项，按编号排序；可以原样再导入。"""
    with running.database().reading() as db:
        sources = list(catalogue.export(db))
    given = _written(sources, form, running.settings.public_url)
    if out == STANDARD_INPUT:
        click.echo(given, nl=False)
        return
    try:
        Path(out).write_bytes(given)
    except OSError as error:
        raise Invalid.of("--out", f"{out} 写不了：{error.strerror}", "请换一个能写的路径") from None
    answer({"items": len(sources), "file": out}, as_json, lambda: f"已导出 {len(sources)} 项到 {out}。")


def _written(sources: list[str], form: str, public_url: str) -> bytes:
    """The catalogue in one of the forms."""
    if form == "xlsx":
        return exports.workbook(sources)
    lines = (
        sources
        if form == "jsonl"
        else exports.linked(sources, f"{public_url}/items/" if public_url else NAMELESS)
    )
    return "".join(f"{line}\n" for line in lines).encode()


@click.group()
def enterprises() -> None:
    """企业：导入。"""


@enterprises.command("import")
@click.argument("file", metavar="FILE")
@partial_option
@dry_run_option
@json_option
@pass_running
def import_enterprises(running: Running, file: str, partial: bool, dry_run: bool, as_json: bool) -> int:
    """导入 FILE 里的企业：.jsonl（每行一家）、.xlsx（第一行是项目名称）；- 是标准输入的 .jsonl。"""
    in_sheet = file.lower().endswith(".xlsx")
    lines = table.lines_of(sheets.first_grid(_content(file))) if in_sheet else _lines(file)
    with progress("导入", len(lines)) as done:
        result = running.database().write(
            lambda db: firms.import_enterprises(db, None, lines, partial=partial, dry_run=dry_run)
        )
        done(len(lines))
    return _told(result, result.as_dict(), as_json, partial, dry_run)


@enterprises.command("facts")
@click.argument("file", metavar="FILE")
@partial_option
@dry_run_option
@json_option
@pass_running
def take_facts(running: Running, file: str, partial: bool, dry_run: bool, as_json: bool) -> int:
    """导入 FILE 里登记机关的数据：.jsonl，每行一条 {"uscc", "field", "value", "as_of"}；- 是标准输入。"""
    lines = _lines(file)
    result = running.database().write(
        lambda db: registers.take(db, None, lines, partial=partial, dry_run=dry_run)
    )
    return _told(result, result.as_dict(), as_json, partial, dry_run)


def _lines(file: str) -> list[str]:
    """The whole file: a transaction that has to run again reads it again."""
    if file != STANDARD_INPUT and Path(file).suffix.lower() not in FORMS:
        raise Invalid.of("FILE", f"不能导入 {Path(file).suffix} 文件", "请导入 .jsonl，每行一个 JSON")
    return list(lines_of(file))


def _told(result: Result, given: dict[str, Any], as_json: bool, partial: bool, dry_run: bool) -> int:
    tried = "（只核对，没有保存）" if dry_run else ""
    answer(
        given,
        as_json,
        lambda: (
            f"新增 {result.taken}，更改 {result.changed}，未变 {result.unchanged}，"
            f"不收 {len({problem.row for problem in result.refused})} 行{tried}。"
        ),
    )
    if not result.refused:
        return 0
    if not partial:
        click.echo("有不能收的行，所以一行也没有收。改好后再导入，或者加 --partial 先收其余的。", err=True)
    for problem in result.refused:
        click.echo(str(problem), err=True)
    return BAD_ANSWER if partial else BAD_INPUT
