"""A hundred hostile names on everybody's pages, in a real browser: no script runs, no policy is violated."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tests.access import cells, hostile
from tests.access.cells import Caller, Row
from tests.access.conftest import Portal, portal_on
from tests.access.hostile import Names
from tests.access.malformed import WRITERS
from tests.e2e.people import Person
from tests.e2e.stage import new_context
from tests.factories.hostile_names import NAMES
from tests.support.databases import Source

# here one page in so many, in `./run accept` each as everybody sees it
EVERY = 1 if os.environ.get("HOSTILE_ROUNDS") else 6
NO_PAGES = ("/api/", "/static/", "/healthz", "/timings.json", "/payouts/batches/<number>/treasury")
FILES = (".ics", ".atom", "/files/<key>")


@pytest.fixture
def portal(database_source: Callable[[str], Source], tmp_path: Path) -> Iterator[Portal]:
    """The world full of hostile names."""
    for plain in portal_on(database_source("sqlite"), tmp_path / "files"):
        yield hostile.filled(plain, tmp_path / "hostile.db", Names(together=10))


@pytest.fixture
def served(portal: Portal) -> Iterator[str]:
    """Where it is served."""
    server = make_server("127.0.0.1", 0, portal.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _pages(row: Row) -> list[str]:
    if row.method != "GET" or row.route.startswith(NO_PAGES) or row.route.endswith(FILES):
        return []
    return [name for name in WRITERS if row.cells[name] == "200"][: 1 if EVERY > 1 else None]


def test_nothing_runs_and_nothing_is_reported(browser: Browser, portal: Portal, served: str) -> None:
    seen: set[str] = set()
    rows = [(row, who) for row in cells.read() for who in _pages(row)]
    for who in WRITERS:
        context = new_context(browser, served, 1280, 800)
        if cookie := Caller(portal.app, portal.world).heads[who].get("Cookie"):
            name, _, value = cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": served}])
        person = Person(context, who)
        for row, _ in [each for each in rows if each[1] == who][::EVERY]:
            answer = person.page.goto(row.path(portal.world))
            assert answer is not None
            assert answer.status == 200, row.route
            if person.page.locator("main").count():  # parts of pages have none
                text = person.text()
                seen |= {name for name in NAMES if name in text}
            assert person.page.evaluate("() => window.pwned") is None, row.route
        assert person.faults == []
        context.close()
    assert set(NAMES) - seen == set()
