"""Enterprises as a table states them: a heading a fact, a line an enterprise. Pure."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from foundation.enterprises.rules import FLAGS, LISTS, NOT_FACTS, NUMBERS

HEADINGS = {
    "统一社会信用代码": "uscc", "信用代码": "uscc", "企业名称": "name", "名称": "name", "编号": "id",
    "注册地": "region_code", "行政区划代码": "region_code", "行业代码": "industry_code",
    "成立日期": "established_on", "数据日期": "snapshot_date", "主体类型": "org_type",
    "从业人员": "employees", "参保职工": "insured_employees", "营业收入（万元）": "revenue_wan",
    "资产总额（万元）": "assets_wan", "企业规模": "scale", "严重失信": "serious_dishonest",
    "劳务派遣单位": "is_labor_dispatch", "信用代码校验不符的理由": "uscc_override_reason",
}  # fmt: skip
OWN = frozenset({*NOT_FACTS, *NUMBERS, *FLAGS, *LISTS, "org_type", "scale", "attributes"})
WORDS = {"是": True, "否": False, "true": True, "false": False}
# what is a text, though a sheet may hold it as a number
TEXTS = frozenset({"id", "uscc", "name", "region_code", "industry_code", "established_on"})


def lines_of(grid: Sequence[Sequence[object]]) -> list[str]:
    """Every row of a sheet as a .jsonl file has it: empty where it says nothing, as its headings do."""
    heads: list[str] = []
    lines = []
    for row in grid:
        lines.append(_line(heads, row) if heads and any(map(_said, row)) else "")
        heads = heads or [_heading(cell) for cell in row if any(map(_said, row))]
    return lines


def _line(heads: Sequence[str], row: Sequence[object]) -> str:
    """One enterprise; an empty cell says nothing."""
    named = (pair for pair in zip(heads, row, strict=False) if pair[0] and _said(pair[1]))
    known = {name: _value(name, cell) for name, cell in named}
    others = {name: known.pop(name) for name in [*known] if name not in OWN}
    return json.dumps({**known, "attributes": others}, ensure_ascii=False)


def _heading(cell: object) -> str:
    said = str(cell).strip() if _said(cell) else ""
    return HEADINGS.get(said, said)


def _said(cell: object) -> bool:
    return cell is not None and str(cell).strip() != ""


def _value(name: str, cell: object) -> Any:
    if isinstance(cell, date | datetime):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if name in TEXTS or not isinstance(cell, str):
        return str(cell).strip() if name in TEXTS else cell
    text = cell.strip()
    if text[0] in "[{":
        with suppress(ValueError):
            return json.loads(text)
    return WORDS.get(text.lower(), text)
