"""Counters that all web processes share, in Valkey or in a table; in memory those of one process alone."""

import time
from collections import Counter
from datetime import datetime
from threading import Lock
from typing import Protocol

import redis
from sqlalchemy import Index, String, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation import clock
from foundation.db import Base, Database, Instant

LONGEST_KEY = 80
REST_SECONDS = 5.0
MOST_KEPT = 50_000  # keys in memory; more of them, and it starts anew


class CounterDown(Exception):
    """The counter does not answer."""


class Hits(Protocol):
    """Counts how often a key was hit until a moment."""

    def hit(self, key: str, until: datetime) -> int:
        """One more; how many it is now."""
        ...


class RateCount(Base):
    """How often somebody asked in one span of time; the key is a digest, rows go when their time is over."""

    __tablename__ = "rate_count"
    __table_args__ = (Index("ix_rate_count_until", "until"),)

    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    number: Mapped[int]
    until: Mapped[datetime] = mapped_column(Instant)


class InTable:
    """In the database, in a transaction of its own: a refusal is counted too."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def hit(self, key: str, until: datetime) -> int:
        return self.database.write(lambda db: _hit(db, key, until))


def _hit(db: Session, key: str, until: datetime) -> int:
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    more = {"number": RateCount.number + 1}
    first = insert(RateCount).values(key=key, number=1, until=until)
    number = db.scalars(
        first.on_conflict_do_update(index_elements=["key"], set_=more).returning(RateCount.number)
    ).one()
    if number == 1:
        db.execute(delete(RateCount).where(RateCount.until < clock.now()))
    return number


class InValkey:
    """In the broker's memory, gone with it; a broker that failed is left alone for some seconds."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client
        self.failed_at = -REST_SECONDS

    def hit(self, key: str, until: datetime) -> int:
        if time.monotonic() - self.failed_at < REST_SECONDS:
            raise CounterDown
        try:
            with self.client.pipeline() as pipe:
                pipe.incr(f"rate:{key}")
                pipe.expireat(f"rate:{key}", int(until.timestamp()) + 1)
                return int(pipe.execute()[0])
        except redis.RedisError as error:
            self.failed_at = time.monotonic()
            raise CounterDown from error


class Either:
    """The second where the first is down."""

    def __init__(self, first: Hits, second: Hits) -> None:
        self.first, self.second = first, second

    def hit(self, key: str, until: datetime) -> int:
        try:
            return self.first.hit(key, until)
        except CounterDown:
            return self.second.hit(key, until)


class InMemory:
    """Of this process alone: for looking, where there is no Valkey."""

    def __init__(self) -> None:
        self.numbers: Counter[str] = Counter()
        self.lock = Lock()

    def hit(self, key: str, until: datetime) -> int:
        with self.lock:
            if len(self.numbers) >= MOST_KEPT:
                self.numbers.clear()
            self.numbers[key] += 1
            return self.numbers[key]
