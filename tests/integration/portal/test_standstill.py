"""After two hours without relay the first round catches up: told once each, late as it was and not later."""

from foundation import outbox
from foundation.db import Database
from portal import relay
from portal.invariants import check
from tests.accept.outage import faults, live_through
from tests.conftest import Clock
from tests.factories import city as factory
from tests.factories.city import City
from tests.integration.portal.window.conftest import READERS


def test_a_morning_without_relay_is_told_as_it_was(database: Database, city: City, clock: Clock) -> None:
    morning = live_through(database, city, 6, clock.set)

    factory.deliver(database, READERS)

    with database.reading() as db:
        assert list(faults(db, morning)) == []
        assert outbox.lag(db) is None
        assert [name for name, rows in check(db) if rows] == []


def test_two_relays_at_once_double_nothing(database: Database, city: City) -> None:
    with database.writing() as db:
        factory.submit(db, city)
    told: list[tuple[int, str]] = []
    for _ in range(2):  # the second looks before anything of the first's was done
        relay.carry(database, READERS, lambda outbox_id, name: told.append((outbox_id, name)))
    assert len(told) == len(set(told))

    for outbox_id, name in (*told, *told):
        outbox.deliver(database, READERS, outbox_id, name)

    with database.reading() as db:
        assert [name for name, rows in check(db) if rows] == []
