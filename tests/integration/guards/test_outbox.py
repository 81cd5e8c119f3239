"""An effect happens if and only if its act was committed, and then once, whatever dies in between."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from foundation import numbering, outbox
from foundation.db import Database
from foundation.numbering import Counter
from foundation.outbox import Delivery, Outbox, Payload, Reader
from portal import invariants, relay
from tests.conftest import Clock
from tests.factories import city as factory
from tests.integration.guards.conftest import at_once, refusals

TOPIC, NAME = "guards.happened", "guards.count"
PATIENCE = 20.0


class Killed(BaseException):
    """The process is gone; nobody handles it."""


def count(db: Session, payload: Payload) -> None:
    """An effect that is seen when it happens twice."""
    numbering.take(db, "effects", 2026)


def effects(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(Counter.last).where(Counter.series == "effects")) or 0


def asked_for(database: Database, readers: list[Reader]) -> int:
    """One event, fanned out; its id."""
    with database.writing() as db:
        outbox.emit(db, TOPIC, {})
    with database.writing() as db:
        return outbox.fan_out(db, readers, outbox.clock.now())[0][0]


def until(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def test_what_is_rolled_back_was_never_told(database: Database) -> None:
    def work(db: Session) -> None:
        outbox.emit(db, TOPIC, {})
        raise Killed

    with pytest.raises(Killed):
        database.write(work)
    with database.reading() as db:
        assert db.scalars(select(Outbox)).all() == []


def test_death_between_effect_and_mark_leaves_neither(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = [Reader(TOPIC, NAME, count)]
    outbox_id = asked_for(database, readers)

    def dies() -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(outbox.clock, "now", dies)
        with pytest.raises(Killed):
            outbox.deliver(database, readers, outbox_id, NAME)
    assert effects(database) == 0
    outbox.deliver(database, readers, outbox_id, NAME)
    assert effects(database) == 1


def test_delivered_twice_at_once_it_happens_once(database: Database) -> None:
    def slow(db: Session, payload: Payload) -> None:
        time.sleep(0.3)
        count(db, payload)

    readers = [Reader(TOPIC, NAME, slow)]
    outbox_id = asked_for(database, readers)
    assert refusals(at_once(lambda _: outbox.deliver(database, readers, outbox_id, NAME), 2)) == []
    assert effects(database) == 1


def test_delivered_again_later_it_has_no_effect(database: Database) -> None:
    readers = [Reader(TOPIC, NAME, count)]
    outbox_id = asked_for(database, readers)
    for _ in range(3):
        outbox.deliver(database, readers, outbox_id, NAME)
    assert effects(database) == 1


def test_what_is_slow_holds_no_lock(database: Database) -> None:
    """While a reader prepares, others write."""

    def prepare(own: Database, payload: Payload) -> Payload:
        assert own.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        with database.writing() as other:
            numbering.take(other, "meanwhile", 2026)
        return {"made": "paper"}

    kept: list[Payload] = []
    readers = [Reader(TOPIC, NAME, lambda db, payload: kept.append(payload), prepare=prepare)]
    outbox.deliver(database, readers, asked_for(database, readers), NAME)
    assert kept == [{"made": "paper"}]


def test_ten_failures_are_shown_to_whoever_looks(database: Database, clock: Clock) -> None:
    def fails(db: Session, payload: Payload) -> None:
        count(db, payload)
        raise ValueError("no paper")

    readers = [Reader(TOPIC, NAME, fails)]
    asked_for(database, readers)
    for _ in range(outbox.TRIES + 3):
        clock.advance(timedelta(hours=1))
        factory.deliver(database, readers)
    assert effects(database) == 0
    with database.reading() as db:
        found = dict(invariants.check(db))["every effect was delivered"]
        assert db.scalars(select(Delivery.tries)).one() == outbox.TRIES
    assert len(found) == 1
    assert found[0].endswith("guards.count: ValueError: no paper")

    with database.writing() as db:
        assert outbox.retry_failed(db) == 1
    factory.deliver(database, [Reader(TOPIC, NAME, count)])
    assert effects(database) == 1


def test_what_the_broker_lost_is_published_again(database: Database, clock: Clock) -> None:
    readers = [Reader(TOPIC, NAME, count)]
    published: list[tuple[int, str]] = []

    def lose(outbox_id: int, name: str) -> None:
        published.append((outbox_id, name))
        raise ConnectionError

    with database.writing() as db:
        outbox.emit(db, TOPIC, {})
    assert relay.carry(database, readers, lose) == 0
    clock.advance(timedelta(seconds=14))
    assert relay.carry(database, readers, lose) == 0
    assert len(published) == 1
    clock.advance(timedelta(seconds=1))
    factory.deliver(database, readers)
    assert effects(database) == 1


def test_what_waits_in_a_long_queue_is_not_queued_again(database: Database, clock: Clock) -> None:
    readers = [Reader(TOPIC, NAME, count)]
    published: list[int] = []

    def publish(outbox_id: int, name: str) -> None:
        published.append(outbox_id)

    with database.writing() as db:
        outbox.emit(db, TOPIC, {})
    relay.carry(database, readers, publish)
    for _ in range(3):
        clock.advance(timedelta(seconds=20))
        relay.carry(database, readers, publish, lambda: relay.LONG_QUEUE)
    assert len(published) == 1
    relay.carry(database, readers, publish, lambda: 0)
    assert len(published) == 2


def test_the_minute_is_told_once_by_however_many(database: Database, clock: Clock) -> None:
    assert refusals(at_once(lambda _: database.write(lambda db: relay.tick(db, clock.moment)), 4)) == []
    with database.writing() as db:
        relay.tick(db, clock.advance(timedelta(seconds=59)))
    with database.reading() as db:
        assert len(db.scalars(select(Outbox).where(Outbox.topic == outbox.MINUTE)).all()) == 1


@contextmanager
def two_relays(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[list[int], list[Event]]]:
    """Number 0 leads, 1 came after it; the numbers of those that carried, and how each is stopped."""
    monkeypatch.setattr(relay, "POLL_SECONDS", 0.02)
    carrying: list[int] = []
    stops = [Event(), Event()]

    def run(number: int) -> None:
        def wait(seconds: float) -> None:  # whoever leads comes here after each round
            carrying.append(number)
            stops[number].wait(seconds)

        relay.run(database, [], lambda *_: None, wait, stops[number])

    threads: list[Any] = [Thread(target=run, args=(number,)) for number in (0, 1)]
    try:
        threads[0].start()
        until(lambda: 0 in carrying)
        threads[1].start()
        yield carrying, stops
    finally:
        for stop in stops:
            stop.set()
        for thread in threads:
            if thread.ident:
                thread.join()


def test_the_second_relay_stands_by_until_the_first_is_gone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with two_relays(database, monkeypatch) as (carrying, stops):
        time.sleep(0.3)
        assert set(carrying) == {0}
        stops[0].set()
        until(lambda: 1 in carrying)


@pytest.mark.parametrize("database_kind", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_one_relay_leads_after_the_database_has_forgotten_both(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = :lock AND granted"
    with two_relays(database, monkeypatch) as (carrying, _), database.engine.connect() as operator:
        for _round in range(3):
            operator.execute(
                text(f"SELECT pg_terminate_backend(pid) FROM ({held}) AS holder"), {"lock": relay.LOCK}
            )
            operator.commit()
            carrying.clear()
            until(lambda: len(carrying) > 5)
            time.sleep(0.1)
            carrying.clear()
            until(lambda: len(carrying) > 5)
            assert len(set(carrying)) == 1
