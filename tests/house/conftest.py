"""The house as it stands: its routes, without any database behind them."""

import pytest
from flask import Flask

from foundation.db import Database
from foundation.settings import Settings


@pytest.fixture(scope="session")
def routes() -> Flask:
    """The application for questions about its routes; no request can be served."""
    from portal.app import create_app  # here: most rules need no application

    url = "sqlite:////nowhere/portal.db"
    return create_app(Settings(database_url=url, secret_key="only for tests"), Database(url))
