"""A backup is a whole database at one moment, with its files; a restore finds what is missing."""

import os
import secrets
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select, text

from foundation import audit
from foundation.db import Database
from foundation.errors import Conflict, Invalid
from foundation.files import FileStore
from notices.models import Notice
from portal import backup
from portal.backup import ANCHOR, back_up
from portal.restore import restore
from portal.tables import metadata
from portal.window.services import acceptance
from tests.conftest import Clock
from tests.factories import city as factory
from tests.factories.city import DEPARTMENT, City
from tests.support.databases import postgresql_programs


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own programs, of the version that the tests' server has."""
    monkeypatch.setenv("PATH", f"{postgresql_programs()}{os.pathsep}{os.environ['PATH']}")


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


@pytest.fixture
def lived(database: Database, city: City, tmp_path: Path) -> FileStore:
    """A city with a case and the paper that was printed about it."""
    files = FileStore(tmp_path / "files")
    with database.writing() as db:
        number = factory.submit(db, city)
        acceptance.accept(db, city.clerk, number)
        acceptance.hand_off(db, city.clerk, number, DEPARTMENT)
    with database.writing() as db:
        papers = db.scalars(select(Notice)).all()
        for paper in papers:
            paper.pdf_key = files.put(f"paper {paper.id}".encode())
    return files


@pytest.fixture
def empty(database: Database, tmp_path: Path) -> str:
    """The address of a database in which nothing is."""
    if database.is_sqlite:
        return f"sqlite:///{tmp_path / 'new' / 'portal.db'}"
    name = f"restored_{secrets.token_hex(4)}"
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return make_url(database.url).set(database=name).render_as_string(hide_password=False)


@pytest.mark.usefixtures("programs")
def test_a_restored_city_is_the_same_city(
    database: Database, lived: FileStore, empty: str, tmp_path: Path
) -> None:
    back_up(database, lived.root, tmp_path / "kept")

    found = restore(empty, tmp_path / "files again", tmp_path / "kept")

    assert found.troubles == ()
    assert found.files >= 1
    restored = Database(empty)
    with database.reading() as before, restored.reading() as after:
        assert audit.verify(after) == audit.verify(before)
        for table in ("case_", "deadline", "notice", "pool", "delivery"):
            counted = select(func.count()).select_from(metadata.tables[table])
            assert after.scalar(counted) == before.scalar(counted)
    restored.close()
    with pytest.raises(Conflict, match="已经有数据"):
        restore(empty, tmp_path / "files again", tmp_path / "kept")


@pytest.mark.usefixtures("programs")
def test_what_a_backup_lacks_is_told(
    database: Database, lived: FileStore, empty: str, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    made = back_up(database, lived.root, kept)
    lost, spoilt = sorted((kept / "files").glob("??/*"))[:2]
    lost.unlink()
    spoilt.write_bytes(b"something else")
    anchor = made.database.with_suffix(ANCHOR)
    anchor.write_text(anchor.read_text().replace('"head": "', '"head": "0'))

    troubles = restore(empty, tmp_path / "files again", kept).troubles

    assert f"缺文件 {lost.name}" in troubles
    assert f"文件损坏 {spoilt.name}" in troubles
    assert any("和备份时记下的不同" in trouble for trouble in troubles)


def test_nothing_is_restored_from_an_empty_folder(database: Database, empty: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="没有备份"):
        restore(empty, tmp_path / "files", tmp_path)


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a pg_dump was told that then fails, having written half of its file."""
    program = tmp_path / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\necho "$@ PGPASSWORD=$PGPASSWORD" >{tmp_path}/said\n'
        'for word in "$@"; do case $word in --file=*) echo half >"${word#--file=}" ;; esac; done\nexit 1\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "said"


def test_the_password_comes_to_postgresqls_programs_and_to_nobody_else(said: Path) -> None:
    with pytest.raises(Conflict):
        backup.postgresql(
            "postgresql+psycopg://portal:s%40me@database:5433/portal?sslmode=require", "pg_dump"
        )
    assert said.read_text() == (
        "--dbname=postgresql://portal@database:5433/portal?sslmode=require PGPASSWORD=s@me\n"
    )


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize("database_kind", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_a_backup_that_fails_leaves_nothing(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="pg_dump 没有成功"):
        back_up(database, tmp_path / "files", tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []
