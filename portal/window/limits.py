"""Which limit binds a case, and whose text says so. Pure."""

from dataclasses import replace

from catalog.guide import Limits
from foundation.deadlines.limits import LIMITS
from foundation.deadlines.rules import Limit, Unit

PUBLISHED = "办事指南：本事项公布的时限"


def limit_for(name: str, limits: Limits) -> Limit | None:
    """The limit called *name* under an item's guide; None where nothing binds.

    The scheme's ten working days bind 市内 items alone (方案 二(六)); 市县联办 and 上级 items have what their
    guide publishes, or the total limit only.
    """
    usual = LIMITS[name]
    if name == "total":
        return _total(usual, limits)
    if name == "review" and limits.review is None:
        return None
    published = {
        "review": limits.review,
        "supplement": limits.supplement_workdays,
        "publicity": limits.publicity_workdays,
    }
    amount = published.get(name) or usual.amount
    return usual if amount == usual.amount else replace(usual, amount=amount, source=PUBLISHED)


def _total(usual: Limit, limits: Limits) -> Limit | None:
    if limits.total is None:
        return None
    unit = Unit.WORKDAYS if limits.total.workdays else Unit.DAYS
    return replace(usual, unit=unit, amount=limits.total.days, source=PUBLISHED)
