"""From named values to a row of the catalogue's own form: what was understood, what must be asked. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.intake import values
from catalog.intake.headings import LABELS
from foundation.accounts.reference import CITY

MODES_OFFERED = "免申即享、即申即享、综合评审"
_GUIDE_TEXTS = (
    "place",
    "hours",
    "phone",
    "supervision_phone",
    "interpretation",
    "board",
    "executing",
    "deciding",
    "joint",
    "sources",
    "note",
)
_ROW_TEXTS = ("level", "department", "legal_basis", "exclusivity", "source_url", "time_limit")


@dataclass(frozen=True, slots=True)
class Value:
    """What stood under one heading; figures are counted in *unit* yuan."""

    said: object
    unit: int = 1

    @property
    def text(self) -> str:
        """The same as text."""
        return values.text(self.said)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that nobody could map: the field, what was said, and what to answer."""

    field: str
    said: str
    ask: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One item as it was read from row (or line) *row*."""

    row: int
    source: dict[str, Any]
    understood: tuple[tuple[str, str], ...]
    doubts: tuple[Doubt, ...]


@dataclass(slots=True)
class Assembly:
    """A row while it is put together."""

    given: Mapping[str, Value]
    source: dict[str, Any] = field(default_factory=dict)
    guide: dict[str, Any] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def said(self, name: str) -> str:
        """What was said of *name*, as text."""
        value = self.given.get(name)
        return value.text if value else ""

    def ask(self, name: str, doubt: str) -> None:
        """Put a doubt about *name*."""
        self.doubts.append(Doubt(name, self.said(name), doubt))

    def keep(self, name: str, doubt: str) -> None:
        """The same, and keep what was said: it has no place of its own."""
        self.ask(name, doubt)
        if self.said(name):
            self.guide[f"{name}_said"] = self.said(name)


def assemble(number: int, given: Mapping[str, Value], others: Mapping[str, str], prefix: str) -> ReadRow:
    """The row that *given* values amount to; what has no field of its own stays under *others*."""
    row = Assembly(given)
    title = " ".join(row.said("title").split())
    row.source = {"id": "", "title": title, "type": None, "region_code": None}
    _place(row)
    _mode(row)
    for name in _ROW_TEXTS:
        row.source[name] = row.said(name) or None
    row.source["conditions_plain"] = row.said("conditions") or None
    row.source["conditions"] = None
    row.source["benefit"] = _benefit(row)
    row.source["materials"] = values.parts(row.said("materials"))
    row.source["window"] = _span(row, "window", ("start", "end"), ("window_start", "window_end"))
    row.source["validity"] = _span(row, "validity", ("from", "to"), ("valid_from", "valid_to"))
    _applicants(row)
    _guide(row)
    if others:
        row.source["others"] = dict(others)
    row.source["id"] = row.said("id") or _code(prefix, row.source)
    understood = [(LABELS[name], value.text) for name, value in given.items() if value.text]
    return ReadRow(number, row.source, tuple(understood), tuple(row.doubts))


def _code(prefix: str, source: Mapping[str, Any]) -> str:
    """A code of its own for a row without one: the same title, place and department get the same again."""
    what = "|".join(str(source.get(name) or "") for name in ("title", "region_code", "department"))
    return f"{prefix}-{hashlib.sha256(what.encode()).hexdigest()[:10]}"


def _place(row: Assembly) -> None:
    said = row.said("region")
    code = values.region(said) if said else None
    if code is None:
        row.keep(
            "region",
            "没有写适用地区，先按广元市"
            if not said
            else "不认识这个地区，先按广元市；请写地区名称或六位代码",
        )
    row.source["region_code"] = code or CITY
    row.source["region_name"] = said if code and not said.isdigit() else None


def _mode(row: Assembly) -> None:
    said = row.said("type")
    row.source["type"] = values.mode(said) if said else None
    if row.source["type"] is None:
        told = "没有写兑现方式" if not said else "不是这里的三种方式"
        row.keep("type", f"{told}，请选 {MODES_OFFERED}；选定前显示为方式待核定")
    elif row.source["type"] not in said:
        row.keep("type", f"省里的叫法，先按{row.source['type']}；不对请改")
    outcome = row.said("outcome")
    if outcome:
        row.source["outcome"] = values.outcome(outcome)
        if row.source["outcome"] is None:
            row.keep("outcome", "不认识这个类别，请选 奖补、减免、权益、资质")


def _benefit(row: Assembly) -> dict[str, Any] | None:
    found = values.benefit(row.said("benefit")) if row.said("benefit") else {}
    cap, share = row.given.get("cap"), row.given.get("rate")
    if cap is not None and cap.text:
        found["cap_yuan"] = values.yuan(cap.said, cap.unit)
        if found["cap_yuan"] is None:
            row.keep("cap", "不是金额，请写数字，例如 50")
    if share is not None and share.text:
        found["rate"] = _share(share.said)
        if found["rate"] is None:
            row.keep("rate", "不是比例，请写 20% 的样子")
    if not found:
        return None
    if "rate" in found:
        found["kind"] = "rate"
    return {"kind": "other", "text": row.said("benefit")} | found


def _share(said: object) -> float | None:
    if isinstance(said, int | float) and not isinstance(said, bool):
        return float(said) if said <= 1 else said / 100
    return values.rate(str(said))


def _span(
    row: Assembly, name: str, keys: tuple[str, str], ends: tuple[str, str]
) -> dict[str, str | None] | None:
    said = row.said(name)
    start, end = values.span(said) if said else (None, None)
    single = row.given.get(name)
    if start is None and end is None and single is not None and said:
        end = values.day(single.said)
    for at, part in enumerate(ends):
        value = row.given.get(part)
        if value is None or not value.text:
            continue
        day = values.day(value.said)
        start, end = (day, end) if at == 0 else (start, day)
        if day is None:
            row.keep(part, "不是日期，请写 2026-06-30 的样子")
    if start is None and end is None:
        if said:
            row.keep(
                name, "没有看出起止日期，原文已保留；请写 2026-01-01 至 2026-12-31 的样子，长期有效不用改"
            )
        return None
    if start and end and end < start:
        row.ask(name, "止于开始之前，请核对起止日期")
    days = (start, end)
    return {key: each.isoformat() if each else None for key, each in zip(keys, days, strict=True)}


def _applicants(row: Assembly) -> None:
    said = row.said("applicants")
    if not said:
        return
    row.guide["applicants"] = said
    row.source["applicant_kinds"] = values.applicants(said)
    if row.source["applicant_kinds"] is None:
        row.ask("applicants", "不认识这种申请对象，原文已保留；请写 企业、个体工商户、合作社、自然人等")


def _guide(row: Assembly) -> None:
    row.guide |= {name: row.said(name) for name in _GUIDE_TEXTS if row.said(name)}
    limit = values.limit(row.said("time_limit"))
    row.guide |= limit
    if row.said("time_limit") and not limit:
        row.ask("time_limit", "没有看出天数，原文已保留；请写 30 个工作日 的样子")
    steps = values.flow(row.said("flow"))
    if steps:
        row.guide["flow"] = steps
    if "联办" in row.said("joint"):
        row.source["scope"] = "市县联办"
    if row.said("board") == "其他":
        row.ask("board", "只写了“其他”，请写明是哪一类，或留着不改")
    for name in sorted(EMPTY_ASKED & row.given.keys()):
        if not row.said(name):
            row.ask(name, "这一项没有填，请补上，不知道就留空")
    if row.guide:
        row.source["guide"] = row.guide


EMPTY_ASKED = frozenset(
    {"level", "validity", "conditions", "benefit", "time_limit", "department", "executing"}
)
