"""Many at once: no number is missing or there twice, no pool is overspent, nobody is turned away."""

import random
import time
from collections import Counter

from sqlalchemy import func, select

from foundation import audit, clock, numbering
from foundation.db import Database
from foundation.numbering import Counter as Series
from portal.payouts import invariants, services
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
            claim = services.Claim(f"case:{worker}-{number}", FIRM, POOL, 2_000_000)
            made = database.write(lambda db, claim=claim: services.reserve(db, city.head, claim))
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


def test_who_looks_first_and_writes_later_waits_instead_of_failing(database: Database) -> None:
    def work(worker: int) -> None:
        for _ in range(5):
            with database.writing() as db:
                db.scalar(select(func.count()).select_from(Series))
                time.sleep(0.01)
                numbering.take(db, f"series {worker}", 2026)

    assert refusals(at_once(work, WORKERS)) == []


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
