"""Rows of a list become cases some at a time: one that fails holds up no other, many cost few looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from foundation import clock
from foundation.db import Database
from foundation.deadlines import queries as deadlines
from notices.services import Letter
from portal import invariants
from portal.window import events
from portal.window import queries as windows
from portal.window.lists import freezing, queries, services, settling
from portal.window.lists.services import Ruling
from portal.window.models import Case
from portal.window.rules import Stage
from portal.window.services import outcome
from tests.factories import city as factory
from tests.factories.city import City
from tests.integration.portal.window.conftest import READERS

AMOUNT_FEN = 8_000_000


def confirmed(database: Database, city: City, numbers: range, **more: Any) -> str:
    """A list of the firms of these numbers, all taken in and none settled yet."""
    item = f"LIST-{numbers.start}"
    with database.writing() as db:
        factory.take_items(db, factory.listed_item(item, item.lower(), **more))
        factory.take_firms(db, *factory.listed_firms(numbers, item.lower()))
        factory.open_pool(db, city, item, item, len(numbers) * AMOUNT_FEN)
    with database.writing() as db:
        number = freezing.freeze(db, city.clerk, item)
        services.hand_off(db, city.clerk, number)
        rulings = [Ruling(factory.credit_code(each), True, AMOUNT_FEN, "") for each in numbers]
        services.confirm(db, city.officer, number, rulings)
    return number


def cases(database: Database, city: City, number: str) -> dict[str, str]:
    with database.reading() as db:
        rows = queries.one(db, city.clerk, number, clock.now()).rows
    return {row.credit_code: row.case_number for row in rows}


@contextmanager
def looks(database: Database) -> Iterator[list[str]]:
    """The statements that read."""
    seen: list[str] = []

    def look(*given: Any) -> None:
        seen.extend([given[2]] if given[2].startswith("SELECT") else [])

    event.listen(database.engine, "before_cursor_execute", look)
    yield seen
    event.remove(database.engine, "before_cursor_execute", look)


def test_a_row_that_fails_holds_up_no_other(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, letter = factory.credit_code(2), settling.letter

    def fail(case: Case, *said: Any) -> Letter:
        if case.applicant_code == bad:
            raise ValueError("the firm cannot be told")
        return letter(case, *said)

    monkeypatch.setattr(settling, "letter", fail)
    number = confirmed(database, city, range(1, 4))
    factory.deliver(database, READERS)
    assert {code for code, case in cases(database, city, number).items() if not case} == {bad}

    monkeypatch.undo()
    with database.writing() as db:
        settling.settle(db, {"list": number, "rows": [1, 2, 3], "at": clock.now().isoformat()})
    assert sorted(cases(database, city, number).values()) == ["GY-2026-0001", "GY-2026-0002", "GY-2026-0003"]
    with database.reading() as db:
        broken = {name: rows for name, rows in invariants.check(db) if rows}
    assert broken == {}


def test_many_rows_need_no_more_looks_than_few(database: Database, city: City) -> None:
    needed = []
    for numbers in (range(1, 4), range(100, 120)):
        confirmed(database, city, numbers)
        with looks(database) as seen:
            factory.deliver(database, [each for each in READERS if each.topic == events.ROWS_RULED])
        needed.append(len(seen))
    assert needed[0] == needed[1]


def test_what_gives_no_money_waits_to_be_delivered(database: Database, city: City) -> None:
    number = confirmed(database, city, range(1, 3), outcome="relief")
    factory.deliver(database, READERS)
    first, second = cases(database, city, number).values()
    with database.writing() as db:
        assert deadlines.running(db, f"case:{first}") == {"payout"}
        given = {"what": "减免房租 3 个月", "document_number": "广产园〔2026〕7号"}
        outcome.deliver(db, city.officer, first, delivered_at=clock.now(), **given)
    with database.reading() as db:
        assert deadlines.running(db, f"case:{first}") == set()
        stages = [windows.case(db, city.clerk, each).stage for each in (first, second)]
        assert stages == [Stage.DELIVERED, Stage.APPROVED]
        assert [name for name, rows in invariants.check(db) if rows] == []
