"""People with cases, and a site with the public pages alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

import foundation.accounts.views.room
import portal.reports.views
from foundation.db import Database
from foundation.files import FileStore
from foundation.settings import Settings
from foundation.web import pages
from foundation.web.site import Site
from tests.factories import ended_cases
from tests.factories.ended_cases import People
from tests.support.pages import PortalClient


@pytest.fixture
def who(database: Database) -> People:
    """The people of these tests."""
    with database.writing() as db:
        return ended_cases.people(db)


@pytest.fixture
def visitor(database: Database, tmp_path: Path) -> PortalClient:
    """A browser in which nobody is signed in."""
    app = Flask("reports_alone", static_folder=None)
    settings = Settings("", secret_key="only for tests", secure_cookies=False)
    navigation = portal.reports.views.NAVIGATION
    pages.init(app, Site(settings, database, FileStore(tmp_path), lambda db: None, navigation))
    for room in (portal.reports.views, foundation.accounts.views.room):
        app.register_blueprint(room.blueprint)
    app.testing = True
    return PortalClient(app, database)


@pytest.fixture
def fetch(visitor: PortalClient) -> Callable[..., dict[str, object]]:
    """The figures for machines."""

    def get(month: str = "") -> dict[str, object]:
        answer = visitor.get(f"/timings.json?month={month}")
        assert answer.status_code == 200
        figures = answer.get_json()
        assert isinstance(figures, dict)
        return figures

    return get
