"""The verdict of a condition tree on one enterprise: three-valued, with its reasons down to the last leaf."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from catalog.conditions import explain
from catalog.conditions.kleene import Truth, every, opposite, some
from catalog.conditions.normal import Group, Literal, Part, normal
from catalog.conditions.parse import is_number
from catalog.conditions.register import field_of
from catalog.conditions.sentence import clause
from catalog.conditions.tree import Compare, Leaf, Node, Unstated
from catalog.conditions.truth import holds
from catalog.conditions.wording import difference


class Outcome(StrEnum):
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One leaf, whether it holds, and the fact that it was held against."""

    literal: Literal
    holds: Truth
    known: object = None

    @property
    def leaf(self) -> Leaf | None:
        """The leaf, or None where the source does not say what it asks."""
        return None if isinstance(self.literal.leaf, Unstated) else self.literal.leaf

    @property
    def field(self) -> str:
        """The name of the fact."""
        return self.leaf.field if self.leaf else ""

    @property
    def text(self) -> str:
        """What is asked."""
        return clause(self.literal)

    @property
    def shown(self) -> str:
        """What the enterprise has."""
        return explain.shown(self.leaf, self.known) if self.leaf else ""

    @property
    def gap(self) -> str:
        """What is missing and by how much, where it fails."""
        if self.leaf is None or self.holds is not False:
            return ""
        return explain.gap(self.leaf, self.known, negated=self.literal.negated)

    @property
    def question(self) -> str:
        """What to ask where the fact is not known; lists come from registers and are not asked for."""
        return field_of(self.leaf).question if self.leaf and self.holds is None else ""

    @property
    def line(self) -> str:
        """Clause and reason in one line."""
        reason = self.gap or self.shown
        said = reason in self.text and not is_number(self.known)
        return self.text if said else f"{self.text}：{reason}"

    @property
    def settled(self) -> bool:
        """It asks for what the applicant is, which no effort changes."""
        return self.leaf is not None and field_of(self.leaf).settled

    @property
    def distance(self) -> float:
        """How far off, as a share of the threshold; 1 where there is no measure."""
        leaf = self.leaf
        if isinstance(leaf, Compare) and is_number(leaf.value) and is_number(self.known) and leaf.value:
            return difference(leaf.value, self.known) / abs(leaf.value)
        return 1.0


@dataclass(frozen=True, slots=True)
class Findings:
    """A group of findings, of which all are asked for or any one."""

    needs_all: bool
    holds: Truth
    parts: tuple["Finding | Findings", ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Eligible, not eligible or unknown, and why."""

    root: Findings

    @property
    def outcome(self) -> Outcome:
        """The answer."""
        return _OUTCOMES[self.root.holds]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every leaf in reading order."""
        return tuple(_flat(self.root))

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The smallest set of leaves that would have to change; empty unless not eligible."""
        return _smallest_failing(self.root) if self.root.holds is False else ()

    @property
    def asking(self) -> tuple[Finding, ...]:
        """The leaves whose facts would settle an unknown verdict, one a fact."""
        if self.root.holds is not None:
            return ()
        by_field = {finding.field: finding for finding in reversed(list(_open(self.root)))}
        return tuple(reversed(by_field.values()))

    @property
    def nearness(self) -> tuple[int, int, float]:
        """Sorts what an enterprise might still reach before what it never will."""
        failing = self.failing
        settled = sum(finding.settled for finding in failing)
        return settled, len(failing), sum(finding.distance for finding in failing)


_OUTCOMES: dict[Truth, Outcome] = {
    True: Outcome.ELIGIBLE,
    False: Outcome.NOT_ELIGIBLE,
    None: Outcome.UNKNOWN,
}


def judge(node: Node, profile: Mapping[str, Any]) -> Verdict:
    """Hold *node* against the facts of one enterprise."""
    return Verdict(_find_group(normal(node), profile))


def _find(part: Part, profile: Mapping[str, Any]) -> "Finding | Findings":
    if isinstance(part, Literal):
        leaf = part.leaf
        if isinstance(leaf, Unstated):
            return Finding(part, None)
        truth = holds(leaf, profile)
        return Finding(part, opposite(truth) if part.negated else truth, profile.get(leaf.field))
    return _find_group(part, profile)


def _find_group(part: Group, profile: Mapping[str, Any]) -> Findings:
    parts = tuple(_find(below, profile) for below in part.parts)
    combine = every if part.needs_all else some
    return Findings(part.needs_all, combine(below.holds for below in parts), parts)


def _flat(part: "Finding | Findings") -> Iterator[Finding]:
    if isinstance(part, Finding):
        yield part
    else:
        for below in part.parts:
            yield from _flat(below)


def _smallest_failing(part: "Finding | Findings") -> tuple[Finding, ...]:
    if isinstance(part, Finding):
        return (part,)
    failing = [_smallest_failing(below) for below in part.parts if below.holds is False]
    if part.needs_all:
        return tuple(finding for found in failing for finding in found)
    return min(failing, key=lambda found: (sum(one.settled for one in found), len(found)))


def _open(part: "Finding | Findings") -> Iterator[Finding]:
    if isinstance(part, Finding):
        yield part
    else:
        for below in part.parts:
            if below.holds is None:
                yield from _open(below)
