"""From which day a leaf that fails will hold, if all goes on as it is."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from math import ceil, floor

from catalog.conditions.parse import is_number
from catalog.conditions.tree import Compare, Has, Op
from catalog.conditions.truth import check_holds
from catalog.conditions.verdict import Finding

# counts that grow by one each month
MONTHLY = frozenset({"ui_paid_months"})
# what grows by one each calendar year in an entry of a list
YEARLY = "years_in"


def holds_from(finding: Finding, as_of: date) -> date | None:
    """The day; None where time alone changes nothing. *as_of* is the day of the fact."""
    if finding.holds is not False or finding.literal.negated:
        return None
    leaf = finding.leaf
    if isinstance(leaf, Compare) and leaf.field in MONTHLY:
        return _after_months(leaf, finding.known, as_of)
    if isinstance(leaf, Has) and isinstance(finding.known, list):
        years = min(_years(leaf, finding.known), default=0)
        return date(as_of.year + years, 1, 1) if years else None
    return None


def _after_months(leaf: Compare, known: object, as_of: date) -> date | None:
    if leaf.op not in (Op.GE, Op.GT) or not is_number(leaf.value) or not is_number(known):
        return None
    short = leaf.value - known
    months = as_of.month - 1 + (ceil(short) if leaf.op is Op.GE else floor(short) + 1)
    year, month = as_of.year + months // 12, months % 12 + 1
    return date(year, month, min(as_of.day, monthrange(year, month)[1]))


def _years(leaf: Has, entries: list[object]) -> Iterator[int]:
    """After how many years each entry would do, where only its age is wrong."""
    wanted = [one for check in leaf.checks if check.key == YEARLY for one in check.among if is_number(one)]
    others = [check for check in leaf.checks if check.key != YEARLY]
    for entry in (one for one in entries if isinstance(one, Mapping)):
        own = entry.get(YEARLY)
        alike = all(check_holds(check, entry.get(check.key)) is True for check in others)
        if is_number(own) and alike:
            yield from (ceil(one - own) for one in wanted if one > own)
