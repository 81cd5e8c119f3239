"""What the database itself refuses, whoever asks: no code above it has to be right."""

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import make_transient

from foundation import numbering
from foundation.audit import AuditEvent
from foundation.db import Database
from notices.models import Notice
from portal.payouts.models import LedgerEntry, PaymentLine, Pool, PoolClaim
from portal.payouts.rules import LineState
from portal.window.models import Case
from portal.window.rules import Stage
from portal.window.services import acceptance
from tests.factories import city as factory
from tests.factories.city import City
from tests.integration.guards.conftest import approved, prepared


def test_a_pool_cannot_promise_more_than_it_holds(database: Database, city: City) -> None:
    with pytest.raises(IntegrityError, match="covered"), database.writing() as db:
        db.execute(update(Pool).values(reserved_fen=Pool.total_fen - Pool.paid_fen + 1))


def test_a_payment_has_one_live_attempt(database: Database, city: City) -> None:
    with database.writing() as db:
        prepared(db, city)
        line = db.scalars(select(PaymentLine)).one()
    make_transient(line)
    line.id, line.payment_id, line.attempt = None, "another", 2  # type: ignore[assignment]
    with pytest.raises(IntegrityError), database.writing() as db:
        db.add(line)


def test_nobody_confirms_a_payment_of_their_own(database: Database, city: City) -> None:
    with database.writing() as db:
        prepared(db, city)
    with pytest.raises(IntegrityError, match="four_eyes"), database.writing() as db:
        db.execute(update(PaymentLine).values(payer_id=PaymentLine.maker_id))


def test_a_payment_that_left_has_a_second_person_and_a_moment(database: Database, city: City) -> None:
    with database.writing() as db:
        prepared(db, city)
    with pytest.raises(IntegrityError, match="paid_by"), database.writing() as db:
        db.execute(update(PaymentLine).values(state=LineState.PAID))


def test_a_case_is_decided_once(database: Database, city: City) -> None:
    with database.writing() as db:
        approved(db, city)
        claim = db.scalars(select(PoolClaim)).one()
    make_transient(claim)
    claim.id = None  # type: ignore[assignment]
    with pytest.raises(IntegrityError), database.writing() as db:
        db.add(claim)


def test_a_firm_has_one_live_case_of_an_item(database: Database, city: City) -> None:
    with database.writing() as db:
        first = factory.submit(db, city)
        acceptance.withdraw(db, city.firm, first, "")
        factory.submit(db, city)
    with pytest.raises(IntegrityError), database.writing() as db:
        db.execute(update(Case).where(Case.number == first).values(stage=Stage.SUBMITTED))


def test_a_number_of_a_series_stands_on_one_paper(database: Database, city: City) -> None:
    with database.writing() as db:
        for item in (factory.ITEM, factory.OTHER_ITEM):
            acceptance.accept(db, city.clerk, factory.submit(db, city, item=item))
    with pytest.raises(IntegrityError), database.writing() as db:
        db.execute(update(Notice).values(serial=1))


@pytest.mark.parametrize("table", [AuditEvent, LedgerEntry])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_a_record_is_only_added_to(database: Database, city: City, table: type, act: str) -> None:
    column = table.act if table is AuditEvent else table.amount_fen
    statement = update(table).values({column: column}) if act == "update" else delete(table)
    with pytest.raises(DatabaseError, match="append-only"), database.writing() as db:
        db.execute(statement)


def test_a_look_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseError, match=r"(?i)read-?only"), database.reading() as db:
        numbering.take(db, "look", 2026)


def test_a_row_must_point_at_something(database: Database, city: City) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), database.writing() as db:
        db.execute(text("UPDATE pool SET organisation_id = 987654"))
