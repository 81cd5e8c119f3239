"""`due`: when a limit falls due from a moment."""

import json
from collections.abc import Iterator
from typing import Any

import click

from foundation.deadlines import queries
from foundation.deadlines.due import due_line
from foundation.errors import Invalid, Problem
from portal.commands.running import STANDARD_INPUT, Running, json_option, lines_of, pass_running


@click.command()
@click.argument("limit", metavar="LIMIT")
@click.option("--from", "start", required=True, metavar="ISO_TIME", help="从何时起；- 是标准输入，每行一个。")
@click.option("--hours", default="opening", metavar="opening|natural", help="按办公时间还是自然时间计。")
@json_option
@pass_running
def due(running: Running, limit: str, start: str, hours: str, as_json: bool) -> None:
    """时限 LIMIT 从某一时刻起，什么时候到期，怎么算出来的。"""
    with running.database().reading() as db:
        calendar = queries.calendar(db)
    due_line(limit, "2026-01-05", hours, calendar)  # a wrong name is said before any line is read
    for number, moment in _moments(start):
        try:
            found = due_line(limit, moment, hours, calendar)
        except Invalid as refusal:
            raise _at_row(refusal, number) from None
        click.echo(json.dumps(found, ensure_ascii=False) if as_json else _text(found))


def _moments(start: str) -> Iterator[tuple[int | None, str]]:
    if start != STANDARD_INPUT:
        yield None, start
        return
    for number, line in enumerate(lines_of(start), 1):
        if line.strip():
            yield number, line.strip()


def _at_row(refusal: Invalid, row: int | None) -> Invalid:
    return Invalid(Problem(each.field, each.message, each.remedy, row) for each in refusal.problems)


def _text(found: dict[str, Any]) -> str:
    when = found["due"] or "没有时限"
    doubt = "（暂定）" if found["provisional"] else ""
    return "\n".join([f"{when}{doubt}", *(f"  {line}" for line in found["lines"])])
