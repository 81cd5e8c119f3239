"""Silence about the account forfeits nothing: three reminders, then a call, and the money still waits."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from foundation import outbox
from foundation.db import Database
from notices.models import Message
from portal.window import queries as cases
from portal.window.lists import services
from portal.window.rules import Stage
from tests.conftest import Clock
from tests.factories.city import FIRM, WINDOW, City
from tests.integration.portal.window import test_lists


def titles(database: Database, recipient: str, words: str) -> list[str]:
    query = select(Message.key).where(Message.recipient_code == recipient, Message.title.contains(words))
    with database.reading() as db:
        return [key.rpartition(":")[2] for key in db.scalars(query.order_by(Message.id))]


def test_a_silent_firm_is_reminded_then_called_and_keeps_its_money(
    database: Database, city: City, clock: Clock, deliver: Callable[[], None]
) -> None:
    number = test_lists.confirmed(database, city)
    for _ in range(33):
        clock.advance(timedelta(days=1))
        for _ in range(2):  # the sweep comes round again: nothing is said twice
            with database.writing() as db:
                outbox.emit(db, outbox.MINUTE, {"at": clock.moment.isoformat()})
        deliver()
    assert titles(database, FIRM, "请确认收款账户") == ["10", "20", "27"]
    assert titles(database, WINDOW, "请打电话") == ["call"]
    assert titles(database, FIRM, "逾期") == []
    with database.reading() as db:
        assert cases.case(db, city.firm, number).stage is Stage.AWAITING_ACCOUNT
    with database.writing() as db:
        services.confirm_account(
            db, city.firm, number, name="样例机械有限公司", bank="样例银行", account_number="6222000011112222"
        )
    with database.reading() as db:
        assert cases.case(db, city.firm, number).stage is Stage.APPROVED
