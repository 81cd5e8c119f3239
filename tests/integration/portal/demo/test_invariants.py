"""What is broken between two rooms is named: each invariant of the house finds its own fault."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from foundation.db import Database
from portal import invariants
from portal.demo.home import Home

pytestmark = pytest.mark.sqlite

FAULTS = {
    "a case's version is the length of its timeline": (
        "UPDATE case_ SET version = version + 1 WHERE number = 'GY-2026-0001'",
        "case GY-2026-0001: version",
    ),
    "no case skipped a step": (
        "UPDATE case_ SET stage = 'approved' WHERE stage = 'reviewed'",
        "stands at approved, its acts lead to reviewed",
    ),
    "a case is paid when its claim is": (
        "UPDATE case_ SET stage = 'approved' WHERE stage = 'paid'",
        "approved, its claim paid",
    ),
    "every accepted case has a handoff clock": (
        "UPDATE case_ SET accepted_at = received_at WHERE stage = 'submitted'",
        "accepted without a handoff clock",
    ),
    "every effect is delivered once": (
        "INSERT INTO delivery (outbox_id, reader, tries, next_at) VALUES (999999, 'x', 0, '2026-06-01')",
        "outbox 999999 x: nothing was told",
    ),
}


def test_every_cross_room_invariant_has_a_fault_that_it_finds() -> None:
    assert FAULTS.keys() == {name for name, _ in invariants.INVARIANTS}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(name: str, home: Home, tmp_path: Path) -> None:
    statement, said = FAULTS[name]
    shutil.copyfile(home.database, tmp_path / "portal.db")
    with closing(sqlite3.connect(tmp_path / "portal.db")) as connection:
        assert connection.execute(statement).rowcount >= 1
        connection.commit()
    database = Database(f"sqlite:///{tmp_path / 'portal.db'}")
    with database.reading() as db:
        found = dict(invariants.check(db))
    database.close()
    assert any(said in row for row in found[name]), found[name]


def test_no_name_stands_twice() -> None:
    names = [name for name, _ in invariants.every()]
    assert len(names) == len(set(names))
