"""The operator's guide alone takes a city with two counties from an empty database to its first paid case."""

import os
import re
import secrets
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest
import structlog
from sqlalchemy import make_url, select, text

from foundation import clock
from foundation.db import Database
from foundation.settings import Settings
from portal import cli, worker
from portal.app import create_app
from portal.invariants import check
from portal.window.models import Case
from tests.factories import city as factory
from tests.support.databases import postgresql_programs
from tests.support.guide import Guide, Row, follow
from tests.support.pages import PortalClient

GUIDE = Guide(Path("docs/operator.zh-CN.md").absolute().read_text("utf-8"))
OWN_PASSWORD = "mima-{}-2026-yangli"
HERE = re.compile(r"^cat > (\S+) <<'END'\n(.*?)^END\n", re.MULTILINE | re.DOTALL)
PASSWORD = re.compile(r"一次性密码：\s*([\w-]+)")


@pytest.fixture
def empty(database: Database) -> str:
    """The address of a database in which nothing is."""
    name = f"city_{secrets.token_hex(4)}"
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return make_url(database.url).set(database=name).render_as_string(hide_password=False)


class Staff:
    """Everybody whom the guide names, each with a browser, a password and a telephone."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.app = create_app(settings, database)
        self.app.testing = True
        self.database = database
        self.one_time: dict[str, str] = {}
        self.browsers: dict[str, PortalClient] = {}

    def __call__(self, row: Row) -> PortalClient:
        """The browser of whoever does *row*; signed in as section 4 of the guide says."""
        if row.who not in self.browsers:
            self.browsers[row.who] = browser = PortalClient(self.app, self.database)
            if not row.visitor:
                self._first_sign_in(browser, row.who)
        return self.browsers[row.who]

    def _first_sign_in(self, browser: PortalClient, login: str) -> None:
        given = {"login": login, "password": self.one_time[login]}
        assert browser.submit("/sign-in", "/sign-in", given).location == "/sign-in/enrol"
        secret = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", browser.page("/sign-in/enrol").words())
        assert secret
        code = pyotp.TOTP(secret[0].replace(" ", "")).at(clock.now())
        enrolled = browser.submit("/sign-in/enrol", "/sign-in/enrol", {"code": code, "kept": "yes"})
        assert enrolled.location == "/sign-in/new-password"
        own = OWN_PASSWORD.format(secrets.token_hex(4))
        chosen = {"password": own, "again": own}
        assert browser.submit("/sign-in/new-password", "/sign-in/new-password", chosen).status_code == 303


def _type(block: str, environment: dict[str, str], said: Callable[[], str]) -> str:
    """Do a block line by line, as a shell would; what `portal` said to standard output."""
    for name, content in HERE.findall(block):
        Path(name).write_text(content, "utf-8")
    told = []
    for line in HERE.sub("", block).splitlines():
        program, *arguments = shlex.split(line) or [""]
        if program:
            assert program == "portal", line
            code = cli.run(arguments, environment)
            told.append(said())
            assert code == 0, f"{line}: {told}"
    return "".join(told)


@pytest.mark.parametrize("database_kind", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_the_guide_alone_takes_a_city_to_its_first_payment(
    empty: str,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{postgresql_programs()}{os.pathsep}{os.environ['PATH']}")
    settings = replace(settings, database_url=empty, second_factor=True)
    environment = {"DATABASE_URL": empty, "FILES_DIR": str(settings.files)}
    database = Database(empty)
    staff, readers = Staff(settings, database), worker.readers(settings)
    try:
        for part in GUIDE.parts():
            if isinstance(part, Row):
                browser = staff(part)
                follow(browser, part)
                if told := PASSWORD.search(browser.last.words() if browser.last else ""):
                    staff.one_time[part.fields["账号"]] = told[1]
                factory.deliver(database, readers)
            else:
                _learn(staff, part, _type(part, environment, lambda: capsys.readouterr().out))
        with database.reading() as db:
            assert db.scalars(select(Case.stage)).all() == ["paid"]
            assert db.scalars(select(Case.decided_fen)).all() == [6_200_000]
            assert [(name, rows) for name, rows in check(db) if rows] == []
    finally:
        database.close()
        structlog.reset_defaults()  # the logger would keep writing to what this test captured


def _learn(staff: Staff, block: str, said: str) -> None:
    """The passwords that the commands of *block* told, in their order."""
    logins = re.findall(r"people add --login (\w+)", block)
    staff.one_time.update(zip(logins, PASSWORD.findall(said), strict=True))
