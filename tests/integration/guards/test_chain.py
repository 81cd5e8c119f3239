"""Whoever may change the database by hand is found out by the chain."""

import pytest
from sqlalchemy import text

from foundation import audit, clock
from foundation.db import Database
from tests.factories import city as factory
from tests.factories.city import City

HANDS = {
    "a fact": "UPDATE audit_event SET facts = '{}' WHERE seq = 5",
    "the actor": "UPDATE audit_event SET person_id = 1 WHERE seq = (SELECT max(seq) FROM audit_event)",
    "the hour": "UPDATE audit_event SET happened_at = '2020-01-01 00:00:00' WHERE seq = 3",
    "the version": "UPDATE audit_event SET version = 99 WHERE seq = 4",
    "a line gone": "DELETE FROM audit_event WHERE seq = 4",
    "the end cut off": "DELETE FROM audit_event WHERE seq = (SELECT max(seq) FROM audit_event)",
    "a personal value": 'UPDATE audit_personal SET "values" = \'{"name": "x"}\'',
}


def unlock(database: Database) -> None:
    """What only the owner of the database can do."""
    with database.writing() as db:
        if database.is_sqlite:
            db.execute(text("DROP TRIGGER audit_event_no_update"))
            db.execute(text("DROP TRIGGER audit_event_no_delete"))
        else:
            db.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))


@pytest.mark.parametrize("what", HANDS)
def test_a_change_by_hand_is_found(database: Database, city: City, what: str) -> None:
    with database.writing() as db:
        factory.reviewed(db, city)
        audit.record(
            db, "race:0", "done", actor=None, happened_at=clock.now(), facts={}, personal={"name": "y"}
        )
    with database.reading() as db:
        assert audit.verify(db).whole
        assert audit.broken(db) == []
    unlock(database)
    with database.writing() as db:
        if "max(seq)" in HANDS[what] and "DELETE" in HANDS[what]:
            db.execute(text("DELETE FROM audit_personal"))
        assert db.execute(text(HANDS[what])).rowcount >= 1  # type: ignore[attr-defined]
    with database.reading() as db:
        assert not audit.verify(db).whole
        assert len(audit.broken(db)) == 1
