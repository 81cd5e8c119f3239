"""The public figures, counted from clocks, cases and the timeline each time they are asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from foundation.accounts.models import Organisation
from foundation.audit import AuditEvent
from foundation.deadlines.models import Deadline
from foundation.deadlines.queries import not_held
from foundation.deadlines.workdays import Hours
from portal.feedback import queries as feedback
from portal.feedback.queries import Satisfaction
from portal.reports.rules import (
    ACCEPTED,
    DECIDED,
    KEPT_BY,
    PAID,
    PROMISES,
    Figure,
    Period,
    Run,
    by_holder,
    figure,
)
from portal.window.models import Case
from portal.window.rules import CLOCKS, Act

CASES = "case:"


@dataclass(frozen=True, slots=True)
class Totals:
    """How many cases, and how much money."""

    accepted: int
    decided: int
    paid: int
    paid_fen: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the public page, with the moment at which it was counted."""

    period: Period
    figures: tuple[Figure, ...]
    departments: tuple[tuple[str, Figure], ...]
    totals: Totals
    # clocks that run and are overdue at this moment, by limit
    overdue: dict[str, int]
    satisfaction: Satisfaction | None
    counted_at: datetime

    @property
    def review(self) -> Figure:
        """The promise whose departments are compared."""
        return next(each for each in self.figures if each.limit.name == "review")


def board(db: Session, period: Period, now: datetime) -> Board:
    """The figures of *period* as the record stands at *now*; no enterprise is named."""
    runs = stopped_runs(db, period.since, period.until)
    return Board(
        period=period,
        figures=tuple(figure(name, runs) for name in PROMISES),
        departments=tuple(by_holder("review", runs)),
        totals=totals(db, period.since, period.until),
        overdue=overdue(db, now),
        satisfaction=feedback.satisfaction(db, period.since, period.until) if period.closed else None,
        counted_at=now,
    )


def stopped_runs(db: Session, since: datetime, until: datetime) -> list[Run]:
    """Every clock of the five published limits that stopped from *since* up to *until*, oldest first."""
    rows = db.execute(
        select(
            Deadline.limit_name,
            Organisation.short_name,
            Deadline.due_at,
            Deadline.stopped_at,
            Deadline.used_minutes,
            Deadline.hours,
            _kept().label("kept"),
        )
        .outerjoin(Organisation, Organisation.id == Deadline.holder_id)
        .where(_published(), Deadline.stopped_at >= since, Deadline.stopped_at < until)
        .order_by(Deadline.stopped_at, Deadline.id)
    )
    return [
        Run(
            limit=row.limit_name,
            holder=row.short_name or "",
            kept=bool(row.kept),
            due_at=row.due_at,
            stopped_at=row.stopped_at,
            used=timedelta(minutes=row.used_minutes or 0),
            day=Hours.from_json(row.hours).day,
        )
        for row in rows
    ]


def totals(db: Session, since: datetime, until: datetime) -> Totals:
    """What was accepted, decided and paid from *since* up to *until*."""

    def within(moment: InstrumentedAttribute[datetime | None]) -> ColumnElement[bool]:
        return (moment >= since) & (moment < until)

    accepted, decided, paid, fen = db.execute(
        select(
            func.count().filter(within(Case.accepted_at)),
            func.count().filter(within(Case.decided_at)),
            func.count().filter(within(Case.paid_at)),
            func.sum(Case.decided_fen).filter(within(Case.paid_at)),
        )
    ).one()
    return Totals(accepted, decided, paid, int(fen or 0))


def overdue(db: Session, now: datetime) -> dict[str, int]:
    """Clocks that run, are not held and are past due at *now*, by limit."""
    rows = db.execute(
        select(Deadline.limit_name, func.count())
        .where(_published(), Deadline.stopped_at.is_(None), Deadline.due_at < now, not_held())
        .group_by(Deadline.limit_name)
        .order_by(Deadline.limit_name)
    )
    return dict(rows.all())


def _published() -> ColumnElement[bool]:
    return and_(Deadline.limit_name.in_(PROMISES), Deadline.subject.startswith(CASES, autoescape=True))


def _stopped_by(limit: str, acts: frozenset[Act]) -> ColumnElement[bool]:
    """Whether a line of the subject's own timeline says that one of *acts* stopped the clock *limit*."""
    line = (AuditEvent.subject == Deadline.subject, AuditEvent.happened_at == Deadline.stopped_at)
    return and_(Deadline.limit_name == limit, exists().where(*line, AuditEvent.act.in_(acts)))


def _kept() -> ColumnElement[bool]:
    return or_(*(_stopped_by(limit, acts) for limit, acts in KEPT_BY.items()))


def unfounded(db: Session) -> list[str]:
    """Invariant: a published clock was stopped by an act that its case's timeline holds."""
    founded = or_(*(_stopped_by(use.limit, use.stops) for use in CLOCKS if use.limit in PROMISES))
    rows = db.execute(
        select(Deadline.subject, Deadline.limit_name, Deadline.stopped_at)
        .where(_published(), Deadline.stopped_at.is_not(None), ~founded)
        .order_by(Deadline.id)
    )
    return [f"{subject} {limit}: stopped at {at}, but no act says so" for subject, limit, at in rows]


def miscounted(db: Session) -> list[str]:
    """Invariant: what the totals count is what a recount of the timeline gives, to the moment."""
    return [
        f"{subject}: {name} at {moment} stands only {where}"
        for name, column, acts in (
            ("accepted", Case.accepted_at, ACCEPTED),
            ("decided", Case.decided_at, DECIDED),
            ("paid", Case.paid_at, PAID),
        )
        for subject, moment, where in _differences(db, column, acts)
    ]


def _differences(
    db: Session, column: InstrumentedAttribute[datetime | None], acts: frozenset[Act]
) -> list[tuple[str | None, datetime | None, str]]:
    kept = select(CASES + Case.number, column).where(column.is_not(None))
    told = select(AuditEvent.subject, AuditEvent.happened_at).where(
        AuditEvent.subject.startswith(CASES, autoescape=True), AuditEvent.act.in_(acts)
    )
    rows, lines = set(db.execute(kept)), set(db.execute(told))
    return [(*each, "in the case") for each in sorted(rows - lines)] + [
        (*each, "on the timeline") for each in sorted(lines - rows)
    ]


INVARIANTS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("published clocks stop by recorded acts", unfounded),
    ("public totals equal a recount of the timeline", miscounted),
)
