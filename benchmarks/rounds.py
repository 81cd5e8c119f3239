"""Timing in interleaved rounds, and the form of a result.

Where both sides are one thread of this process, its processor time is compared: a busy neighbour does
not count; where a peer has threads or a process of its own, the clock on the wall.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Work = Callable[[], object]
Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long something takes: on the wall, and of this process's processor."""

    wall: float
    own: float


def seconds(work: Work) -> Seconds:
    """How long *work* takes."""
    wall, own = time.perf_counter(), time.process_time()
    work()
    return Seconds(time.perf_counter() - wall, time.process_time() - own)


def median(times: Sequence[Seconds]) -> Seconds:
    """The middle of each."""
    return Seconds(statistics.median(one.wall for one in times), statistics.median(one.own for one in times))


def medians(jobs: Mapping[str, Sequence[Work]], rounds: int) -> dict[str, Seconds]:
    """Per job the median over interleaved rounds; a round's figure is the median of its works."""
    found: dict[str, list[Seconds]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, works in jobs.items():
            found[name].append(median([seconds(work) for work in works]))
    return {name: median(times) for name, times in found.items()}


def faster(measure: str, ours: float, peer: float, goal: float) -> Result:
    """How many times faster than the peer; at least *goal* is asked for."""
    ratio = peer / ours
    return {
        "measure": measure, "ours": ours, "peer": peer, "ratio": ratio, "goal": goal, "holds": ratio >= goal,
    }  # fmt: skip
