"""The world of the table, built once for each kind of database, and the portal on it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from foundation import clock as product_clock
from foundation.accounts import passwords
from foundation.db import Database
from foundation.settings import NO_RATES, Settings
from tests.access.cells import Caller, NothingKept
from tests.access.world import World, build
from tests.conftest import Clock
from tests.support.databases import Source


@dataclass(frozen=True, slots=True)
class Portal:
    """The application on the world; what is done to it does not last."""

    app: Flask
    world: World
    database: NothingKept

    def caller(self) -> Caller:
        """Somebody in every column."""
        return Caller(self.app, self.world)


def portal_on(source: Source, files: Path) -> Iterator[Portal]:
    """The world, built anew."""
    from portal.app import create_app  # here: collecting the tests does not pay for it

    before = product_clock.set_source(Clock())
    with source.copy() as url:
        settings = Settings(
            database_url=url,
            secret_key="only for tests",
            files=files,
            secure_cookies=False,
            second_factor=False,
            rates=NO_RATES,
        )
        database = Database(url)
        world = build(database, settings)
        database.close()
        product_clock.set_source(before)
        kept = NothingKept(url)
        app = create_app(settings, kept)
        app.testing = True
        app.config["WTF_CSRF_ENABLED"] = False  # the token has tests of its own
        yield Portal(app, world, kept)
        kept.close()


@pytest.fixture(autouse=True)
def _quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords hashed at once: what a hash costs is no business of these tests."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(scope="session")
def on_sqlite(
    database_source: Callable[[str], Source], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """On SQLite: every row."""
    yield from portal_on(database_source("sqlite"), tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="session")
def on_postgresql(
    database_source: Callable[[str], Source], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """On PostgreSQL: a sample."""
    yield from portal_on(database_source("postgresql"), tmp_path_factory.mktemp("files"))
