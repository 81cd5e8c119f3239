"""Visitors without a session get kept pages: soon current, in their own size and theme, 304 if known."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from catalog import kept_pages
from catalog.kept_pages import KeptPages
from catalog.services import import_items
from foundation.db import Database
from tests.factories import city as cities


@pytest.fixture
def visitor(app: Flask, database: Database) -> FlaskClient:
    database.write(cities.found)
    app.wsgi_app = KeptPages(app.wsgi_app, database, app.config["SESSION_COOKIE_NAME"])  # type: ignore[method-assign]
    return app.test_client(use_cookies=False)


@pytest.fixture
def asked(database: Database) -> Iterator[list[str]]:
    """The statements that reach the database."""
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["/", "/items", f"/items/{cities.ITEM}"])
def test_a_page_takes_few_queries_and_none_again(visitor: FlaskClient, asked: list[str], path: str) -> None:
    first = visitor.get(path)
    looked = [each for each in asked if each.startswith("SELECT")]
    assert first.status_code == 200
    assert len(looked) <= 4 + 1, looked  # one tells whether something was published
    asked.clear()
    again = visitor.get(path)
    assert [each for each in asked if "item" in each] == []
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    known = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")


def test_a_publication_is_seen(
    visitor: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_pages, "FRESH_SECONDS", 0)
    path = f"/items/{cities.ITEM}"
    before = visitor.get(path)
    database.write(lambda db: import_items(db, None, [cities.item_row(title="换了名称的补贴")]))
    after = visitor.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "换了名称的补贴" in after.text


def test_everyone_gets_a_page_of_their_own_wishes(visitor: FlaskClient) -> None:
    plain = visitor.get("/")
    assert 'data-size="large"' not in plain.text
    assert 'data-size="large"' in visitor.get("/", headers={"Cookie": "size=large"}).text
    assert 'data-bs-theme="dark"' in visitor.get("/", headers={"Cookie": "x=1; theme=dark"}).text
    assert visitor.get("/").data == plain.data


def test_what_is_somebodys_own_is_not_kept(visitor: FlaskClient) -> None:
    for headers in ({"Cookie": "portal=abc"}, {"HX-Request": "true"}):
        assert "ETag" not in visitor.get("/", headers=headers).headers
    assert "ETag" not in visitor.get("/items/NONE").headers
    assert "ETag" not in visitor.get("/timings").headers
