"""The web application on a database of the test's own."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from foundation.accounts import services as accounts
from foundation.db import Database
from foundation.settings import NO_RATES, Settings
from tests.factories import city as factory
from tests.factories.city import City
from tests.support.pages import PortalClient

YEARS = timedelta(days=3650)


@pytest.fixture
def city(database: Database) -> City:
    """The city that the template of this test's database holds."""
    with database.reading() as db:
        return factory.inhabitants(db)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """As in production, but without TLS in front, and nobody is signed out while the clock is moved on.

    The second factor and the limits of how often one may ask have tests of their own.
    """
    return Settings(
        database_url=database_url,
        secret_key="only for tests",
        files=tmp_path / "files",
        secure_cookies=False,
        second_factor=False,
        staff_idle=YEARS,
        enterprise_idle=YEARS,
        rates=NO_RATES,
    )


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    """The portal as production builds it."""
    from portal.app import create_app  # here: tests below the pages do not pay for them

    app = create_app(settings, database)
    app.testing = True
    return app


@pytest.fixture
def browser(app: Flask, database: Database) -> Callable[[], PortalClient]:
    """A new browser with its own cookies: one for each person in a test."""
    return lambda: PortalClient(app, database)


@pytest.fixture
def client(browser: Callable[[], PortalClient]) -> PortalClient:
    """One browser, nobody signed in."""
    return browser()


@pytest.fixture
def signed_in(
    city: City, browser: Callable[[], PortalClient], database: Database
) -> Callable[[str], PortalClient]:
    """A new browser in which the named inhabitant of the city is signed in."""

    def come(name: str) -> PortalClient:
        token = database.write(lambda db: accounts.sign_in_sample(db, name))
        client = browser()
        with client.flask.session_transaction() as session:
            session["token"] = token
        return client

    return come
