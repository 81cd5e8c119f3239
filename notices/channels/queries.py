"""Who hears of messages by which channel, and what waits to be sent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts.models import Membership, Organisation
from foundation.web.access import Actor
from notices.channels.rules import Channel
from notices.models import ChannelChoice, Dispatch, Message

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """One person's channel."""

    id: int
    channel: Channel
    address: str
    digest: bool
    quiet: tuple[time, time] | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one person's channel is to carry: where to, and the messages that are not out yet."""

    channel: Channel
    address: str
    messages: tuple[tuple[int, str, str, str], ...]


def _choice(row: ChannelChoice) -> Choice:
    quiet = (row.quiet_from, row.quiet_until) if row.quiet_from and row.quiet_until else None
    return Choice(row.id, row.channel, row.address, row.digest, quiet)


def mine(db: Session, actor: Actor) -> dict[Channel, Choice]:
    """The actor's own channels."""
    rows = db.scalars(select(ChannelChoice).where(ChannelChoice.person_id == actor.person_id))
    return {row.channel: _choice(row) for row in rows}


def choices_of(db: Session, recipients: Collection[str]) -> dict[str, list[Choice]]:
    """The channels of everybody who acts today for some organisations, by the organisation's code."""
    today: date = clock.now().date()
    query = (
        select(Organisation.code, ChannelChoice)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(ChannelChoice, ChannelChoice.person_id == Membership.person_id)
        .where(
            Membership.valid_from <= today,
            or_(Membership.valid_until.is_(None), Membership.valid_until >= today),
        )
        .order_by(ChannelChoice.id)
    )
    if len(recipients) <= AT_ONCE:
        query = query.where(Organisation.code.in_(recipients))
    found: dict[str, dict[int, Choice]] = {}
    for code, row in db.execute(query):
        found.setdefault(code, {})[row.id] = _choice(row)
    return {code: list(own.values()) for code, own in found.items() if code in recipients}


def messages_of(db: Session, keys: Collection[str]) -> list[tuple[int, str]]:
    """Id and recipient of the messages with these keys."""
    listed, found = sorted(keys), []
    for at in range(0, len(listed), AT_ONCE):
        rows = db.execute(
            select(Message.id, Message.recipient_code).where(Message.key.in_(listed[at : at + AT_ONCE]))
        )
        found += [(row.id, row.recipient_code) for row in rows]
    return found


def parcel(db: Session, ids: Collection[int]) -> Parcel | None:
    """What some dispatches are to carry; None where all is out or the person wants it no more."""
    rows = db.execute(
        select(
            Dispatch.id,
            ChannelChoice.channel,
            ChannelChoice.address,
            Message.key,
            Message.title,
            Message.body,
        )
        .join(ChannelChoice, ChannelChoice.id == Dispatch.choice_id)
        .join(Message, Message.id == Dispatch.message_id)
        .where(Dispatch.id.in_(ids), Dispatch.sent_at.is_(None))
        .order_by(Dispatch.id)
    ).all()
    if not rows:
        return None
    messages = tuple((row.id, row.key, row.title, row.body) for row in rows)
    return Parcel(rows[0].channel, rows[0].address, messages)
