"""From application to rating with the real services and readers: figures are those of the record."""

from datetime import timedelta

import pytest

import foundation.deadlines.tasks
import portal.feedback.tasks
import portal.payouts.tasks
import portal.window.tasks
from foundation.db import Database
from notices import queries as notices
from portal import invariants
from portal.feedback import queries as feedback_queries
from portal.feedback import services as feedback
from portal.feedback.rules import Answer, Level
from portal.payouts import services as payouts
from portal.payouts.rules import FundSource
from portal.reports import queries
from portal.reports.queries import Totals
from portal.reports.rules import period_of
from portal.window.services import acceptance, review
from tests.conftest import Clock
from tests.factories import city as factory
from tests.factories.city import DEPARTMENT, City
from tests.support.pages import PortalClient

FEN = 6_200_000
READERS = (
    *portal.payouts.tasks.READERS,
    *portal.window.tasks.READERS,
    *foundation.deadlines.tasks.READERS,
    *portal.feedback.tasks.READERS,
)


@pytest.fixture
def paid(database: Database, city: City, clock: Clock) -> str:
    """A case that was paid a day after it was handed in; every effect has happened."""
    with database.writing() as db:
        number = factory.submit(db, city)
    for minutes, step in (
        (14, lambda db: acceptance.accept(db, city.clerk, number)),
        (20, lambda db: acceptance.hand_off(db, city.clerk, number, DEPARTMENT)),
        (
            10,
            lambda db: review.respond(db, city.officer, number, officer_name="李工", officer_phone="3263893"),
        ),
        (30, lambda db: review.review(db, city.officer, number, checked_fen=FEN, opinion="符合", reason="")),
        (60 * 24, lambda db: review.approve(db, city.head, number, decided_fen=FEN, reason="")),
    ):
        clock.advance(timedelta(minutes=minutes))
        database.write(step)
        factory.deliver(database, READERS)
    clock.advance(timedelta(minutes=30))
    _pay(database, city, clock, number)
    factory.deliver(database, READERS)
    return number


def _pay(database: Database, city: City, clock: Clock, number: str) -> None:
    with database.writing() as db:
        line = payouts.prepare_line(db, city.cashier, subject=f"case:{number}", source=FundSource.CITY)
    with database.writing() as db:
        payouts.pay(db, city.treasurer, payment_id=line, paid_at=clock.moment, bank_reference="回单 1")


def offences(database: Database) -> dict[str, list[str]]:
    with database.reading() as db:
        return {name: rows for name, rows in invariants.check(db) if rows}


def test_the_figures_are_those_of_the_record(database: Database, paid: str, clock: Clock) -> None:
    with database.reading() as db:
        board = queries.board(db, period_of("", clock.moment), clock.moment)
    assert [(each.limit.name, each.count, each.on_time, each.mean_text) for each in board.figures] == [
        ("acceptance", 1, 1, "14 分钟"),
        ("handoff", 1, 1, "20 分钟"),
        ("response", 1, 1, "10 分钟"),
        ("review", 1, 1, "1.1 个工作日"),
        ("payout", 1, 1, "30 分钟"),
    ]
    assert board.totals == Totals(1, 1, 1, FEN)
    assert board.overdue == {}
    assert offences(database) == {}


def test_the_case_is_followed_up_and_rated(database: Database, city: City, paid: str) -> None:
    with database.reading() as db:
        titles = [message.title for message in notices.inbox(db, city.firm).messages]
        assert [call.mine_to_call for call in feedback_queries.calls(db, city.clerk)] == [False]
    assert titles[0] == "钱到账了吗？办得满意吗？"

    database.write(
        lambda db: feedback.record_call(db, city.supervisor, paid, Answer.PROBLEM, "回单没有写用途")
    )
    database.write(lambda db: feedback.rate(db, city.firm, paid, Level.SATISFIED, "很快"))
    factory.deliver(database, READERS)
    assert offences(database) == {}


def test_anyone_finds_the_figures_in_the_portal(paid: str, client: PortalClient) -> None:
    words = client.page("/timings").words()
    assert "兑付金额6.2 万元" in words
    assert "样例机械" not in words
    assert client.get("/timings.json").get_json()["totals"]["paid"] == 1
