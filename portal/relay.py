"""The relay: carries the outbox to the broker and is the only scheduler."""

import contextlib
import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event

import redis
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from foundation import clock, log, outbox
from foundation.db import Database
from foundation.settings import Settings

LOCK = 20220907
POLL_SECONDS = 1.0
LONG_QUEUE = 100
BROKER_SECONDS = 3
WAKE = "portal.wake"

logger = log.get(__name__)
Publish = Callable[[int, str], None]
Wait = Callable[[float], None]
Queued = Callable[[], int]


def run(
    database: Database,
    readers: Sequence[outbox.Reader],
    publish: Publish,
    wait: Wait,
    stop: Event,
    queued: Queued = lambda: 0,
) -> None:
    """Carry until *stop*; a second relay stands by until the first one's lock is free."""
    while not stop.is_set():
        with _alone(database) as leads:
            while leads() and not stop.is_set():
                carry(database, readers, publish, queued)
                wait(POLL_SECONDS)
        stop.wait(POLL_SECONDS)


def carry(
    database: Database, readers: Sequence[outbox.Reader], publish: Publish, queued: Queued = lambda: 0
) -> int:
    """One round: the minute, what is new, what is overdue; returns how many deliveries were published.

    While much is *queued* at the broker, nothing is published again: it is late, not lost.
    """
    now = clock.now()
    database.write(lambda db: tick(db, now))
    due = database.write(lambda db: outbox.fan_out(db, readers, now))
    if queued() + len(due) < LONG_QUEUE:
        due += database.write(lambda db: outbox.overdue(db, now))
    for published, (outbox_id, reader) in enumerate(due):
        try:
            publish(outbox_id, reader)
        except Exception as error:
            # the deliveries stay undone in the database: they are published again when the broker is back
            logger.warning("broker unreachable", error=type(error).__name__, left=len(due) - published)
            return published
    return len(due)


def tick(db: Session, now: datetime) -> None:
    """Tell the minute once, whoever else does."""
    minute = now.replace(second=0, microsecond=0).isoformat()
    outbox.emit_once(db, outbox.MINUTE, {"at": now.isoformat()}, key=f"{outbox.MINUTE} {minute}")


@contextmanager
def _alone(database: Database) -> Iterator[Callable[[], bool]]:
    """Says, as often as it is asked, whether this process is the only relay of the database."""
    if database.is_sqlite:
        path = Path(database.url.removeprefix("sqlite:///") + ".relay")
        with path.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield lambda: False
            else:
                yield lambda: True
        return
    with database.engine.connect() as connection:
        leads = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}))
        connection.commit()
        try:
            yield lambda: leads and _stands(connection)
        finally:
            if leads and _stands(connection):
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
                connection.commit()


def _stands(connection: Connection) -> bool:
    """Whether the *connection* is still there, and the lock with it: a database that restarts drops both."""
    if connection.invalidated:  # asked again it would connect anew, without the lock
        return False
    try:
        connection.execute(text("SELECT 1"))
        connection.commit()
    except DBAPIError:
        connection.invalidate()
        return False
    return True


def nudge(settings: Settings) -> Callable[[], None]:
    """How a commit wakes the relay: a hint on the broker, given up at once where it does not answer."""
    hint = client(settings)

    def wake() -> None:
        with contextlib.suppress(redis.RedisError):  # the relay polls anyway
            hint.lpush(WAKE, 1)
            hint.ltrim(WAKE, 0, 0)

    return wake


def client(settings: Settings) -> redis.Redis:
    """The broker, spoken to directly."""
    address = settings.broker_url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    return redis.Redis.from_url(address, socket_timeout=BROKER_SECONDS, socket_connect_timeout=1)
