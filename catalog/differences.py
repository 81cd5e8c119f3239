"""What changed from one version of an item to the next, in words. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog import item_form, wording
from catalog.conditions import sentence
from catalog.conditions.parse import parse
from catalog.conditions.sentence import Sentence
from foundation.web.filters import full_day

Source = Mapping[str, Any]
NOTHING = "没有写"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that reads otherwise; lists say only what came and what went."""

    label: str
    before: str
    after: str


def differences(before: Source, after: Source) -> tuple[Change, ...]:
    """Everything that reads otherwise, in the order of the guide."""
    changes = [
        Change(label, _text(read(before)), _text(read(after)))
        for label, read in TEXTS
        if read(before) != read(after)
    ]
    for label, lines in LISTS:
        went, came = _gone(lines(before), lines(after)), _gone(lines(after), lines(before))
        if went or came:
            changes.append(Change(label, "；".join(went) or "没有去掉", "；".join(came) or "没有增加"))
    return tuple(changes)


def _gone(these: list[str], those: list[str]) -> list[str]:
    return [each for each in these if each not in those]


def _text(value: str) -> str:
    return value or NOTHING


def _of(*names: str) -> Callable[[Source], str]:
    def read(source: Source) -> str:
        value: Any = source
        for name in names:
            value = value.get(name) if isinstance(value, Mapping) else None
        return wording.in_text(value)

    return read


def _said_day(day: str) -> str:
    return full_day(date.fromisoformat(day)) if day else "未定"


def _span(name: str, first: str, last: str) -> Callable[[Source], str]:
    def read(source: Source) -> str:
        span = source.get(name) or {}
        ends = [span.get(first) or "", span.get(last) or ""]
        return "至".join(_said_day(each) for each in ends) if any(ends) else ""

    return read


def _conditions(source: Source) -> list[str]:
    return [_line(each) for each in sentence.sentences(parse(source.get("conditions")))]


def _line(said: Sentence) -> str:
    return said.text + ("（" + "；".join(map(_line, said.parts)) + "）" if said.parts else "")


def _materials(source: Source) -> list[str]:
    return [each if isinstance(each, str) else str(each["name"]) for each in source.get("materials") or ()]


def _tiers(source: Source) -> list[str]:
    return [f"{tier.when}：{tier.amount}" for tier in wording.tiers(source.get("benefit") or {})]


def _asked(source: Source) -> list[str]:
    return [
        field.heading + "".join(f"，{column.heading}" for column in field.columns)
        for field in item_form.of(source).fields
    ]


def _declared(source: Source) -> list[str]:
    return list(item_form.of(source).declarations)


TEXTS: tuple[tuple[str, Callable[[Source], str]], ...] = (
    ("事项名称", _of("title")),
    ("兑现方式", _of("type")),
    ("主管部门", _of("department")),
    ("适用地区", _of("region_code")),
    ("能得多少", lambda source: wording.amount(source.get("benefit") or {}).words),
    ("兑现标准", _of("benefit", "text")),
    ("申报条件", _of("conditions_plain")),
    ("申报时间", _span("window", "start", "end")),
    ("政策有效期", _span("validity", "from", "to")),
    ("兑现时限", _of("time_limit")),
    ("政策文件", _of("legal_basis")),
    ("不能同时享受", _of("exclusivity")),
    ("办理地点", _of("guide", "place")),
    ("办理时间", _of("guide", "hours")),
    ("咨询电话", _of("guide", "phone")),
    ("监督电话", _of("guide", "supervision_phone")),
    ("解读", _of("guide", "interpretation")),
)
LISTS: tuple[tuple[str, Callable[[Source], list[str]]], ...] = (
    ("系统比对的条件", _conditions),
    ("申报材料", _materials),
    ("各档标准", _tiers),
    ("申请时填写", _asked),
    ("承诺", _declared),
)
