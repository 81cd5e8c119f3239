"""Two hosts are upgraded at the same moment: one migrates, the other waits and finds the work done."""

import os
import secrets
import subprocess
import sys

import pytest
from sqlalchemy import func, make_url, select, text

from foundation.db import Database
from portal.tables import metadata


@pytest.mark.parametrize("database_kind", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_two_migrations_at_once_make_one_database(database: Database) -> None:
    name = f"migrated_{secrets.token_hex(4)}"
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(database.url).set(database=name).render_as_string(hide_password=False)
    command = (sys.executable, "-m", "portal.cli", "migrate")
    environment = {**os.environ, "DATABASE_URL": url}
    both = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]

    ends = [(process.communicate(timeout=100)[1].decode(), process.returncode) for process in both]

    assert [code for _, code in ends] == [0, 0], ends
    made = Database(url)
    with made.reading() as db, database.reading() as usual:
        for table in ("organisation", "calendar_version", "redeem_mode"):
            counted = select(func.count()).select_from(metadata.tables[table])
            assert db.scalar(counted) == usual.scalar(counted)
    made.close()
