"""How every act on a list is carried out: lock, stage, clocks, timeline."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import queries as catalog
from foundation import audit
from foundation.accounts import queries as accounts
from foundation.deadlines import services as deadlines
from foundation.errors import NotFound
from foundation.web.access import Actor
from portal.window import limits
from portal.window.lists.models import ExemptList
from portal.window.lists.queries import visible_to
from portal.window.lists.rules import STARTS, STOPS, ListAct, take


def locked(db: Session, actor: Actor, number: str) -> ExemptList:
    """The list of *number*, locked for this transaction; NotFound where it is not the actor's to see."""
    query = select(ExemptList).where(ExemptList.number == number, visible_to(actor)).with_for_update()
    frozen = db.scalar(query)
    if frozen is None:
        raise NotFound
    return frozen


def advance(
    db: Session,
    frozen: ExemptList,
    act: ListAct,
    actor: Actor,
    at: datetime,
    facts: dict[str, Any],
    personal: dict[str, Any] | None = None,
) -> None:
    """Stage, version, clocks and timeline of a list."""
    if act is not ListAct.FREEZE:
        frozen.stage = take(frozen.stage, act)
    frozen.version += 1
    for name in STOPS.get(act, ()):
        deadlines.stop_if_running(db, subject=frozen.subject, limit=name, at=at)
    for name in STARTS.get(act, ()):
        _start_clock(db, frozen, name, at)
    db.flush()
    audit.record(
        db,
        frozen.subject,
        act.value,
        actor=actor,
        happened_at=at,
        facts={"stage": frozen.stage.value, **facts},
        personal=personal,
        version=frozen.version,
    )


def _start_clock(db: Session, frozen: ExemptList, name: str, at: datetime) -> None:
    item = catalog.item_version(db, frozen.item_version_id)
    limit = limits.limit_for(name, item.guide.limits)
    if limit is None:
        return
    holder = accounts.organisation(db, frozen.window_id if name == "handoff" else frozen.department_id)
    deadlines.start(
        db,
        subject=frozen.subject,
        limit=limit,
        at=at,
        holder_id=holder.id,
        opening_hours=holder.opening_hours,
    )
