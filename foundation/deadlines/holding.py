"""Who held a subject for how long, from the clocks that ran on it. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from foundation.deadlines.calendars import Calendar

Span = tuple[datetime, datetime]
END_TO_END = "total"  # runs beside the others and is nobody's own time
ASKED = "supplement"


@dataclass(frozen=True, slots=True)
class Turn:
    """One clock: whose it was, and when it ran; *until* is None while it runs."""

    holder_id: int | None
    limit: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Holding:
    """The time that lay with one organisation; *now* where it still does."""

    holder_id: int | None
    spent: timedelta
    open_time: timedelta
    now: bool


def holdings(turns: Iterable[Turn], now: datetime, calendar: Calendar) -> list[Holding]:
    """How long each organisation had the subject, the longest first.

    Clocks of one organisation that ran side by side count once. While a supplement is awaited the subject
    lies with whoever has to supply it, whatever else runs.
    """
    own = [turn for turn in turns if turn.limit != END_TO_END]
    awaited = _union((turn.since, turn.until or now) for turn in own if turn.limit == ASKED)
    asking = any(turn.limit == ASKED and turn.until is None for turn in own)
    spans: dict[int | None, list[Span]] = defaultdict(list)
    current: set[int | None] = set()
    for turn in own:
        asked = turn.limit == ASKED
        span = (turn.since, turn.until or now)
        spans[turn.holder_id] += [span] if asked else _without(span, awaited)
        if turn.until is None and asked is asking:
            current.add(turn.holder_id)
    found = [_holding(holder, _union(held), calendar, holder in current) for holder, held in spans.items()]
    return sorted(found, key=lambda holding: (-holding.spent, holding.holder_id or 0))


def _holding(holder_id: int | None, spans: Sequence[Span], calendar: Calendar, now: bool) -> Holding:
    spent = open_time = timedelta()
    for since, until in spans:
        spent += until - since
        open_time += calendar.reaching(since.year, until.year).open_time(since, until)
    return Holding(holder_id, spent, open_time, now)


def _union(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for since, until in sorted(spans):
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(until, merged[-1][1]))
        elif since < until:
            merged.append((since, until))
    return merged


def _without(span: Span, others: Iterable[Span]) -> list[Span]:
    """What is left of *span* outside *others*, which are in order and apart."""
    begin, end = span
    left: list[Span] = []
    for since, until in others:
        if since < end and until > begin:
            left.append((begin, since))
            begin = until
    return [(first, last) for first, last in [*left, (begin, end)] if first < last]
