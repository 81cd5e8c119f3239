"""What an enterprise may have: verdicts over many items, sorted into what to do about them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from catalog.conditions.tree import AllOf, Leaf, Node, Within, leaves
from catalog.conditions.verdict import Outcome, Verdict, judge
from catalog.rules import Mode, Span
from matching.amounts import UNKNOWN, Estimate, Shares, estimate
from matching.combination import Combination, best


@dataclass(frozen=True, slots=True)
class Item:
    """What matching needs to know of a published item."""

    code: str
    title: str
    mode: str
    mode_label: str
    department: str
    tree: Node
    benefit: Mapping[str, Any]
    window: Span
    validity: Span
    foreign: bool = False
    online: bool = True
    item_id: int = 0
    version_id: int = 0
    version: int = 1
    exclusivity: str = ""
    exclusive_groups: tuple[str, ...] = ()
    shares: Shares = ()
    # the documents that it rests on, and which of their clauses a leaf comes from
    legal_basis: str = ""
    cited: Mapping[Leaf, str] = field(default_factory=dict)

    @property
    def fields(self) -> frozenset[str]:
        """The facts that its conditions read, and the one that its amount is reckoned from."""
        base = self.benefit.get("base_field") or self.benefit.get("units_field")
        return frozenset(leaf.field for leaf in leaves(self.tree)) | ({str(base)} if base else set())


@dataclass(frozen=True, slots=True)
class Match:
    """One item held against one enterprise: the conditions, and apart from them whether it is open."""

    item: Item
    verdict: Verdict
    open: bool | None
    estimate: Estimate = UNKNOWN

    @property
    def outcome(self) -> Outcome:
        """The conditions alone."""
        return self.verdict.outcome

    @property
    def amount_fen(self) -> int | None:
        """What it would bring, where that is certain and still possible."""
        return self.estimate.fen

    @property
    def code(self) -> str:
        """Its item's code, as a choice of a combination."""
        return self.item.code

    @property
    def fen(self) -> int | None:
        """What it would bring, as a choice of a combination."""
        return self.estimate.fen

    @property
    def groups(self) -> tuple[str, ...]:
        """What it is exclusive with, as a choice of a combination."""
        return self.item.exclusive_groups

    @property
    def can_apply(self) -> bool:
        """Whether an application can be handed in here now."""
        ready = self.outcome is Outcome.ELIGIBLE and self.open is not False
        return ready and self.item.online and self.item.mode != Mode.EXEMPT

    @property
    def elsewhere(self) -> bool:
        """It fails for where the enterprise is registered."""
        return any(
            isinstance(finding.leaf, Within) and finding.field == "region_code"
            for finding in self.verdict.failing
        )


@dataclass(frozen=True, slots=True)
class Groups:
    """All items, sorted by what the enterprise can do about them; what fails, nearest first."""

    entitled: tuple[Match, ...]
    asking: tuple[Match, ...]
    near: tuple[Match, ...]
    closed: tuple[Match, ...]
    elsewhere: tuple[Match, ...]
    beyond: tuple[Match, ...]

    @property
    def combination(self) -> Combination:
        """What of the entitled items to have together."""
        return best(self.entitled)

    @property
    def failing(self) -> int:
        """How many items do not fit."""
        return len(self.near) + len(self.elsewhere) + len(self.beyond)


def match(item: Item, profile: Mapping[str, Any], as_of: date) -> Match:
    """*item* held against the facts of one enterprise, as of a day."""
    verdict, is_open_now = judge(item.tree, profile), is_open(item.window, item.validity, as_of)
    if verdict.outcome is Outcome.NOT_ELIGIBLE:
        return Match(item, verdict, is_open_now)
    return Match(item, verdict, is_open_now, estimate(item.benefit, item.tree, profile, item.shares))


def is_open(window: Span, validity: Span, as_of: date) -> bool | None:
    """Whether an item takes applications on *as_of*; None where its source gives neither window nor validity.

    An end that is not given sets no limit; both ends count.
    """
    given = [span for span in (window, validity) if span]
    if not given:
        return None
    return all(
        (span.start is None or span.start <= as_of) and (span.end is None or as_of <= span.end)
        for span in given
    )


def fixed_amount(benefit: Mapping[str, Any]) -> int | None:
    """The sum in fen of a benefit that is one fixed sum for everybody; "up to" is none."""
    return estimate(benefit, AllOf(()), {}).fen if benefit.get("kind") == "fixed" else None


def group(matches: Iterable[Match]) -> Groups:
    """Sort *matches* by what the enterprise can do about them."""
    lists: dict[str, list[Match]] = {name: [] for name in Groups.__dataclass_fields__}
    for one in matches:
        lists[_place(one)].append(one)
    return Groups(
        entitled=tuple(sorted(lists["entitled"], key=lambda one: (-(one.amount_fen or 0), one.item.code))),
        asking=tuple(sorted(lists["asking"], key=lambda one: (len(one.verdict.asking), one.item.code))),
        near=tuple(sorted(lists["near"], key=lambda one: (one.verdict.nearness, one.item.code))),
        closed=tuple(sorted(lists["closed"], key=lambda one: one.item.code)),
        elsewhere=tuple(sorted(lists["elsewhere"], key=lambda one: one.item.code)),
        beyond=tuple(sorted(lists["beyond"], key=lambda one: (one.verdict.nearness, one.item.code))),
    )


def _place(one: Match) -> str:
    if one.outcome is not Outcome.NOT_ELIGIBLE:
        if one.open is False:
            return "closed"
        return "entitled" if one.outcome is Outcome.ELIGIBLE else "asking"
    if one.elsewhere:
        return "elsewhere"
    return "beyond" if any(finding.settled for finding in one.verdict.failing) else "near"
