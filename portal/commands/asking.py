"""`match` and `search`: what the catalogue says to an enterprise, or to a line of text."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import click

from catalog.search import find as catalogue
from foundation import clock
from foundation.enterprises import queries as firms
from foundation.errors import Invalid
from matching import queries
from portal.commands.running import (
    STANDARD_INPUT,
    Running,
    answer,
    json_option,
    lines_of,
    pass_running,
    progress,
)

OUTCOMES = {"eligible": "符合", "not_eligible": "不符合", "unknown": "还不能判断"}


@click.command()
@click.option("--enterprise", metavar="CODE|ID|all", help="一家企业的信用代码或编号；all 是全部企业。")
@click.option("--item", metavar="CODE", help="一个事项的编号：哪些企业符合。")
@click.option("--as-of", metavar="DATE", help="按哪一天算，例如 2025-06-30；不写就是今天。")
@json_option
@pass_running
def match(
    running: Running, enterprise: str | None, item: str | None, as_of: str | None, as_json: bool
) -> None:
    """企业符合哪些政策，或者政策适合哪些企业，以及为什么。"""
    if (enterprise is None) == (item is None):
        raise click.UsageError("--enterprise 和 --item 要写一个，只写一个")
    day = _day(as_of)
    with running.database().reading() as db:
        if item is not None:
            found = queries.match_item(db, item, day)
            answer(found, as_json, lambda: _by_item(found))
        elif enterprise == "all":
            with progress("匹配", firms.count(db)) as done:
                for number, one in enumerate(queries.match_all(db, day), 1):
                    click.echo(json.dumps(one, ensure_ascii=False) if as_json else _summary(one))
                    done(number)
        else:
            one = queries.match_enterprise(db, enterprise or "", day)
            answer(one, as_json, lambda: _by_enterprise(one))


@click.command()
@click.argument("text", metavar="TEXT")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, metavar="N", help="最多列几项。")
@json_option
@pass_running
def search(running: Running, text: str, limit: int, as_json: bool) -> None:
    """查政策；TEXT 写 - 就逐行回答标准输入。"""
    with running.database().reading() as db:
        for line in _queries(text):
            found = catalogue.search(db, line, limit).answer()
            answer(found, as_json, lambda found=found: _found(found))  # type: ignore[misc]


def _queries(text: str) -> Iterator[str]:
    if text != STANDARD_INPUT:
        yield text
        return
    for line in lines_of(text):
        yield line.rstrip("\r\n")


def _day(text: str | None) -> date:
    if text is None:
        return clock.now().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid.of("--as-of", f"“{text}”不是日期", "请写成 2025-06-30 这样") from None


def _summary(one: dict[str, Any]) -> str:
    outcomes = [result["outcome"] for result in one["results"]]
    counts = "，".join(f"{label} {outcomes.count(outcome)}" for outcome, label in OUTCOMES.items())
    return f"{one['enterprise']}：{counts}"


def _by_enterprise(one: dict[str, Any]) -> str:
    lines = [f"{_summary(one)}（按 {one['as_of']}）"]
    for result in one["results"]:
        lines.append(f"{result['item']} {OUTCOMES[result['outcome']]}")
        lines += [f"  {_mark(reason['holds'])} {reason['text']}" for reason in result["because"]]
    return "\n".join(lines)


def _by_item(found: dict[str, Any]) -> str:
    lines = [f"{found['item']}（按 {found['as_of']}）"]
    lines += [f"{held['enterprise']} {OUTCOMES[held['outcome']]}" for held in found["enterprises"]]
    return "\n".join(lines)


def _mark(holds: bool | None) -> str:
    return "？" if holds is None else "✓" if holds else "✗"


def _found(found: dict[str, Any]) -> str:
    lines = [f"{result['item']} {result['title']}" for result in found["results"]]
    if found.get("suggestion"):
        lines.append(f"您是不是要找：{found['suggestion']}")
    return "\n".join(lines) or "没有找到。换个说法，或者少写几个字再试。"
