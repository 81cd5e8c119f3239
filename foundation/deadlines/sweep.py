"""The minute sweep: warn, mark a breach, ask for supervision, once each; late itself, it records what was."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from foundation import outbox
from foundation.deadlines import events
from foundation.deadlines.models import Deadline
from foundation.deadlines.queries import not_held
from foundation.deadlines.services import payload


@dataclass(frozen=True, slots=True)
class Swept:
    """How many clocks came near, were breached, went to the supervisor, or are held beyond their plan."""

    near: int
    breached: int
    supervised: int
    overheld: int = 0


def sweep(db: Session, now: datetime) -> Swept:
    """Mark and tell what time alone has changed up to *now*, however long nobody looked."""
    breached = _breaches(db, now)
    supervised = _supervise(db, now)
    return Swept(_warn(db, now), breached, supervised, _ask_about_holds(db, now))


def _breaches(db: Session, now: datetime) -> int:
    rows = _due(db, Deadline.breached_at.is_(None), Deadline.due_at < now, not_held())
    for row in rows:
        row.breached_at, row.breach_recorded_at = row.due_at, now
        row.warned_at = row.warned_at or now  # too late to warn: what follows is the breach itself
        outbox.emit(db, events.BREACHED, {**payload(row), "recorded": now.isoformat()})
    return len(rows)


def _supervise(db: Session, now: datetime) -> int:
    breached = Deadline.breached_at.is_not(None)
    rows = _due(db, Deadline.supervised_at.is_(None), breached, Deadline.supervise_at <= now)
    for row in rows:
        row.supervised_at = now
        outbox.emit(db, events.SUPERVISE, {**payload(row), "recorded": now.isoformat()})
    return len(rows)


def _warn(db: Session, now: datetime) -> int:
    held = Deadline.suspended_at.is_(None)
    rows = _due(db, Deadline.warned_at.is_(None), Deadline.warn_at <= now, held)
    for row in rows:
        row.warned_at = now
        outbox.emit(db, events.NEAR, {**payload(row), "recorded": now.isoformat()})
    return len(rows)


def _ask_about_holds(db: Session, now: datetime) -> int:
    rows = _due(db, Deadline.hold_told_at.is_(None), Deadline.hold_until < now)
    for row in rows:
        row.hold_told_at = now
        outbox.emit(db, events.HOLD_OVER, {**payload(row), "recorded": now.isoformat()})
    return len(rows)


def _due(db: Session, *which: ColumnElement[bool]) -> list[Deadline]:
    """Running clocks, locked; one that an act holds just now is left to the next minute."""
    query = select(Deadline).where(Deadline.stopped_at.is_(None), *which).order_by(Deadline.id)
    return list(db.scalars(query.with_for_update(skip_locked=True)))
