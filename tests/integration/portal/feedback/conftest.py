"""People with cases that ended, and a site with this room's pages alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

import foundation.accounts.views.room
import notices.views
import portal.feedback.redress.views
import portal.feedback.views
import portal.window.views.room
from foundation.db import Database
from foundation.files import FileStore
from foundation.settings import Settings
from foundation.web import pages
from foundation.web.access import Actor
from foundation.web.site import Site
from portal.feedback.tasks import READERS
from portal.window.rules import Stage
from tests.factories import ended_cases
from tests.factories.ended_cases import People
from tests.support.pages import PortalClient


@pytest.fixture
def who(database: Database) -> People:
    """The people of these tests."""
    with database.writing() as db:
        return ended_cases.people(db)


@pytest.fixture
def ended(database: Database, who: People) -> Callable[..., str]:
    """A case that came to its end, and was told to this room unless *told* is false; returns its number."""

    def make(serial: int = 1, stage: Stage = Stage.PAID, *, told: bool = True, **changes: object) -> str:
        with database.writing() as db:
            number = ended_cases.case(db, who, serial, stage, **changes).number or ""
        if told:
            with database.writing() as db:
                READERS[0].handle(db, {"case": number, "version": 2, "at": "2026-06-01T09:30:00+08:00"})
        return number

    return make


@pytest.fixture
def open_as(database: Database, tmp_path: Path) -> Callable[[Actor | None], PortalClient]:
    """A browser in which somebody is signed in."""

    def browser(actor: Actor | None) -> PortalClient:
        app = Flask("feedback_alone", static_folder=None)
        settings = Settings("", secret_key="only for tests", secure_cookies=False)
        rooms = (
            portal.feedback.views,
            portal.feedback.redress.views,
            portal.window.views.room,
            notices.views,
            foundation.accounts.views.room,
        )
        navigation = (*portal.feedback.views.NAVIGATION, *portal.feedback.redress.views.NAVIGATION)
        pages.init(app, Site(settings, database, FileStore(tmp_path), lambda db: actor, navigation))
        for room in rooms:
            app.register_blueprint(room.blueprint)
        app.testing = True
        return PortalClient(app, database)

    return browser


@pytest.fixture
def counted(database: Database) -> Callable[[Callable[[], object]], int]:
    """How many statements something sends to the database."""

    def count(work: Callable[[], object]) -> int:
        sent: list[str] = []

        def note(connection: object, cursor: object, statement: str, *_: object) -> None:
            sent.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            work()
        finally:
            event.remove(database.engine, "before_cursor_execute", note)
        return len(sent)

    return count
