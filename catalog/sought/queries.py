"""What was sought and opened in the last weeks; single texts that only one person typed are not shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from catalog.shelf import shelf
from catalog.sought.models import OpenedCount, SoughtCount

SPAN = timedelta(days=30)
# a text that was typed once may be about one person
SMALLEST, MOST = 2, 50


@dataclass(frozen=True, slots=True)
class Sought:
    """One text, how often it was sought, when last, and how many items it found then."""

    query: str
    times: int
    last: date
    hits: int


@dataclass(frozen=True, slots=True)
class Opened:
    """One item, and how often its guide was opened."""

    code: str
    title: str
    times: int


@dataclass(frozen=True, slots=True)
class Report:
    """Sought in vain, sought and found, opened: the most frequent first."""

    vain: tuple[Sought, ...]
    found: tuple[Sought, ...]
    opened: tuple[Opened, ...]
    times: int


def report(db: Session, today: date) -> Report:
    """What the last thirty days tell."""
    rows = [Sought(*row) for row in db.execute(_sought(today - SPAN))]
    titles = {item.code: item.title for item in shelf(db).items}
    opened = (
        select(OpenedCount.code, func.sum(OpenedCount.times).label("times"))
        .where(OpenedCount.day > today - SPAN)
        .group_by(OpenedCount.code)
        .order_by(func.sum(OpenedCount.times).desc(), OpenedCount.code)
        .limit(MOST)
    )
    return Report(
        vain=_most([row for row in rows if not row.hits]),
        found=_most([row for row in rows if row.hits]),
        opened=tuple(Opened(code, titles.get(code, code), times) for code, times in db.execute(opened)),
        times=sum(row.times for row in rows),
    )


def _sought(since: date) -> Select[Any, Any, Any, Any]:
    """Each text with its sums; it found what it found on the last day."""
    last = (
        select(
            SoughtCount.query,
            func.max(SoughtCount.day).label("day"),
            func.sum(SoughtCount.times).label("times"),
        )
        .where(SoughtCount.day > since)
        .group_by(SoughtCount.query)
        .subquery()
    )
    return (
        select(SoughtCount.query, last.c.times, SoughtCount.day, SoughtCount.hits)
        .join(last, (last.c.query == SoughtCount.query) & (last.c.day == SoughtCount.day))
        .order_by(last.c.times.desc(), SoughtCount.query)
    )


def _most(rows: Sequence[Sought]) -> tuple[Sought, ...]:
    return tuple([row for row in rows if row.times >= SMALLEST][:MOST])
