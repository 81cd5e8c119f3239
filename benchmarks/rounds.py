"""Timing in interleaved rounds, and the form of a result."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Work = Callable[[], object]
Result = dict[str, Any]


def seconds(work: Work) -> float:
    """How long *work* takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def medians(jobs: Mapping[str, Sequence[Work]], rounds: int) -> dict[str, float]:
    """Per job the median over interleaved rounds; a round's figure is the median of its works."""
    found: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, works in jobs.items():
            found[name].append(statistics.median(map(seconds, works)))
    return {name: statistics.median(times) for name, times in found.items()}


def faster(measure: str, ours: float, peer: float, goal: float) -> Result:
    """How many times faster than the peer; at least *goal* is asked for."""
    ratio = peer / ours
    return {
        "measure": measure, "ours": ours, "peer": peer, "ratio": ratio, "goal": goal, "holds": ratio >= goal,
    }  # fmt: skip
