"""What stands in a cell or after a field's name, as the catalogue keeps it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import cn2an

from catalog import rules
from catalog.conditions import regions
from catalog.rules import Mode
from foundation.accounts.reference import COUNTIES

APPLICANTS = {
    "企业": "企业", "分支机构": "分支机构", "个体": "个体工商户", "合作社": "合作社", "社会组织": "社会组织",
    "事业单位": "行政事业单位", "行政": "行政事业单位", "自然人": "自然人", "个人": "自然人",
    "家庭农场": "家庭农场", "经营主体": "企业",
}  # fmt: skip
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050  # 2000-01-01 to 2099-12-31 as spreadsheets count days
_EPOCH = date(1899, 12, 30)
_DAY = re.compile(r"(\d{4})\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"\b(20\d{2})(0[1-9]|1[0-2])([0-3]\d)\b")
_FIGURE = r"(\d[\d,]*(?:\.\d+)?|[一二三四五六七八九十百千两零]+)"
_MONEY = re.compile(_FIGURE + r"\s*(亿元|万元|亿|万|元)")
_RATE = re.compile(r"(\d+(?:\.\d+)?)\s*([%％‰])|(?:百|千)分之([一二三四五六七八九十百]+)")
_CAPPED = re.compile(
    r"(?:最高|不超过|上限|封顶|至多)[^，。；,;0-9一二三四五六七八九十]{0,12}" + _MONEY.pattern
)
_BASE = re.compile(r"按(?:照)?([^，。；,;]{2,20}?)的?\s*\d+(?:\.\d+)?\s*[%％‰]")
_DAYS = re.compile(r"(\d{1,4})\s*个?\s*(工作日|日|天)")
_SPLIT = re.compile(r"[\n；;]+|(?<!\d)\d{1,2}[.、．)）](?!\d)")
_MODES = {label: label for mode, label in rules.MODE_LABELS.items() if mode is not Mode.UNSTATED} | {
    rules.PROVINCIAL_LABELS[mode]: rules.MODE_LABELS[mode]
    for mode in rules.PROVINCIAL_LABELS
    if rules.PROVINCIAL_LABELS[mode] != rules.MODE_LABELS[mode]
}  # fmt: skip
_OUTCOMES = {label: label for label in rules.OUTCOME_LABELS.values()}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in yuan and where it stands in a text."""

    yuan: int | float
    at: int


def text(value: object) -> str:
    """A cell as text: whole numbers without .0, days as days."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def day(value: object) -> date | None:
    """A day from a date, a spreadsheet's number, 20250101 or a text."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if _FIRST_SERIAL <= value <= _LAST_SERIAL:
            return _EPOCH + timedelta(days=int(value))
        value = str(int(value))
    days = days_in(str(value))
    return days[0] if days else None


def days_in(said: str) -> list[date]:
    """Every day that a text names, in order; one that is none is left out."""
    found = [_date(*match.groups()) for match in _DAY.finditer(said)]
    if not found:
        found = [_date(*match.groups()) for match in _COMPACT.finditer(said)]
    stripped = said.strip()
    if not found and stripped.isdigit() and _FIRST_SERIAL <= int(stripped) <= _LAST_SERIAL:
        found = [_EPOCH + timedelta(days=int(stripped))]
    return [each for each in found if each is not None]


def _date(year: str, month: str, number: str) -> date | None:
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        return None


def span(said: str) -> tuple[date | None, date | None]:
    """From when until when; one day with 至, 前 or 截止 is the end."""
    days = days_in(said)
    if len(days) >= 2:
        return days[0], days[1]
    if len(days) == 1:
        ends = re.search(r"(?:至|到|截止|止).{0,4}\d{4}|日?(?:前|止|截止)", said)
        return (None, days[0]) if ends else (days[0], None)
    return None, None


def figure(said: str) -> int | float | None:
    """A number in Arabic or Chinese figures."""
    plain = said.replace(",", "").replace("，", "").strip()
    try:
        number = Decimal(plain)
    except InvalidOperation:
        try:
            number = Decimal(str(cn2an.cn2an(plain, "smart")))
        except (ValueError, TypeError):
            return None
    return int(number) if number == number.to_integral_value() else float(number)


