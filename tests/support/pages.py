"""A browser without a screen: each page it receives must be a proper page, each GET must change nothing."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from foundation.db import Database

STATIC = Path(__file__).parents[2] / "foundation/web/static"
NEEDS_LABEL = {"input", "select", "textarea"}
SPEAKS_FOR_ITSELF = {"hidden", "submit", "button", "reset", "image"}


class Page:
    """A parsed page or fragment, with the questions that tests ask."""

    def __init__(self, text: str, path: str = "") -> None:
        self.text, self.path = text, path
        self.whole = text.lstrip()[:9].lower() == "<!doctype"
        parser = html5lib.HTMLParser(
            html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False
        )
        try:
            self.root: Element = parser.parse(text) if self.whole else parser.parseFragment(text)
        except html5lib.html5parser.ParseError as error:
            line, column = parser.errors[-1][0] if parser.errors else (0, 0)
            near = text.splitlines()[line - 1].strip() if line else ""
            raise AssertionError(
                f"{path}: not valid HTML5 at {line}:{column}: {error}\n{near[:300]}"
            ) from error

    def all(self, tag: str) -> list[Element]:
        """Every element named *tag*, in the order of the page."""
        return [element for element in self.root.iter() if element.tag == tag]

    def words(self, element: Element | None = None) -> str:
        """What a reader reads, with single spaces."""
        return " ".join("".join((self.root if element is None else element).itertext()).split())

    def faults(self) -> Iterator[str]:
        """What is wrong with it as a page of ours."""
        elements = [element for element in self.root.iter() if isinstance(element.tag, str)]
        ids = Counter(element.get("id") for element in elements if element.get("id"))
        yield from (f"the id {name} stands {times} times" for name, times in ids.items() if times > 1)
        if self.whole:
            if len(self.all("h1")) != 1:
                yield f"{len(self.all('h1'))} h1 instead of one"
            if not self.words(next(iter(self.all("title")), None)):
                yield "no title"
        yield from self._unlabelled(elements)
        yield from self._unprotected()
        yield from self._inline(elements)
        yield from self._missing_icons()

    def _unlabelled(self, elements: list[Element]) -> Iterator[str]:
        named = {label.get("for") for label in self.all("label")}
        inside = {id(child) for label in self.all("label") for child in label.iter()}
        for element in elements:
            if element.tag not in NEEDS_LABEL or element.get("type") in SPEAKS_FOR_ITSELF:
                continue
            if not (
                element.get("aria-label") or element.get("aria-labelledby") or element.get("title")
                or id(element) in inside or element.get("id") in named
            ):  # fmt: skip
                yield f"the {element.tag} {element.get('name')} has no label"

    def _unprotected(self) -> Iterator[str]:
        for form in self.all("form"):
            names = {field.get("name") for field in form.iter("input")}
            if (form.get("method") or "").lower() == "post" and "csrf_token" not in names:
                yield f"no csrf_token in the form to {form.get('action')}"

    def _inline(self, elements: list[Element]) -> Iterator[str]:
        for element in elements:
            if element.tag == "style" or (element.tag == "script" and not element.get("src")):
                yield f"an inline {element.tag}"
            if wrong := [name for name in element.attrib if name == "style" or str(name).startswith("on")]:
                yield f"an inline {wrong[0]} on a {element.tag}"

    def _missing_icons(self) -> Iterator[str]:
        used = set(re.findall(r'icons\.svg#([a-z0-9-]+)"', self.text))
        if used:
            there = set(re.findall(r'id="([a-z0-9-]+)"', (STATIC / "vendor/icons.svg").read_text("utf-8")))
            yield from (f"the sprite lacks the icon {name}" for name in sorted(used - there))


def check(text: str, path: str) -> Page:
    """*text* as a page; AssertionError names every fault."""
    page = Page(text, path)
    faults = list(page.faults())
    assert not faults, f"{path}: {'; '.join(faults)}"
    return page


@contextmanager
def only_looking(database: Database, path: str) -> Iterator[None]:
    """Whatever opens a writing transaction meanwhile is reported with *path*."""
    opened: list[str] = []

    def note(connection: Any) -> None:
        if connection.get_execution_options().get("writes"):
            opened.append(path)

    event.listen(database.engine, "begin", note)
    try:
        yield
    finally:
        event.remove(database.engine, "begin", note)
    assert not opened, f"GET {path} opened a writing transaction"


class PortalClient:
    """Flask's test client with our house rules; `page()` is the last page received."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.app, self.database = app, database
        self.flask = app.test_client()
        self.expects_breakdown = False
        self.last: Page | None = None

    def get(self, path: str, **options: Any) -> TestResponse:
        """Look at *path*: it must write nothing, and any HTML must be fit to show."""
        with only_looking(self.database, path):
            response = self.flask.get(path, **options)
            response.get_data()  # a streamed answer reads the database while it is sent
        return self._seen(response, path)

    def page(self, path: str, **options: Any) -> Page:
        """The page at *path*, which must be there."""
        response = self.get(path, **options)
        assert response.status_code == 200, f"GET {path} answered {response.status_code}"
        assert self.last is not None, f"GET {path} is not HTML"
        return self.last

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send exactly *data*; see `submit` for what a person does."""
        return self._seen(self.flask.post(path, data=data, **options), path)

    def submit(
        self, page_path: str, action: str | None = None, data: dict[str, Any] | None = None
    ) -> TestResponse:
        """Open the page, fill in its form (the one posting to *action*, or the only one in main); send it.

        Hidden fields and whatever is filled in already go along, as in a browser; *data* goes over them.
        """
        page = self.page(page_path)
        main = page.all("main")[0] if action is None and page.all("main") else page.root
        posts = [form for form in main.iter("form") if (form.get("method") or "").lower() == "post"]
        forms = [form for form in posts if action is None or form.get("action") == action]
        assert forms, (
            f"{page_path} has no form posting to {action}; there are {[f.get('action') for f in posts]}"
        )
        assert action is not None or len(forms) == 1, f"{page_path} has several forms; say which"
        return self.post(forms[0].get("action") or page_path, {**filled(forms[0]), **(data or {})})

    def _seen(self, response: TestResponse, path: str) -> TestResponse:
        self.last = None
        assert self.expects_breakdown or response.status_code < 500, f"{path} broke; the log says why"
        if response.mimetype == "text/html" and response.get_data() and not 300 <= response.status_code < 400:
            self.last = check(response.get_data(as_text=True), path)
        response.close()  # files of the request with it
        return response


def filled(form: Element) -> dict[str, Any]:
    """What a browser would send of *form* as it stands: all values of a name that is there several times."""
    values: dict[str, list[str]] = {}
    for field in form.iter():
        name = field.get("name")
        if name and field.get("disabled") is None and (value := _value(field)) is not None:
            values.setdefault(name, []).append(value)
    return {name: each if len(each) > 1 else each[0] for name, each in values.items()}


def _value(field: Element) -> str | None:
    kind = field.get("type")
    if field.tag == "textarea":
        return (field.text or "").removeprefix("\n")
    if field.tag == "select":
        options = list(field.iter("option"))
        chosen = next((o for o in options if o.get("selected") is not None), options[0] if options else None)
        return "" if chosen is None else chosen.get("value", chosen.text or "")
    if field.tag != "input" or kind in {"submit", "button", "file", "reset", "image"}:
        return None
    if kind in {"checkbox", "radio"}:
        return field.get("value", "on") if field.get("checked") is not None else None
    return field.get("value", "")
