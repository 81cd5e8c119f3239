"""The best of what an enterprise may have together: exclusive groups, and the highest instead of twice. Pure.

Items of one exclusive group shut each other out, in whatever other groups they are. Groups that touch are
looked at together; up to EXACT items every choice is weighed, above that the dearest is taken first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

EXACT = 20


class Choice(Protocol):
    """What may be chosen."""

    @property
    def code(self) -> str: ...
    @property
    def fen(self) -> int | None: ...
    @property
    def groups(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item outside the best combination, what it would bring, and for which item it stands back."""

    code: str
    fen: int | None
    group: str
    instead: str


@dataclass(frozen=True, slots=True)
class Combination:
    """What to apply for, by code, with its sum; what is left out; whether nothing better can exist."""

    chosen: tuple[str, ...]
    fen: int
    left_out: tuple[LeftOut, ...]
    exact: bool


def best(choices: Iterable[Choice]) -> Combination:
    """The combination that brings most; what has no amount yet gives way to what has one."""
    listed = sorted(choices, key=lambda one: one.code)
    clusters = _clusters(listed)
    chosen: list[Choice] = []
    for cluster in clusters:
        chosen += _exactly(cluster) if len(cluster) <= EXACT else _dearest_first(cluster)
    taken = {one.code for one in chosen}
    left = (_left_out(one, chosen) for one in listed if one.code not in taken)
    return Combination(
        chosen=tuple(sorted(taken)),
        fen=sum(one.fen or 0 for one in chosen),
        left_out=tuple(left),
        exact=all(len(cluster) <= EXACT for cluster in clusters),
    )


def _clash(one: Choice, other: Choice) -> str:
    """The group in which two items shut each other out."""
    return next((group for group in one.groups if group in other.groups), "")


def _clusters(listed: Sequence[Choice]) -> list[list[Choice]]:
    """Items that are tied by groups, however far around; whoever has no group stands alone."""
    found: list[list[Choice]] = []
    for one in (each for each in listed if each.groups):
        tied = [cluster for cluster in found if any(_clash(one, other) for other in cluster)]
        found = [cluster for cluster in found if not any(cluster is each for each in tied)]
        found.append([*(each for cluster in tied for each in cluster), one])
    return [*found, *([one] for one in listed if not one.groups)]


def _worth(chosen: Sequence[Choice]) -> tuple[int, int]:
    return sum(one.fen or 0 for one in chosen), len(chosen)


def _exactly(cluster: Sequence[Choice]) -> list[Choice]:
    """The best of all choices; of two that bring the same the one with more items, then the first by code."""
    if not cluster:
        return []
    first, *others = cluster
    without = _exactly(others) if first.groups else []
    together = [first, *_exactly([one for one in others if not _clash(first, one)])]
    return together if not first.groups or _worth(together) >= _worth(without) else without


def _dearest_first(cluster: Sequence[Choice]) -> list[Choice]:
    chosen: list[Choice] = []
    for one in sorted(cluster, key=lambda one: (-(one.fen or 0), one.code)):
        if not any(_clash(one, other) for other in chosen):
            chosen.append(one)
    return chosen


def _left_out(one: Choice, chosen: Sequence[Choice]) -> LeftOut:
    rival = max(
        (other for other in chosen if _clash(one, other)), key=lambda other: (other.fen or 0, other.code)
    )
    return LeftOut(one.code, one.fen, _clash(one, rival), rival.code)
