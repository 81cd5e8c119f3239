"""Let messages leave the house by the channels that people chose. Never commits; `tasks` sends."""

from collections.abc import Collection, Sequence
from datetime import datetime, time

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation import audit, clock, outbox
from foundation.web.access import Actor
from notices import events
from notices.channels import queries
from notices.channels.rules import Channel, check_address, due
from notices.models import ChannelChoice, Dispatch

AT_ONCE = 500


def choose(
    db: Session,
    actor: Actor,
    *,
    channel: Channel,
    address: str,
    digest: bool,
    quiet: tuple[time, time] | None,
) -> None:
    """Hear of messages by *channel* from now on."""
    drop(db, actor, channel)
    db.add(
        ChannelChoice(
            person_id=actor.person_id,
            channel=channel,
            address=check_address(channel, address),
            digest=digest,
            quiet_from=quiet[0] if quiet else None,
            quiet_until=quiet[1] if quiet else None,
            chosen_at=clock.now(),
        )
    )
    _record(db, actor, "channel_chosen", channel)


def drop(db: Session, actor: Actor, channel: Channel) -> None:
    """Hear by the inbox alone again; what was on its way stays there."""
    mine = (ChannelChoice.person_id == actor.person_id, ChannelChoice.channel == channel)
    ids = list(db.scalars(select(ChannelChoice.id).where(*mine)))
    if ids:
        db.execute(delete(Dispatch).where(Dispatch.choice_id.in_(ids)))
        db.execute(delete(ChannelChoice).where(ChannelChoice.id.in_(ids)))
        _record(db, actor, "channel_dropped", channel)


def _record(db: Session, actor: Actor, act: str, channel: Channel) -> None:
    subject, facts = f"person:{actor.person_id}", {"channel": channel.value}
    audit.record(db, subject, act, actor=actor, happened_at=clock.now(), facts=facts)


def enqueue(db: Session, told: Collection[tuple[str, str]]) -> None:
    """Put messages, by recipient and key, onto the channels of the recipients' people, each once."""
    choices = queries.choices_of(db, {recipient for recipient, _ in told})
    wanted = [key for recipient, key in told if recipient in choices]
    if not wanted:
        return
    now, rows = clock.now(), []
    for message_id, recipient in queries.messages_of(db, wanted):
        for choice in choices[recipient]:
            moment = due(now, digest=choice.digest, quiet=choice.quiet)
            rows.append({"message_id": message_id, "choice_id": choice.id, "due_at": moment})
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    once = insert(Dispatch).on_conflict_do_nothing(index_elements=["message_id", "choice_id"])
    db.execute(once, rows)
    hand_over(db, now)


def hand_over(db: Session, now: datetime) -> None:
    """Give what is due to the workers: one event a person's channel, with everything that waits for it."""
    waiting = (
        select(Dispatch)
        .where(Dispatch.told_at.is_(None), Dispatch.due_at <= now)
        .order_by(Dispatch.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    by_choice: dict[int, list[int]] = {}
    for dispatch in db.scalars(waiting):
        dispatch.told_at = now
        by_choice.setdefault(dispatch.choice_id, []).append(dispatch.id)
    for ids in by_choice.values():
        outbox.emit(db, events.DISPATCHED, {"dispatches": ids})


def mark_sent(db: Session, ids: Sequence[int]) -> None:
    """They are out of the house."""
    open_ = Dispatch.id.in_(ids), Dispatch.sent_at.is_(None)
    db.execute(update(Dispatch).where(*open_).values(sent_at=clock.now()))
