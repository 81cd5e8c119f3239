"""What was pushed to whom, and what must always hold."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, select, text
from sqlalchemy.orm import Session

from catalog.models import ItemVersion, PolicyItem
from foundation.enterprises.models import Enterprise
from foundation.errors import NotFound
from foundation.outbox import UNDONE, Delivery, Outbox
from foundation.web.access import Actor
from matching import queries
from matching.planes import queries as planes
from matching.push import state
from matching.push.models import Push, PushPlane, PushRun
from matching.push.rules import Reason
from matching.push.state import Sides
from notices.models import Message

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Pushed:
    """One push, as the enterprise and the counter read it."""

    code: str
    title: str
    department: str
    version: int
    reason: Reason
    pushed_at: datetime
    muted: bool
    opened_at: datetime | None
    wrong_at: datetime | None
    in_force: bool


def _pushes() -> Select[Push, ItemVersion, PolicyItem, datetime | None]:
    return (
        select(Push, ItemVersion, PolicyItem, Message.read_at)
        .join(ItemVersion, ItemVersion.id == Push.item_version_id)
        .join(PolicyItem, PolicyItem.id == ItemVersion.item_id)
        .join(Enterprise, Enterprise.id == Push.enterprise_id)
        .outerjoin(Message, Message.key == Push.message_key)
    )


def pushed_to(db: Session, credit_code: str) -> list[Pushed]:
    """What an enterprise was told of late, newest first: for the counter to hold a message against."""
    query = _pushes().where(Enterprise.credit_code == credit_code, Push.message_key.is_not(None))
    rows = db.execute(query.order_by(Push.pushed_at.desc(), Push.id.desc()).limit(MOST_LISTED))
    return [_pushed(push, version, item, opened) for push, version, item, opened in rows]


def _pushed(push: Push, version: ItemVersion, item: PolicyItem, opened_at: datetime | None) -> Pushed:
    return Pushed(
        item.code, version.title, version.department_name or "", version.number, push.reason, push.pushed_at,
        push.message_key is None, opened_at, push.wrong_at, item.current == version.number,
    )  # fmt: skip


def latest(db: Session, actor: Actor, code: str, reason: Reason) -> tuple[Push, Pushed]:
    """The latest push of an item to the actor's enterprise for a reason; NotFound where there was none."""
    query = _pushes().where(
        Enterprise.credit_code == actor.organisation_code, PolicyItem.code == code, Push.reason == reason
    )
    row = db.execute(query.order_by(ItemVersion.number.desc()).limit(1)).first()
    if row is None:
        raise NotFound("没有这条推送，可能推给了别的企业。请从“消息”重新打开。")
    push, version, item, opened_at = row
    return push, _pushed(push, version, item, opened_at)


def older_runs(db: Session, item_id: int, version: int) -> list[int]:
    """The runs not finished of an item's versions before *version*."""
    query = (
        select(PushRun.id)
        .join(ItemVersion, ItemVersion.id == PushRun.item_version_id)
        .where(ItemVersion.item_id == item_id, ItemVersion.number < version)
        .where(PushRun.finished_at.is_(None))
    )
    return list(db.scalars(query))


def told_without_message(db: Session) -> list[str]:
    """Invariant: whoever was pushed something and did not opt out has the message."""
    there = exists().where(Message.key == Push.message_key)
    query = select(Push.id, Push.message_key).where(Push.message_key.is_not(None), ~there).order_by(Push.id)
    return [f"push {row.id}: no message {row.message_key}" for row in db.execute(query)]


def stale_planes(db: Session) -> list[str]:
    """Invariant: once every change was delivered, the kept planes say what facts and items say."""
    waiting = select(Delivery.reader).where(Delivery.reader.startswith("matching.push"), text(UNDONE))
    unread = select(Outbox.id).where(Outbox.fanned_at.is_(None))
    if db.scalar(waiting.limit(1)) or db.scalar(unread.limit(1)):
        return []
    wrong = []
    items, book = queries.items(db), planes.book(db)
    for number in sorted(set(db.scalars(select(PushPlane.block).distinct()))):
        block = planes.block(db, book, number)
        versions, kept = state.versions(db, number), state.planes(db, number, [one.item_id for one in items])
        for item in items:
            surely, maybe = block.planes.pairs[book.place(item.code)]
            sides = Sides(state.octets_of(surely), state.octets_of(maybe))
            if versions.get(item.item_id) == item.version_id and kept[item.item_id] != sides:
                wrong.append(f"item {item.code} block {number}: kept otherwise than the facts say")
    return wrong


INVARIANTS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("whoever was pushed something has the message", told_without_message),
    ("planes say what facts and items say", stale_planes),
)
