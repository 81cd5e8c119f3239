"""The house as it stands: its routes, without any database behind them."""

import pytest
from flask import Flask

from foundation.db import Database
from foundation.settings import Settings
from portal.app import create_app


@pytest.fixture(scope="session")
def routes() -> Flask:
    """The application for questions about its routes; no request can be served."""
    url = "sqlite:////nowhere/portal.db"
    return create_app(Settings(database_url=url, secret_key="only for tests"), Database(url))
