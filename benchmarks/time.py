"""A due time of ten working days: the `holidays` package against our pure rule, per call.

Both know the same published years and are asked for the same starts; where the answers differ the measure is
void. The peer looks for the day alone, ours gives the closing time of that day.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import holidays

from foundation.clock import BEIJING
from foundation.deadlines.calendars import Calendar
from foundation.deadlines.limits import LIMITS
from foundation.deadlines.reference import known_notices

MUST, ROUNDS = 28, 9
YEARS = range(2023, 2027)
STARTS = [datetime(2024, 1, 1, 10, tzinfo=BEIJING) + timedelta(days=7 * n % 700) for n in range(2000)]


def measure(rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Medians of interleaved rounds in this process, in seconds a call."""
    workdays, review = Calendar(known_notices()).workdays(), LIMITS["review"]
    peer = holidays.country_holidays("CN", years=YEARS)
    dates = [start.date() for start in STARTS]

    def ours() -> list[Any]:
        return [review.due(start, workdays) for start in STARTS]

    def theirs() -> list[Any]:
        return [peer.get_nth_working_day(start, review.amount) for start in dates]

    if [due.date() for due in ours()] != theirs():
        raise RuntimeError("holidays and our calendar disagree; a ratio would mean nothing")
    pairs = [(_timed(ours), _timed(theirs)) for _ in range(rounds)]
    mine, other = (statistics.median(each) / len(STARTS) for each in zip(*pairs, strict=True))
    return [
        {
            "measure": "time.due/holidays",
            "ours": mine,
            "peer": other,
            "ratio": other / mine,
            "goal": MUST,
            "holds": other / mine >= MUST,
        }
    ]


def _timed(work: Callable[[], list[Any]]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, ensure_ascii=False, indent=1)
