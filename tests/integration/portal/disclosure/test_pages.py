"""Personal values are shown in part; the whole is one act with a reason, on a record without the value."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from foundation import audit
from foundation.audit import AuditEvent, AuditPersonal
from foundation.db import Database
from portal.payouts.batches import services as batches
from portal.window.services import review
from tests.conftest import Clock
from tests.factories import city as factory
from tests.factories.city import City
from tests.support.pages import PortalClient

SignedIn = Callable[[str], PortalClient]
PHONE, NAME, ACCOUNT = "13800000000", "王会计", "6222000011112222"
REASON = {"reason": "电话通知补正"}


@pytest.fixture
def number(database: Database, city: City) -> str:
    """A case that was handed in."""
    with database.writing() as db:
        return factory.submit(db, city)


@pytest.fixture
def batch(database: Database, city: City) -> str:
    """A batch with one payment, released."""
    with database.writing() as db:
        case = factory.reviewed(db, city)
        review.approve(db, city.head, case, decided_fen=6_200_000, reason="")
        found = batches.prepare(db, city.cashier, pool_code=factory.POOL, group="")
        batches.release(db, city.treasurer, found)
    return found


def test_a_case_shows_a_part_and_its_own_firm_the_whole(signed_in: SignedIn, number: str) -> None:
    words = signed_in("clerk").page(f"/cases/{number}").words()
    assert "王**，138****0000" in words
    assert "尾号 2222" in words
    assert not any(value in words for value in (PHONE, NAME, ACCOUNT))
    assert f"{NAME}，{PHONE}" in signed_in("firm").page(f"/cases/{number}").words()
    supervisor = signed_in("supervisor").page(f"/cases/{number}").words()
    assert "138****0000" not in supervisor


def test_the_whole_is_told_to_who_says_why_for_ten_minutes(
    signed_in: SignedIn, number: str, database: Database, clock: Clock
) -> None:
    clerk, address = signed_in("clerk"), f"/disclosures/case-contact/{number}"
    assert PHONE not in clerk.page(address).text
    assert clerk.submit(address, data={"reason": "看"}).status_code == 422
    shown = clerk.submit(address, data=REASON).location
    words = clerk.page(shown).words()
    assert (NAME in words, PHONE in words) == (True, True)
    assert clerk.get(shown).headers["Cache-Control"] == "private, no-store"
    assert signed_in("county_clerk").get(shown).status_code == 404
    clock.advance(timedelta(minutes=10))
    assert clerk.get(shown).status_code == 404

    with database.reading() as db:
        line = db.scalars(select(AuditEvent).where(AuditEvent.act == "revealed")).one()
        beside = db.get_one(AuditPersonal, line.seq)
        assert line.facts == {"what": "case-contact", "of": number, "rows": 1}
        assert beside.values == REASON
        written = json.dumps([line.facts, beside.values], ensure_ascii=False)
        assert not any(value in written for value in (PHONE, NAME))
        assert audit.verify(db).whole


@pytest.mark.parametrize(
    ("who", "what", "status"),
    [
        ("officer", "case-contact", 404), ("stranger", "case-contact", 404),
        ("county_clerk", "case-contact", 404),
        ("cashier", "case-contact", 404), ("supervisor", "case-account", 404), ("clerk", "case-account", 200),
        ("firm", "case-contact", 403), ("admin", "case-contact", 404), ("clerk", "nothing", 404),
    ],
)  # fmt: skip
def test_only_whose_work_it_is_may_ask(
    signed_in: SignedIn, number: str, who: str, what: str, status: int
) -> None:
    assert signed_in(who).get(f"/disclosures/{what}/{number}").status_code == status


def test_the_treasury_file_needs_a_reason_and_its_rows_are_counted(
    signed_in: SignedIn, batch: str, database: Database, clock: Clock
) -> None:
    cashier, file = signed_in("cashier"), f"/payouts/batches/{batch}/treasury.csv"
    assert cashier.get(file).status_code == 403
    fetched = cashier.submit(f"/disclosures/treasury-csv/{batch}", data={"reason": "送国库支付"})
    assert ACCOUNT in cashier.get(fetched.location).get_data(as_text=True)
    assert cashier.get(fetched.location.replace("csv", "xlsx", 1)).status_code == 403
    assert signed_in("treasurer").get(fetched.location).status_code == 403
    with database.reading() as db:
        facts = db.scalars(select(AuditEvent.facts).where(AuditEvent.act == "exported")).one()
    assert facts == {"what": "treasury-csv", "of": batch, "rows": 1}
    clock.advance(timedelta(minutes=11))
    assert cashier.get(fetched.location).status_code == 403


def test_who_watches_sees_all_of_it_and_administrators_no_case(signed_in: SignedIn, number: str) -> None:
    assert "0 次" in signed_in("supervisor").page("/disclosures").words()
    signed_in("clerk").submit(f"/disclosures/case-contact/{number}", data=REASON)
    for who in ("supervisor", "auditor"):
        words = signed_in(who).page("/disclosures").words()
        assert "1 次" in words
        assert all(
            told in words for told in ("clerk（样例）", "办件的联系人和电话", number, REASON["reason"])
        )
    words = signed_in("secadm").page("/disclosures").words()
    assert "clerk（样例）" in words
    assert not any(told in words for told in (number, REASON["reason"]))
    assert signed_in("clerk").get("/disclosures").status_code == 403
