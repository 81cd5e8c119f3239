"""The web application on a database of the test's own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from foundation.db import Database
from foundation.settings import Settings
from tests.support.pages import PortalClient


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """As in production, but without TLS in front."""
    return Settings(
        database_url=database_url, secret_key="only for tests", files=tmp_path / "files", secure_cookies=False
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
