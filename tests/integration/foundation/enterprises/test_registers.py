"""What registers state goes before what others say, the later day before the earlier one."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from foundation.db import Database
from foundation.enterprises import registers
from foundation.enterprises.queries import history, profile
from foundation.enterprises.rules import Source
from foundation.enterprises.services import ImportResult, import_enterprises
from tests.factories.city import firm_row

CODE, FIELD = "91510802MAMTCWGT54", "tech_reform_equipment_wan"
State = Callable[..., ImportResult]


@pytest.fixture
def state(database: Database) -> State:
    """Have a register state facts about the one firm."""
    with database.writing() as db:
        firm = firm_row(CODE, "样例机械有限公司")
        assert import_enterprises(db, None, [json.dumps(firm)]).refused == ()

    def stated(*rows: dict[str, Any], **how: bool) -> ImportResult:
        whole = [{"uscc": CODE, "field": FIELD, "as_of": "2026-05-01"} | row for row in rows]
        with database.writing() as db:
            return registers.take(db, None, ["", *map(json.dumps, whole)], **how)

    return stated


def test_the_register_goes_before_the_file(state: State, database: Database) -> None:
    assert state({"value": 480}).taken == 1
    assert state({"value": 480}).unchanged == 1
    assert state({"value": 470, "as_of": "2026-04-01"}).unchanged == 1
    assert state({"value": 1}, {"value": 490, "as_of": "2026-05-20"}, dry_run=True).changed == 1
    assert state({"value": 1}, {"value": 490, "as_of": "2026-05-20"}).changed == 1

    with database.reading() as db:
        fact = profile(db, CODE).facts[FIELD]
        assert (fact.value, fact.source, fact.as_of.isoformat()) == (490, Source.REGISTER, "2026-05-20")
        assert [(one.value, one.source) for one in fact.others] == [(620, Source.IMPORT)]
        assert [line.value for line in history(db, CODE, FIELD)] == [490, 480, 620]


def test_what_is_no_fact_of_a_known_firm_is_refused(state: State, database: Database) -> None:
    wrong: list[dict[str, Any]] = [
        {"value": 1, "as_of": "2999-01-01"},
        {"value": 1, "as_of": "gestern"},
        {"value": 1, "uscc": "91510802MAMTCWGT55"},
        {"value": "x", "field": "name"},
        {"value": 1, "more": 2},
        {},
    ]
    assert [one.row for one in state({"value": 5}, *wrong).refused] == [3, 4, 5, 6, 7, 8]
    assert state({"value": 5}, *wrong, partial=True).taken == 1

    with database.reading() as db:
        assert profile(db, CODE).values[FIELD] == 5
