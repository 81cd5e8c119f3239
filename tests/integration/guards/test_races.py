"""Many at once: no number is missing or there twice, no pool is overspent, nobody is turned away."""

import random
import socket
import sqlite3
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

import foundation.db
from foundation import audit, clock, numbering
from foundation.db import BUSY_SECONDS, Database
from foundation.numbering import Counter as Series
from foundation.turns import Turns
from portal.payouts import invariants, reserving
from portal.payouts.models import Pool
from tests.factories.city import FIRM, POOL, City
from tests.integration.guards.conftest import at_once, refusals

WORKERS = 4


class _GivenUp(Exception):
    """The act ends in a refusal; everything it took goes back."""


def test_a_pool_is_never_overspent(database: Database, city: City) -> None:
    """4 x 20 claims of 2,000,000 on a pool of 100,000,000: fifty are covered, thirty wait."""

    def decide(worker: int) -> Counter[bool]:
        funded: Counter[bool] = Counter()
        for number in range(20):
            claim = reserving.Claim(f"case:{worker}-{number}", FIRM, POOL, 2_000_000)
            made = database.write(lambda db, claim=claim: reserving.reserve(db, city.head, claim))
            funded[made.funded] += 1
        return funded

    answers = at_once(decide, WORKERS)
    assert refusals(answers) == []
    assert sum((answer for answer in answers if isinstance(answer, Counter)), Counter()) == {
        True: 50,
        False: 30,
    }
    with database.reading() as db:
        pool = db.scalars(select(Pool).where(Pool.code == POOL)).one()
        assert (pool.reserved_fen, pool.total_fen) == (100_000_000, 100_000_000)
        assert [row for _, check in invariants.INVARIANTS for row in check(db)] == []


def test_numbers_have_no_gap_and_no_repeat_however_many_give_up(database: Database) -> None:
    def number_papers(worker: int) -> list[int]:
        dice, kept = random.Random(worker), []
        for _ in range(30):
            gives_up = dice.random() < 0.15
            try:
                with database.writing() as db:
                    number = numbering.take(db, "papers", 2026)
                    time.sleep(dice.uniform(0, 0.002))
                    if gives_up:
                        raise _GivenUp
                kept.append(number)
            except _GivenUp:
                pass
        return kept

    answers = at_once(number_papers, WORKERS)
    assert refusals(answers) == []
    numbers = sorted(number for kept in answers if isinstance(kept, list) for number in kept)
    assert numbers == list(range(1, len(numbers) + 1))
    with database.reading() as db:
        assert db.scalars(select(Series.last).where(Series.series == "papers")).one() == len(numbers)


def test_who_looks_first_and_writes_later_is_not_overtaken(database: Database) -> None:
    """A transaction that writes has SQLite's lock from its first moment, whatever program comes by."""

    def overtake() -> None:
        address = database.url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(address, timeout=0.1)) as other, suppress(sqlite3.OperationalError):
            other.execute("INSERT INTO counter (series, year, last) VALUES ('other', 2026, 1)")
            other.commit()

    with database.writing() as db:
        db.scalar(select(func.count()).select_from(Series))
        if database.is_sqlite:
            overtake()
        numbering.take(db, "mine", 2026)
    with database.reading() as db:
        assert db.scalars(select(Series.series)).all() == ["mine"]


def test_nobody_is_turned_away_however_many_write(database: Database) -> None:
    """SQLite alone lets newcomers go first; here everybody waits about as long."""

    def work(worker: int) -> float:
        longest = 0.0
        for _ in range(10):
            began = time.monotonic()
            with database.writing() as db:
                numbering.take(db, f"series {worker}", 2026)
                time.sleep(0.01)
            longest = max(longest, time.monotonic() - began)
        return longest

    waits = at_once(work, WORKERS)
    assert refusals(waits) == []
    assert max(wait for wait in waits if isinstance(wait, float)) < BUSY_SECONDS / 2


def test_a_place_in_the_queue_is_given_up_in_time(tmp_path: Path) -> None:
    """Whoever has waited too long goes on, and leaves the queue as if he had never stood in it."""
    turns, hasty = Turns(tmp_path / "turn", 10), Turns(tmp_path / "turn", 0.05)
    with turns.mine(), hasty.mine():
        pass
    began = time.monotonic()
    with turns.mine():
        assert time.monotonic() - began < 5


def test_everybody_finds_the_end_of_the_timeline(database: Database, city: City) -> None:
    def act(worker: int) -> None:
        for number in range(10):
            with database.writing() as db:
                facts = {"n": number}
                audit.record(
                    db, f"race:{worker}", "done", actor=city.clerk, happened_at=clock.now(), facts=facts
                )

    with database.reading() as db:
        before = audit.verify(db).lines
    assert refusals(at_once(act, WORKERS)) == []
    with database.reading() as db:
        chain = audit.verify(db)
        assert (chain.whole, chain.lines) == (True, before + 40)
        assert [line.version for line in audit.timeline(db, "race:0")] == list(range(1, 11))


def test_two_who_wait_for_each_other_both_get_through(database: Database, city: City) -> None:
    """Locks taken in opposite order: the database ends one transaction, and it is run again."""

    def both(worker: int) -> None:
        series = ("one", "two") if worker else ("two", "one")

        def work(db: object) -> None:
            for name in series:
                numbering.take(db, name, 2026)  # type: ignore[arg-type]
                time.sleep(0.2)

        database.write(work)

    assert refusals(at_once(both, 2)) == []
    with database.reading() as db:
        assert set(db.scalars(select(Series.last).where(Series.series.in_(["one", "two"])))) == {2}


def test_a_database_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(foundation.db.VANISHED, "connect_timeout", 2)  # the driver waits no shorter
    with socket.create_server(("127.0.0.1", 0)) as mute:
        gone = Database(f"postgresql+psycopg://portal@127.0.0.1:{mute.getsockname()[1]}/portal")
        began = time.monotonic()
        with pytest.raises(OperationalError, match="timeout"), gone.reading() as db:
            db.execute(text("SELECT 1"))
        gone.close()
    assert time.monotonic() - began < 10


def test_whoever_hangs_in_a_transaction_does_not_hold_up_the_house(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL; on SQLite a transaction ends with its process, which is on the same machine."""
    if database.is_sqlite:
        return
    monkeypatch.setattr(foundation.db, "HUNG_SECONDS", 1)
    hanging = Database(database.url)
    taken: list[int] = []

    def hang() -> None:
        with hanging.writing() as db:
            numbering.take(db, "papers", 2026)
            with database.writing() as other:
                other.execute(text("SET LOCAL lock_timeout = '8s'"))
                taken.append(numbering.take(other, "papers", 2026))

    with pytest.raises(DBAPIError):
        hang()
    hanging.close()
    assert taken == [1]
