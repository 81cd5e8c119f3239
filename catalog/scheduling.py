"""Versions that were published ahead: each is in force from its day on."""

from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from catalog import services
from catalog.events import PUBLISHED, Published
from catalog.models import ItemVersion, PolicyItem
from foundation import audit, clock, outbox


def take_effect(db: Session) -> int:
    """Let every version whose day has come be the one in force; how many there were."""
    if not db.execute(_due(clock.now().date())).first():
        return 0
    services.lock(db)
    now, count = clock.now(), 0
    for item, number in db.execute(_due(now.date())).all():
        version = db.scalars(
            select(ItemVersion).where(ItemVersion.item_id == item.id, ItemVersion.number == number)
        ).one()
        item.current, item.withdrawn_at = number, None
        outbox.emit(db, PUBLISHED, Published(item.code, number, version.id).payload())
        facts = {"title": version.title, "digest": version.digest}
        audit.record(db, f"item:{item.code}", "took_effect", actor=None, happened_at=now, facts=facts)
        count += 1
    if count:
        services.renew_stamp(db)
    return count


def _due(today: date) -> Select[PolicyItem, int]:
    """Items with the last version whose day has come; what a later publication overtook stays behind."""
    ahead = (ItemVersion.number > PolicyItem.current) & (ItemVersion.effective_from <= today)
    kept = PolicyItem.withdrawn_at.is_(None) | (ItemVersion.published_at > PolicyItem.withdrawn_at)
    last = (
        select(ItemVersion.item_id, func.max(ItemVersion.number).label("number"))
        .join(PolicyItem, PolicyItem.id == ItemVersion.item_id)
        .where(ahead, kept)
        .group_by(ItemVersion.item_id)
        .subquery()
    )
    query = select(PolicyItem, last.c.number).join(last, last.c.item_id == PolicyItem.id)
    return query.order_by(PolicyItem.code)
