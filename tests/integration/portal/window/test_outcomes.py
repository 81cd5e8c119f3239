"""What ends without money: a benefit delivered, an application reported to the level above."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from foundation.db import Database
from foundation.deadlines import queries as deadlines
from foundation.errors import Conflict, Invalid, NotAllowed
from portal import invariants
from portal.feedback import queries as feedback
from portal.window import queries as cases
from portal.window.rules import Stage
from portal.window.services import outcome, review
from tests.conftest import Clock
from tests.factories import city as factory
from tests.factories.city import RELIEF_ITEM, UPPER_ITEM, City
from tests.support.pages import PortalClient


def reviewed(database: Database, city: City, item: str) -> str:
    with database.writing() as db:
        return factory.reviewed(db, city, item)


def running(database: Database, number: str) -> set[str]:
    with database.reading() as db:
        return set(deadlines.running(db, f"case:{number}"))


def test_a_relief_is_delivered_instead_of_paid(database: Database, city: City, clock: Clock) -> None:
    number = reviewed(database, city, RELIEF_ITEM)
    with database.writing() as db:
        review.approve(db, city.head, number, decided_fen=6_200_000, reason="")
    assert running(database, number) == {"payout"}
    with database.reading() as db:
        (clocks,) = deadlines.clocks(db, [f"case:{number}"], clock.moment).values()
        holder = next(
            each.holder
            for each in deadlines.ledger(db, f"case:{number}", clock.moment)
            if each.limit.name == "payout"
        )
    assert clocks
    assert "经济和信息化" in holder

    given = {"what": "减免房租 3 个月", "document_number": "广产园〔2026〕7号"}
    with pytest.raises(Invalid, match="晚于现在"), database.writing() as db:
        outcome.deliver(db, city.officer, number, delivered_at=clock.moment + timedelta(hours=1), **given)
    delivered = clock.advance(timedelta(hours=2))
    with database.writing() as db:
        outcome.deliver(db, city.officer, number, delivered_at=delivered, **given)
    assert running(database, number) == set()
    with database.reading() as db:
        found = cases.case(db, city.firm, number)
        assert found.stage is Stage.DELIVERED
        assert found.outcome is not None
        assert (found.outcome.what, found.outcome.happened_at) == ("减免房租 3 个月", delivered)
        assert feedback.own_case(db, city.firm, number).outcome == "已送达"
        assert [(name, rows) for name, rows in invariants.check(db) if rows] == []


def test_an_upper_item_is_reported_and_never_decided_or_paid_here(
    database: Database, city: City, clock: Clock
) -> None:
    number = reviewed(database, city, UPPER_ITEM)
    with pytest.raises(Conflict), database.writing() as db:
        review.approve(db, city.head, number, decided_fen=6_200_000, reason="")
    given = {"body": "省经济和信息化厅", "document_number": "广经信〔2026〕31号"}
    with pytest.raises(NotAllowed, match="另一个人"), database.writing() as db:
        outcome.report(db, city.officer, number, reported_at=clock.moment, **given)
    with database.writing() as db:
        outcome.report(db, city.head, number, reported_at=clock.moment, **given)
    assert running(database, number) == set()
    with database.reading() as db:
        assert deadlines.ledger(db, f"case:{number}", clock.moment)[-1].limit.name != "payout"
        found = cases.case(db, city.firm, number)
        assert found.stage is Stage.REPORTED
        assert found.outcome is not None
        assert found.outcome.what == "省经济和信息化厅"
        assert [(name, rows) for name, rows in invariants.check(db) if rows] == []


def test_the_pages_of_both_ends(
    database: Database, city: City, clock: Clock, signed_in: Callable[[str], PortalClient]
) -> None:
    relief, upper = (reviewed(database, city, item) for item in (RELIEF_ITEM, UPPER_ITEM))
    head, firm = signed_in("head"), signed_in("firm")
    at = f"{clock.moment:%Y-%m-%dT%H:%M}"
    head.submit(f"/cases/{relief}/decide", f"/cases/{relief}/approve", {"decided_fen": "62000"})
    head.submit(
        f"/cases/{relief}/deliver",
        f"/cases/{relief}/deliver",
        {"what": "减免房租 3 个月", "document_number": "广产园〔2026〕7号", "delivered_at": at},
    )
    assert "上报上级" in head.page(f"/cases/{upper}").text
    head.submit(
        f"/cases/{upper}/report",
        f"/cases/{upper}/report",
        {"body": "省经济和信息化厅", "document_number": "广经信〔2026〕31号", "reported_at": at},
    )
    assert "减免房租 3 个月" in firm.page(f"/cases/{relief}").text
    assert "省经济和信息化厅" in firm.page(f"/cases/{upper}").text
    mine = firm.page("/my/cases").text
    assert "已送达" in mine
    assert "已上报" in mine
    assert "2 件都已办结" in mine
