"""How amounts, standards, windows and limits of an item read. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.rules import Span
from foundation.web.filters import full_day, money, period

SEE_SOURCE = "见政策原文"
TO_BE_CHECKED = "按标准核定"
_DAYS = re.compile(r"(\d{1,4})\s*个?\s*(工作日|日|天)")
_TIER_AMOUNTS = ("amount_yuan", "cap_yuan", "amount_wan", "cap_wan")


@dataclass(frozen=True, slots=True)
class Amount:
    """What one can get, in a few words, and how it is reckoned."""

    words: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of a standard."""

    when: str
    amount: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of days, working days or plain ones."""

    days: int
    workdays: bool

    def __str__(self) -> str:
        return f"{self.days} {'个工作日' if self.workdays else '天'}"


def fen(amount: object, unit: int = 1) -> int | None:
    """A figure in yuan (or, with *unit* 10,000, in 万元) as fen; None where it is no figure."""
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        return None
    return int(Decimal(str(amount)) * unit * 100)


def percent(rate: object) -> str | None:
    """0.006 as 0.6%."""
    if isinstance(rate, bool) or not isinstance(rate, int | float):
        return None
    return f"{(Decimal(str(rate)) * 100).normalize():f}%"


def amount(benefit: Mapping[str, Any]) -> Amount:
    """The most that an item can give, as its benefit says."""
    text = in_text(benefit.get("text"))
    cap = _figure(benefit, "cap_yuan", "cap_wan")
    if cap:
        return Amount(f"最高 {money(cap)}", _rate(benefit) if benefit.get("base") else text or _rate(benefit))
    tiers = [figure for tier in _tiers(benefit) if (figure := _figure(tier, *_TIER_AMOUNTS))]
    if tiers:
        return Amount(f"最高 {money(max(tiers))}", f"分 {len(tiers)} 档" if len(tiers) > 1 else text)
    figure = _figure(benefit, "amount_yuan", "amount_wan")
    if figure:
        unit = in_text(benefit.get("unit"))
        most = "最高 " if "最高" in text else ""
        return Amount(f"每{unit} {money(figure)}" if unit else most + money(figure), text)
    return Amount(_rate(benefit) or TO_BE_CHECKED, text)


def tiers(benefit: Mapping[str, Any]) -> tuple[Tier, ...]:
    """The steps of a standard, one row each."""
    return tuple(Tier(_when(tier), _tier_amount(tier)) for tier in _tiers(benefit))


def _tiers(benefit: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    given = benefit.get("tiers")
    return [tier for tier in given if isinstance(tier, Mapping)] if isinstance(given, list) else []


def _figure(given: Mapping[str, Any], *names: str) -> int | None:
    for name in names:
        figure = fen(given.get(name), 10_000 if name.endswith("_wan") else 1)
        if figure:
            return figure
    return None


def _rate(benefit: Mapping[str, Any]) -> str:
    share, base = percent(benefit.get("rate")), in_text(benefit.get("base"))
    if share is None:
        return ""
    return f"{base}的 {share}" if base else share


def _when(tier: Mapping[str, Any]) -> str:
    stated = in_text(tier.get("when"))
    if stated:
        return stated
    start = next((value for name, value in tier.items() if name.startswith("from")), None)
    end = next((value for name, value in tier.items() if name.startswith("to")), None)
    unit = " 万元" if any(name.endswith("_wan") for name in tier) else ""
    if start is not None and end is not None:
        return f"{start}{unit}至 {end}{unit}（不含）"
    if start is not None:
        return f"{start}{unit}及以上"
    return f"不到 {end}{unit}" if end is not None else SEE_SOURCE


def _tier_amount(tier: Mapping[str, Any]) -> str:
    figure = _figure(tier, *_TIER_AMOUNTS)
    share = percent(tier.get("rate"))
    if share and figure:
        return f"{share}，最高 {money(figure)}"
    return share or (money(figure) if figure else in_text(tier.get("text")) or SEE_SOURCE)


def limit(text: str | None) -> Limit | None:
    """The days in a text such as 30 个工作日 or 90天; None where it names none, or several."""
    found = _DAYS.findall(text or "")
    if len(found) != 1:
        return None
    days, unit = found[0]
    return Limit(int(days), unit == "工作日") if int(days) else None


def window(span: Span, today: date) -> Amount:
    """When to apply."""
    if not span:
        return Amount("没有限定时间", "以主管部门公告为准")
    if span.start and span.end:
        return Amount(period(span.start, span.end), _left(span, today))
    if span.end:
        return Amount(f"{full_day(span.end)}前", _left(span, today))
    return Amount(f"{full_day(span.start)}起" if span.start else "", _left(span, today))


def _left(span: Span, today: date) -> str:
    if span.start and today < span.start:
        return f"还有 {(span.start - today).days} 天开始"
    if span.end is None:
        return ""
    days = (span.end - today).days
    if days < 0:
        return "已截止"
    return "今天截止" if days == 0 else f"还有 {days} 天截止"


def validity(span: Span) -> str:
    """From when until when the policy is in force."""
    if span.start and span.end:
        return period(span.start, span.end)
    if span.end:
        return f"至{full_day(span.end)}"
    return f"{full_day(span.start)}起" if span.start else "来源没有写明"


def in_text(value: object) -> str:
    """Whatever a row holds where a text belongs, as one text."""
    if value is None or isinstance(value, bool | Mapping):
        return ""
    if isinstance(value, list):
        return "；".join(part for entry in value if (part := in_text(entry)))
    return str(value).strip()
