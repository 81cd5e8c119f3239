"""Somebody at the window who issues papers, and a site with this room's pages alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

import foundation.accounts.views.room
import notices.views
from foundation.accounts.models import Person
from foundation.db import Database
from foundation.files import FileStore
from foundation.settings import Settings
from foundation.web import pages
from foundation.web.access import Actor
from foundation.web.site import Site
from notices import services
from notices.documents import Document
from notices.services import IssuedNotice
from notices.tasks import readers
from tests.factories.notices import BUREAU, FIRM, WINDOW, actor, at, handoff
from tests.support.pages import PortalClient

URL = "https://hq.example.gov.cn"
Issue = Callable[..., IssuedNotice]


@pytest.fixture
def clerk(database: Database) -> Actor:
    """The person at the window."""
    with database.writing() as db:
        person = Person(login="wangmin", name="王敏", created_at=at(2026, 1, 1, 9))
        db.add(person)
        db.flush()
        return actor(person_id=person.id)


@pytest.fixture
def issue(clerk: Actor) -> Issue:
    """Issue a paper in the session given: a 交办通知书 unless another document is given."""

    def issued(
        db: Session, document: Document | None = None, *, series: str = "广惠企交", subject: str = "case:1"
    ) -> IssuedNotice:
        return services.issue(
            db,
            clerk,
            document or handoff(),
            series=series,
            organisation=WINDOW,
            year=2026,
            subject=subject,
            readers=(BUREAU, FIRM),
            happened_at=at(2026, 6, 1, 9, 58),
        )

    return issued


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    """Where PDFs are kept."""
    return FileStore(tmp_path / "files")


@pytest.fixture
def deliver(database: Database, files: FileStore) -> Callable[[IssuedNotice], None]:
    """What the worker does with a paper that was issued."""

    def run(issued: IssuedNotice) -> None:
        payload = {"notice": issued.number}
        for reader in readers(files, URL):
            assert reader.prepare is not None
            prepared = reader.prepare(database, payload)
            with database.writing() as db:
                reader.handle(db, {**payload, **prepared})

    return run


@pytest.fixture
def open_as(database: Database, files: FileStore) -> Callable[[Actor | None], PortalClient]:
    """A browser in which somebody is signed in."""

    def browser(who: Actor | None) -> PortalClient:
        app = Flask("notices_alone", static_folder=None)
        settings = Settings("", secret_key="only for tests", secure_cookies=False)
        pages.init(
            app,
            Site(settings, database, files, lambda db: who, contexts=(notices.views.every_page,)),
        )
        for room in (notices.views, foundation.accounts.views.room):
            app.register_blueprint(room.blueprint)
        app.testing = True
        return PortalClient(app, database)

    return browser
