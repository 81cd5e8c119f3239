"""Values, numbers and lists in words."""

from decimal import Decimal

from catalog.conditions import dates, industries, regions
from catalog.conditions.fields import Field, Kind
from catalog.conditions.parse import is_number


def either(words: tuple[str, ...] | list[str]) -> str:
    """甲、乙或丙."""
    return words[0] if len(words) == 1 else "、".join(words[:-1]) + "或" + words[-1]


def number(value: float) -> str:
    """A figure without needless noughts; thousands are parted from five digits on."""
    exact = Decimal(str(value)).normalize()
    return f"{exact:,f}" if abs(exact) >= 10000 else f"{exact:f}"


def difference(one: float, other: float) -> float:
    """How far two figures are apart, exact as written: 5.6 and 5.5 differ by 0.1."""
    return float(abs(Decimal(str(one)) - Decimal(str(other))))


def quantity(value: float, unit: str) -> str:
    """A figure with its unit: 500 万元, 5.5%."""
    return f"{number(value)}{unit}" if unit in ("", "%") else f"{number(value)} {unit}"


def value(field: Field, known: object) -> str:
    """The value *known* of *field* as a person would write it."""
    if isinstance(known, bool):
        return (field.yes or "是") if known else (field.no or "否")
    if is_number(known):
        return quantity(known, field.unit)
    text = str(known)
    if field.kind is Kind.PLACE:
        return regions.name(text)
    if field.name in ("industry_section", "industry_division", "industry_code"):
        return industries.name(text)
    return dates.in_words(text) if field.kind is Kind.DATE else text
