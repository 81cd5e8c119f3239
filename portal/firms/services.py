"""Giving out and revoking the address of one's calendar. Never commits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.web.access import Actor
from portal.firms.models import CalendarAddress


def make_calendar(db: Session, actor: Actor) -> None:
    """A new address; the one before opens nothing any more."""
    now = clock.now()
    _revoke(db, actor, now)
    db.add(CalendarAddress(person_id=actor.person_id, made_at=now))
    _record(db, actor, "calendar_made", now)


def revoke_calendar(db: Session, actor: Actor) -> None:
    """The address opens nothing any more."""
    now = clock.now()
    if _revoke(db, actor, now):
        _record(db, actor, "calendar_revoked", now)


def _revoke(db: Session, actor: Actor, now: datetime) -> bool:
    mine = (CalendarAddress.person_id == actor.person_id, CalendarAddress.revoked_at.is_(None))
    live = db.scalar(select(CalendarAddress).where(*mine).with_for_update())
    if live is not None:
        live.revoked_at = now
        db.flush()  # makes room under the unique index on live addresses
    return live is not None


def _record(db: Session, actor: Actor, act: str, now: datetime) -> None:
    audit.record(db, f"person:{actor.person_id}", act, actor=actor, happened_at=now, facts={})
