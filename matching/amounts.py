"""What an item would bring one enterprise, and by which formula. Pure, exact, never more than is certain.

Where a benefit leaves out which fact it is reckoned from, the one figure of that unit that the item's
conditions read is meant; where there are several, none is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from catalog.conditions.parse import is_number
from catalog.conditions.register import field_named, field_of
from catalog.conditions.tree import Has, Leaf, Node, leaves
from catalog.conditions.wording import number, quantity
from foundation.web.filters import money

FEN = 100
# what one of a unit is in yuan
YUAN = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
# how each source's share is rounded; the payments of 2016 leave out what is less than a yuan
ROUNDINGS = {
    "yuan_down": (Decimal(1), ROUND_DOWN),
    "yuan_half_up": (Decimal(1), ROUND_HALF_UP),
    "fen_down": (Decimal("0.01"), ROUND_DOWN),
    "fen_half_up": (Decimal("0.01"), ROUND_HALF_UP),
}
USUAL_ROUNDING = "yuan_down"
Benefit = Mapping[str, Any]
Values = Mapping[str, Any]
Shares = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """The sum in fen, how it was reckoned, and who pays which part; or the fact that is missing for it."""

    fen: int | None
    formula: str = ""
    parts: tuple[tuple[str, int], ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class _Sum:
    """A sum before rounding, in yuan, with the words that say where it comes from."""

    yuan: Decimal
    formula: str


UNKNOWN = Estimate(None)


def estimate(benefit: Benefit, tree: Node, values: Values, shares: Shares = ()) -> Estimate:
    """What *benefit* comes to for an enterprise with these facts."""
    missing: list[str] = []
    found = next(_sums(benefit, tree, values, missing), None)
    if found is None:
        return Estimate(None, missing=missing[0] if missing else "")
    capped = _capped(found, benefit)
    usual = "fen_down" if benefit.get("kind") == "fixed" else USUAL_ROUNDING
    step, how = ROUNDINGS.get(str(benefit.get("rounding")), ROUNDINGS[usual])
    paid = [
        (source, int((capped.yuan * part / 100).quantize(step, rounding=how) * FEN))
        for source, part in shares or (("", Decimal(100)),)
    ]
    total = sum(fen for _, fen in paid)
    return Estimate(total, _said(capped, total, step), tuple(paid) if shares else ())


def _said(found: _Sum, total: int, step: Decimal) -> str:
    exact = int(found.yuan * FEN) == total and found.yuan * FEN == int(found.yuan * FEN)
    if exact or not found.formula:
        return found.formula
    return f"{found.formula}，各级分别取到{'元' if step == 1 else '分'}，合计 {money(total)}"


def _capped(found: _Sum, benefit: Benefit) -> _Sum:
    cap = _figure(benefit, "cap")
    if cap is None or found.yuan <= cap:
        return found
    return _Sum(cap, f"{found.formula}，超过上限，按最高 {_money(cap)}")


def _sums(benefit: Benefit, tree: Node, values: Values, missing: list[str]) -> Iterator[_Sum]:
    """The ways in which a benefit may be reckoned, the plainest first."""
    kind = benefit.get("kind")
    if kind == "fixed" and "最高" not in str(benefit.get("text")):
        yield from _fixed(benefit)
    elif kind in ("rate", "interest_subsidy", "matching"):
        yield from _rated(benefit, tree, values, missing)
    elif kind == "per_unit":
        yield from _counted(benefit, tree, values, missing)
    elif kind in ("tiered", "tiered_rate"):
        yield from _tiered(benefit, tree, values, missing)


def _fixed(benefit: Benefit) -> Iterator[_Sum]:
    amount = _figure(benefit, "amount")
    if amount is not None:
        yield _Sum(amount, f"固定标准 {_money(amount)}")


def _rated(benefit: Benefit, tree: Node, values: Values, missing: list[str]) -> Iterator[_Sum]:
    rate, name = _decimal(benefit.get("rate")), _base(benefit, tree)
    if rate is None or not name or "不超过" in str(benefit.get("text"))[:4]:
        return
    base = _known(name, values, missing)
    if base is not None:
        yield _Sum(_yuan(name, base) * rate, f"{_fact(name, base)} × {_percent(rate)}")


def _counted(benefit: Benefit, tree: Node, values: Values, missing: list[str]) -> Iterator[_Sum]:
    amount, unit = _figure(benefit, "amount"), str(benefit.get("unit") or "")
    name = str(benefit.get("units_field") or "") or _only(tree, unit)
    if amount is None or not name:
        return
    count = _known(name, values, missing)
    if count is not None:
        yield _Sum(amount * count, f"{_fact(name, count)} × {_money(amount)}/{unit or '项'}")


def _tiered(benefit: Benefit, tree: Node, values: Values, missing: list[str]) -> Iterator[_Sum]:
    tiers = [tier for tier in benefit.get("tiers") or () if isinstance(tier, Mapping)]
    if any(_bounds(tier) != (None, None) for tier in tiers):
        yield from _by_size(benefit, tiers, tree, values, missing)
        return
    words = _words(tree, values)
    fitting = [tier for tier in tiers if str(tier.get("when") or "") in words]
    if len(fitting) == 1:
        amount = _figure(fitting[0], "amount")
        if amount is not None:
            yield _Sum(amount, f"{fitting[0]['when']}这一档 {_money(amount)}")


def _by_size(
    benefit: Benefit, tiers: list[Mapping[str, Any]], tree: Node, values: Values, missing: list[str]
) -> Iterator[_Sum]:
    """Tiers from one figure up to another, which is not counted; the whole sum, or part by part."""
    name = _base(benefit, tree) or _only(tree, "万元")
    base = _known(name, values, missing) if name else None
    if base is None:
        return
    if benefit.get("progressive") is True:
        yield _part_by_part(name, base, tiers)
        return
    for tier in tiers:
        start, end = _bounds(tier)
        if (start is None or base >= start) and (end is None or base < end):
            rate, amount = _decimal(tier.get("rate")), _figure(tier, "amount")
            if rate is not None:
                yield _Sum(_yuan(name, base) * rate, f"{_fact(name, base)} × {_percent(rate)}")
            elif amount is not None:
                yield _Sum(amount, f"{_fact(name, base)}，这一档 {_money(amount)}")


def _part_by_part(name: str, base: Decimal, tiers: list[Mapping[str, Any]]) -> _Sum:
    total, said = Decimal(0), []
    for tier in tiers:
        start, end = _bounds(tier)
        rate, above = _decimal(tier.get("rate")) or Decimal(0), base - (start or 0)
        within = above if end is None else min(above, end - (start or 0))
        if within > 0:
            total += _yuan(name, within) * rate
            said.append(f"{quantity(float(within), field_named(name).unit)} × {_percent(rate)}")
    return _Sum(total, f"{field_named(name).label}分段计算：{' + '.join(said)}")


def _bounds(tier: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    start, end = (
        next(
            (figure for key in (side, f"{side}_wan") if (figure := _decimal(tier.get(key))) is not None), None
        )
        for side in ("from", "to")
    )
    return start, end


def _base(benefit: Benefit, tree: Node) -> str:
    """The fact that a rate is of: named, or the one that reads like the words of the benefit."""
    named = benefit.get("base_field")
    if isinstance(named, str) and named:
        return named
    said = benefit.get("base")
    alike = {leaf.field for leaf in leaves(tree) if said and field_of(leaf).label == said}
    return alike.pop() if len(alike) == 1 else ""


def _only(tree: Node, unit: str) -> str:
    """The one fact of a unit that the conditions read."""
    fields = {leaf.field for leaf in leaves(tree) if unit and field_of(leaf).unit == unit}
    return fields.pop() if len(fields) == 1 else ""


def _words(tree: Node, values: Values) -> set[str]:
    """What the facts that the conditions read say in words: levels of entries, and choices."""
    return {word for leaf in leaves(tree) for word in _words_of(leaf, values.get(leaf.field))}


def _words_of(leaf: Leaf, known: object) -> Iterator[str]:
    if isinstance(leaf, Has) and isinstance(known, list):
        kind = leaf.checks[0]
        for entry in known:
            if isinstance(entry, Mapping) and entry.get(kind.key) in kind.among:
                yield from (str(entry[key]) for key in ("level", kind.key) if entry.get(key))
    elif isinstance(known, str):
        yield known


def _known(name: str, values: Values, missing: list[str]) -> Decimal | None:
    known = _decimal(values.get(name))
    if known is None:
        missing.append(name)
    return known


def _decimal(value: object) -> Decimal | None:
    return Decimal(str(value)) if is_number(value) else None


def _figure(given: Mapping[str, Any], name: str) -> Decimal | None:
    """A figure in yuan, however its unit is written."""
    yuan, wan = _decimal(given.get(f"{name}_yuan")), _decimal(given.get(f"{name}_wan"))
    return yuan if yuan is not None else None if wan is None else wan * YUAN["万元"]


def _yuan(name: str, figure: Decimal) -> Decimal:
    return figure * YUAN.get(field_named(name).unit, 1)


def _fact(name: str, figure: Decimal) -> str:
    field = field_named(name)
    return f"{field.label} {quantity(float(figure), field.unit)}"


def _money(yuan: Decimal) -> str:
    return money(int(yuan * FEN))


def _percent(rate: Decimal) -> str:
    return f"{number(float(rate * 100))}%"
