"""Effects after the commit: written in the transaction of the act, delivered to every reader exactly once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation import clock, log
from foundation.db import TOLD, Base, Database, Instant, Json, partial_index

Payload = dict[str, Any]
REPUBLISH_AFTER = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)
TRIES = 10
BATCH = 500
# told by the relay once a minute; every sweep reads it
MINUTE = "clock.minute"
UNDONE = "done_at IS NULL AND failed_at IS NULL"

logger = log.get(__name__)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reacts to a topic: *handle* runs in the transaction that marks the delivery done.

    What is slow belongs into *prepare*, which runs before it and outside any transaction: nobody waits for
    its locks, and everything that has none goes first. What it returns goes along in the payload. It may run
    more than once for one effect.
    """

    topic: str
    name: str
    handle: Callable[[Session, Payload], None]
    prepare: Callable[[Database, Payload], Payload] | None = None


class Outbox(Base):
    """What happened, for whoever has to react."""

    __tablename__ = "outbox"
    __table_args__ = (partial_index("ix_outbox_waiting", "id", where="fanned_at IS NULL"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(80))
    payload: Mapped[Payload] = mapped_column(Json)
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    fanned_at: Mapped[datetime | None] = mapped_column(Instant)


class Delivery(Base):
    """One effect of one event on one reader."""

    __tablename__ = "delivery"
    __table_args__ = (partial_index("ix_delivery_undone", "next_at", where=UNDONE),)

    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), primary_key=True)
    reader: Mapped[str] = mapped_column(String(80), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    failed_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None]


def emit(db: Session, topic: str, payload: Payload) -> None:
    """Tell every reader of *topic*, if and only if this transaction commits."""
    db.add(Outbox(topic=topic, payload=payload, created_at=clock.now()))
    db.info[TOLD] = True


def emit_once(db: Session, topic: str, payload: Payload, key: str) -> None:
    """As `emit`, but nothing where *key* was emitted before."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"topic": topic, "payload": payload, "key": key, "created_at": clock.now()}
    db.execute(insert(Outbox).values(**values).on_conflict_do_nothing(index_elements=["key"]))
    db.info[TOLD] = True


def fan_out(db: Session, readers: Iterable[Reader], now: datetime) -> list[tuple[int, str]]:
    """Make a delivery for every reader of what is new; returns (outbox id, reader) to publish."""
    by_topic: dict[str, list[str]] = {}
    for reader in readers:
        by_topic.setdefault(reader.topic, []).append(reader.name)
    waiting = select(Outbox).where(Outbox.fanned_at.is_(None)).order_by(Outbox.id).limit(BATCH)
    made: list[tuple[int, str]] = []
    for row in db.scalars(waiting.with_for_update(skip_locked=True)).all():
        row.fanned_at = now
        for name in by_topic.get(row.topic, ()):
            db.add(Delivery(outbox_id=row.id, reader=name, next_at=now + REPUBLISH_AFTER))
            made.append((row.id, name))
    return made


def overdue(db: Session, now: datetime) -> list[tuple[int, str]]:
    """Deliveries not done in time, to publish again; each is left alone for another 15 s."""
    undone = (
        select(Delivery)
        .where(Delivery.done_at.is_(None), Delivery.failed_at.is_(None), Delivery.next_at <= now)
        .order_by(Delivery.next_at, Delivery.outbox_id, Delivery.reader)
        .limit(BATCH)
    )
    again = db.scalars(undone.with_for_update(skip_locked=True)).all()
    for delivery in again:
        delivery.next_at = now + REPUBLISH_AFTER
    return [(delivery.outbox_id, delivery.reader) for delivery in again]


def deliver(database: Database, readers: Sequence[Reader], outbox_id: int, name: str) -> None:
    """Run one reader on one event unless that was done; a failure is kept and tried again, ten times."""
    log.fresh(outbox=outbox_id, reader=name)
    reader = next(reader for reader in readers if reader.name == name)
    try:
        with database.reading() as db:  # a backlog is published again and again: seeing that takes no lock
            if not _waits(db.get(Delivery, (outbox_id, name))):
                return
            payload = db.get_one(Outbox, outbox_id).payload
        if reader.prepare is not None:
            payload = {**payload, **reader.prepare(database, payload)}

        def effect(db: Session) -> None:
            delivery = db.get(Delivery, (outbox_id, name), with_for_update=True)
            if delivery is not None and _waits(delivery):
                reader.handle(db, payload)
                delivery.done_at = clock.now()

        database.write(effect)
    except Exception as error:
        logger.exception("delivery failed")
        said = f"{type(error).__name__}: {error}"[:500]
        database.write(lambda db: _keep_failure(db, outbox_id, name, said))


def _waits(delivery: Delivery | None) -> bool:
    return delivery is not None and delivery.done_at is None and delivery.failed_at is None


def _keep_failure(db: Session, outbox_id: int, name: str, said: str) -> None:
    now = clock.now()
    delivery = db.get_one(Delivery, (outbox_id, name), with_for_update=True)
    delivery.tries += 1
    delivery.error = said
    delivery.next_at = now + min(REPUBLISH_AFTER * 2**delivery.tries, LONGEST_PAUSE)
    if delivery.tries >= TRIES:
        delivery.failed_at = now


@dataclass(frozen=True, slots=True)
class Failed:
    """An effect that ten tries did not bring about."""

    topic: str
    reader: str
    asked_at: datetime
    failed_at: datetime
    error: str


def given_up(db: Session) -> list[Failed]:
    """What needs somebody to look at it, the oldest first."""
    query = (
        select(Outbox.topic, Outbox.created_at, Delivery.reader, Delivery.failed_at, Delivery.error)
        .join(Delivery, Delivery.outbox_id == Outbox.id)
        .where(Delivery.failed_at.is_not(None))
        .order_by(Delivery.failed_at, Delivery.outbox_id, Delivery.reader)
        .limit(BATCH)
    )
    return [
        Failed(row.topic, row.reader, row.created_at, row.failed_at, row.error or "")
        for row in db.execute(query)
    ]


def retry_failed(db: Session) -> int:
    """Give every failed delivery ten more tries; returns how many."""
    again = (
        update(Delivery)
        .where(Delivery.failed_at.is_not(None))
        .values(failed_at=None, tries=0, next_at=clock.now())
    )
    return int(getattr(db.execute(again), "rowcount", 0))


def lag(db: Session) -> datetime | None:
    """When the oldest effect still outstanding was asked for; None where nothing waits."""
    waiting = select(func.min(Outbox.created_at)).where(Outbox.fanned_at.is_(None))
    undone = (
        select(func.min(Outbox.created_at))
        .join(Delivery)
        .where(Delivery.done_at.is_(None), Delivery.failed_at.is_(None))
    )
    moments = [moment for moment in (db.scalar(waiting), db.scalar(undone)) if moment is not None]
    return min(moments, default=None)


def last_told(db: Session, topic: str) -> datetime | None:
    """When *topic* was emitted last."""
    return db.scalar(select(func.max(Outbox.created_at)).where(Outbox.topic == topic))


def failed(db: Session) -> list[str]:
    """Invariant: no effect was given up."""
    rows = db.scalars(
        select(Delivery).where(Delivery.failed_at.is_not(None)).order_by(Delivery.outbox_id, Delivery.reader)
    )
    return [f"outbox {row.outbox_id} {row.reader}: {row.error}" for row in rows]


INVARIANTS = (("every effect was delivered", failed),)