def yuan(value: object, unit: int) -> int | float | None:
    """An amount in yuan; the text's own unit goes before that of its heading."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _times(value, unit)
    amounts = money_in(str(value))
    if amounts:
        return max(each.yuan for each in amounts)
    number = figure(str(value))
    return None if number is None else _times(number, unit)


def _times(number: int | float, unit: int) -> int | float:
    product = Decimal(str(number)) * unit
    return int(product) if product == product.to_integral_value() else float(product)


def money_in(said: str) -> list[Money]:
    """Every amount in a text; in 10万元、5万元 and in 10、5万元 both count in 万元."""
    units = {"亿元": 10**8, "亿": 10**8, "万元": 10**4, "万": 10**4, "元": 1}
    found = []
    for match in _MONEY.finditer(said):
        number = figure(match[1])
        if number is not None:
            found.append(Money(_times(number, units[match[2]]), match.start()))
    return found


def rate(said: str) -> float | None:
    """The first share in a text: 0.5‰ is 0.0005."""
    match = _RATE.search(said)
    if match is None:
        return None
    if match[3]:
        number = figure(match[3])
        return None if number is None else float(Decimal(number) / (1000 if "千分之" in match[0] else 100))
    return float(Decimal(match[1]) / (1000 if match[2] == "‰" else 100))


def cap(said: str) -> int | float | None:
    """The most that a text allows: 最高100万元, 不超过5万元."""
    match = _CAPPED.search(said)
    amounts = money_in(match[0]) if match else []
    return amounts[-1].yuan if amounts else None


def benefit(said: str) -> dict[str, Any]:
    """A standard's figures beside its words."""
    share, most = rate(said), cap(said)
    if share is not None:
        base = _BASE.search(said)
        found: dict[str, Any] = {"kind": "rate", "text": said, "rate": share}
        found |= {"base": base[1]} if base else {}
        return found | ({"cap_yuan": most} if most is not None else {})
    amounts = [each.yuan for each in money_in(said)]
    if len(amounts) > 1:
        tiers = [{"when": f"第 {at} 档", "amount_yuan": amount} for at, amount in enumerate(amounts, 1)]
        return {"kind": "tiered", "text": said, "tiers": tiers}
    if most is not None:
        return {"kind": "other", "text": said, "cap_yuan": most}
    return (
        {"kind": "fixed", "text": said, "amount_yuan": amounts[0]}
        if amounts
        else {"kind": "other", "text": said}
    )


def mode(said: str) -> str | None:
    """The city's word for a way of honouring; None where it is none of the three."""
    found = [own for label, own in _MODES.items() if label in said]
    return found[0] if len(set(found)) == 1 else None


def outcome(said: str) -> str | None:
    """奖补类 as 奖补."""
    return next((label for label in _OUTCOMES if label in said), None)


def applicants(said: str) -> list[str] | None:
    """The kinds of applicants that a text names; None where it names none that are known."""
    found = dict.fromkeys(kind for word, kind in APPLICANTS.items() if word in said)
    return list(found) or None


def region(said: str) -> str | None:
    """The code of a region by its code or name."""
    plain = said.strip()
    if regions.is_code(plain):
        return plain
    for names in (COUNTIES, regions.NAMES):
        for code, name in names.items():
            if plain and (plain == name or plain.endswith(name)):
                return code
    return next(
        (code for code, name in regions.NAMES.items() if len(plain) >= 2 and name.startswith(plain)), None
    )


def limit(said: str) -> Mapping[str, int]:
    """A guide's 兑现时限 in its own unit; empty where it names none, or several."""
    found = _DAYS.findall(said)
    if len(found) != 1:
        return {}
    days, unit = found[0]
    return {"total_workdays" if unit == "工作日" else "total_days": int(days)}


def parts(said: str) -> list[str]:
    """A list in one cell: numbered, by semicolons, lines, or enumeration commas."""
    found = [piece.strip(" 。，,") for piece in _SPLIT.split(said)]
    found = [piece for piece in found if piece]
    if len(found) == 1 and "、" in found[0]:
        found = [piece.strip() for piece in found[0].split("、")]
    return found


def flow(said: str) -> list[dict[str, str]]:
    """The steps of a way, with what stands in brackets as the limit."""
    steps = []
    for piece in re.split(r"\s*(?:——|—|->|→|=>|--+|；|\n)\s*", said):
        match = re.match(r"(.+?)(?:[（(]([^（）()]*(?:日|天|时)[^（）()]*)[)）])?$", piece.strip())
        if match and match[1]:
            steps.append({"step": match[1]} | ({"limit": match[2]} if match[2] else {}))
    return steps
