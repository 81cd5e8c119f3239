"""One row of the catalogue's .jsonl form as a draft of an item version, or the problems it has. Pure.

Null says "not known" and never refuses a row; what is there has to make sense. Unknown keys are kept.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn

from catalog import cases, item_form, rules
from catalog.conditions import regions
from catalog.conditions.parse import parse
from catalog.conditions.tree import AllOf, Compare, Node, OneOf, Op, Unstated, leaves
from catalog.rules import Channel, OutcomeKind, Scope, Span
from foundation.errors import Invalid, Problem

LONGEST_ROW = 400_000
REQUIRED = ("id", "title", "type", "region_code", "conditions")
_CODE = re.compile(r"[^\s/\\?#%\x00-\x1f\x7f]{1,64}\Z")
_MONEY = ("amount_yuan", "cap_yuan", "rate")
_GUIDE_DAYS = ("review_workdays", "publicity_workdays", "supplement_workdays", "total_workdays", "total_days")
_UNKNOWN_TO_JSON = "内容不是有效的 JSON"


@dataclass(frozen=True, slots=True)
class Draft:
    """A row that was understood, with the row itself as it was given."""

    row: int
    code: str
    title: str
    mode_label: str | None
    level: str | None
    scope: Scope
    region_code: str | None
    region_name: str | None
    department: str | None
    conditions: dict[str, Any] | None
    window: Span
    validity: Span
    time_limit: str | None
    outcome: OutcomeKind
    channel: Channel
    applicant_kinds: tuple[str, ...]
    external_id: str | None
    source: str
    digest: str
    tree: Node = field(repr=False)
    # whether its conditions, where it has any, come with cases that try them
    tested: bool = True


def read(number: int, line: str | Mapping[str, Any]) -> Draft:
    """The draft of row *number*; Invalid names every problem with row, id, field and remedy."""
    row = _Row(number, _object(number, line))
    draft = _draft(row)
    if draft is None or row.problems:
        raise Invalid(row.problems)
    return draft


def canonical(source: Mapping[str, Any]) -> str:
    """The same text for the same content, in whatever order its keys came."""
    return json.dumps(source, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(source: Mapping[str, Any]) -> str:
    """The digest under which two rows are the same."""
    return hashlib.sha256(canonical(source).encode()).hexdigest()


def is_code(code: str) -> bool:
    """Whether an item can have this code at all."""
    return _CODE.match(code) is not None


def lead_department(names: str) -> str:
    """Of several departments the first, which leads."""
    return re.split(r"[、，,；;/]", names)[0].strip() or names


class _Row:
    """A row while it is read: what it holds, and what is wrong with it so far."""

    def __init__(self, number: int, given: Mapping[str, Any]) -> None:
        self.number = number
        self.given = given
        code = given.get("id")
        self.code = str(code) if isinstance(code, str | int) and not isinstance(code, bool) else None
        self.problems: list[Problem] = []

    def get(self, name: str) -> Any:
        return self.given.get(name)

    def refuse(self, name: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(name, message, remedy, self.number, self.code))

    def text(self, name: str, longest: int) -> str | None:
        value = self.get(name)
        if value is None or (isinstance(value, str) and len(value) <= longest):
            return (value or "").strip() or None
        self.refuse(name, f"应为文字，最多 {longest} 个字", "请改为文字，不知道时写 null")
        return None


def _object(number: int, line: str | Mapping[str, Any]) -> Mapping[str, Any]:
    def refuse(message: str, remedy: str, code: str | None = None) -> NoReturn:
        raise Invalid([Problem("row", message, remedy, number, code)])

    if isinstance(line, str):
        if len(line) > LONGEST_ROW:
            refuse("这一行太长", f"一行最多 {LONGEST_ROW} 个字，请核对是否漏了换行")
        try:
            line = json.loads(line.removeprefix("\ufeff"))
        except (ValueError, RecursionError):
            refuse(_UNKNOWN_TO_JSON, "请检查引号、逗号和括号，一行写一个事项")
    if not isinstance(line, Mapping):
        refuse("应为一个事项", "请写成 {…}，一行一个事项")
    try:
        text = json.dumps(line, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (ValueError, TypeError, RecursionError):
        refuse("含有不能保存的数或字符", "请删去 NaN、Infinity 和不成对的代理字符")
    if "\\u0000" in text:
        refuse("含有空字符（U+0000）", "请删去后再导入")
    return line


def _draft(row: _Row) -> Draft | None:
    _demand_required(row)
    tree, code, title = _conditions(row), _id(row), _title(row)
    kind = _benefit(row).get("kind")
    region = _region(row)
    _lists(row)
    _guide(row)
    for problem in (*cases.faults(row.get(cases.KEY)), *item_form.faults(row.get(item_form.KEY))):
        row.refuse(problem.field, problem.message, problem.remedy)
    understood = Draft(
        row=row.number,
        code=code or "",
        title=title or "",
        mode_label=row.text("type", 60),
        level=row.text("level", 40),
        scope=_choice(row, "scope", rules.SCOPE_LABELS, rules.default_scope(region)),
        region_code=region,
        region_name=row.text("region_name", 120),
        department=row.text("department", 200),
        conditions=row.get("conditions"),
        window=_span(row, "window", "start", "end"),
        validity=_span(row, "validity", "from", "to"),
        time_limit=_time_limit(row),
        outcome=_choice(row, "outcome", rules.OUTCOME_LABELS, rules.default_outcome(kind)),
        channel=_choice(row, "channel", rules.CHANNEL_LABELS, rules.default_channel(kind)),
        applicant_kinds=_applicant_kinds(row, tree),
        external_id=row.text("external_id", 80),
        source=json.dumps(row.given, ensure_ascii=False),
        digest=digest_of(row.given),
        tree=tree,
        tested=bool(row.get(cases.KEY)) or isinstance(tree, Unstated),
    )
    return None if row.problems else understood


def _demand_required(row: _Row) -> None:
    for name in REQUIRED:
        if name not in row.given:
            row.refuse(name, "没有这一项", "请补上；id 和 title 以外不知道的写 null")


def _title(row: _Row) -> str | None:
    before = len(row.problems)
    title = row.text("title", 300)
    if title is None and "title" in row.given and len(row.problems) == before:
        row.refuse("title", "没有名称", "请写事项名称，例如 标准化厂房租赁补贴")
    return title


def _id(row: _Row) -> str | None:
    if row.code is not None and is_code(row.code):
        return row.code
    if "id" in row.given:
        row.refuse("id", "编号不能用", "请写 1 到 64 个字母、数字或汉字，不带空格和 / ? # %")
    return None


def _conditions(row: _Row) -> Node:
    try:
        return parse(row.get("conditions"))
    except Invalid as refusal:
        for problem in refusal.problems:
            row.refuse(problem.field, problem.message, problem.remedy)
        return Unstated()


def _region(row: _Row) -> str | None:
    value = row.get("region_code")
    if value is None:
        return None
    code = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if regions.is_code(code):
        return code
    row.refuse("region_code", "应为六位行政区划代码", '例如 "510800"；全国写 "100000"，不知道写 null')
    return None


def _choice(row: _Row, name: str, labels: Mapping[Any, str], usual: Any) -> Any:
    value = row.get(name)
    if value is None:
        return usual
    for member, label in labels.items():
        if value in (member.value, label):
            return member
    row.refuse(name, "不认识这个说法", f"可以写 {'、'.join(labels.values())}，不知道写 null")
    return usual


def _span(row: _Row, name: str, first: str, last: str) -> Span:
    value = row.get(name)
    if value is None:
        return Span()
    if not isinstance(value, Mapping):
        row.refuse(
            name, "应为起止日期", f'请写成 {{"{first}": "2026-01-01", "{last}": "2026-12-31"}}，没有写 null'
        )
        return Span()
    span = Span(_day(row, name, first, value.get(first)), _day(row, name, last, value.get(last)))
    if span.start and span.end and span.end < span.start:
        row.refuse(f"{name}.{last}", f"止于 {span.end}，早于起始的 {span.start}", "请核对起止日期")
    return span


def _day(row: _Row, name: str, part: str, value: object) -> date | None:
    if value is None:
        return None
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    row.refuse(f"{name}.{part}", "不是日期", "请写成 2026-06-30 的样子，不知道写 null")
    return None


def _benefit(row: _Row) -> Mapping[str, Any]:
    value = row.get("benefit")
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        row.refuse(
            "benefit",
            "应为一组兑现标准",
            '请写成 {"kind": "fixed", "amount_yuan": 80000, "text": "一次性8万元"}',
        )
        return {}
    if not isinstance(value.get("kind"), str | None):
        row.refuse("benefit.kind", "应为文字", "请写 fixed、rate、tiered 等，不知道写 null")
        return {}
    _figures(row, "benefit", value)
    tiers = value.get("tiers")
    if tiers is not None and not _all(tiers, Mapping):
        row.refuse("benefit.tiers", "应为各档的列表", '请写成 [{"when": "国家级", "amount_yuan": 100000}]')
    elif tiers:
        for at, tier in enumerate(tiers):
            _figures(row, f"benefit.tiers[{at}]", tier)
    return value


def _figures(row: _Row, place: str, given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        is_figure = name in _MONEY or name.endswith("_wan")
        if is_figure and value is not None and not _is_figure(value):
            row.refuse(
                f"{place}.{name}", "应为不小于 0 的数", "请写数字，例如 80000，不带单位；不知道写 null"
            )


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf


def _all(value: object, kind: type | tuple[type, ...]) -> bool:
    return isinstance(value, list) and all(isinstance(entry, kind) for entry in value)


def _lists(row: _Row) -> None:
    wanted: tuple[tuple[str, type | tuple[type, ...], str], ...] = (
        ("materials", (str, Mapping), '请写成 ["营业执照", "资金申请表"] 的样子，不知道写 null'),
        ("topics", str, '请写成 ["techreform"] 的样子，没有写 []'),
        ("applicant_kinds", str, '请写成 ["企业", "个体工商户"] 的样子，不知道写 null'),
        ("sources", Mapping, '请写成 [{"source": "市级", "percent": 50}] 的样子，不知道写 null'),
    )
    for name, kind, remedy in wanted:
        value = row.get(name)
        if value is not None and not _all(value, kind):
            row.refuse(name, "应为列表", remedy)
    for at, material in enumerate(row.get("materials") or ()):
        if isinstance(material, Mapping) and not isinstance(material.get("name"), str):
            row.refuse(f"materials[{at}].name", "没有材料名称", "请写材料名称，例如 营业执照")
    _shares(row)


def _shares(row: _Row) -> None:
    shares = row.get("sources")
    if not shares or not _all(shares, Mapping):
        return
    percents = [share.get("percent") for share in shares]
    named = all(isinstance(share.get("source"), str) for share in shares)
    if not named or not all(_is_figure(percent) for percent in percents) or sum(percents) != 100:
        row.refuse("sources", "资金来源的比例合计不是 100", "请写每一级的 source 和 percent，合计 100")


def _guide(row: _Row) -> None:
    guide = row.get("guide")
    if guide is None:
        return
    if not isinstance(guide, Mapping):
        row.refuse("guide", "应为一组指南内容", '请写成 {"place": "…", "phone": "…", "review_workdays": 10}')
        return
    for name in _GUIDE_DAYS:
        days = guide.get(name)
        if days is not None and not (
            isinstance(days, int) and not isinstance(days, bool) and 0 < days <= 3650
        ):
            row.refuse(f"guide.{name}", "应为天数", "请写大于 0 的整数，例如 10")
    flow = guide.get("flow")
    if flow is not None and not (
        _all(flow, Mapping) and all(isinstance(step.get("step"), str) for step in flow)
    ):
        row.refuse(
            "guide.flow",
            "应为各环节的列表",
            '请写成 [{"step": "审核", "organisation": "…", "limit": "10 个工作日"}]',
        )


def _time_limit(row: _Row) -> str | None:
    value = row.get("time_limit")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}"
    return row.text("time_limit", 200)


def _applicant_kinds(row: _Row, tree: Node) -> tuple[str, ...]:
    stated = row.get("applicant_kinds")
    if _all(stated, str):
        return tuple(stated)
    parts = tree.parts if isinstance(tree, AllOf) else (tree,)
    for part in parts:
        if isinstance(part, OneOf) and part.field == "org_type":
            return tuple(str(value) for value in part.values)
        if isinstance(part, Compare) and part.field == "org_type" and part.op is Op.EQ:
            return (str(part.value),)
    return ()


def open_fields(tree: Node, known: Callable[[str], bool]) -> tuple[str, ...]:
    """The fields that *tree* asks about and the register does not know, in reading order."""
    return tuple(dict.fromkeys(leaf.field for leaf in leaves(tree) if not known(leaf.field)))
