"""What an answer tells, read as its readers read it: a page as a browser, a feed, a calendar, a sheet."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from icalendar import Calendar
from werkzeug.http import parse_options_header
from werkzeug.test import TestResponse

from tests.support.pages import Page, check

STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
NEVER = frozenset({"base", "embed", "iframe", "marquee", "math", "object", "style"})
LEADS = ("href", "src", "action", "formaction", "data", "srcset", "poster", "hx-get", "hx-post")
TYPED = (None, "text", "search")
OURS = ("/", "#", "?", "https://", "http://", "mailto:", "tel:", "data:image/")
# the only address of others that a page leads to is where an item was published
THEIRS = ("https://x.example", "http://x.example", "//")


class Faulty(AssertionError):
    """An answer in which a name is more than text."""


def page_of(answer: TestResponse, path: str) -> Page | None:
    """The page that an answer is, if it is one; Faulty for what a name became in it or in its headers."""
    _headers(answer, path)
    if answer.mimetype != "text/html" or not answer.get_data():
        return None
    page = check(answer.get_data(as_text=True), path)
    if found := list(foreign(page)):
        raise Faulty(f"{path}: {found}")
    return page


def texts(answer: TestResponse, page: Page | None) -> Iterator[tuple[str, bool]]:
    """Every text of an answer, and whether white space is folded in it; no cell of a sheet is a formula."""
    body = answer.get_data()
    match answer.mimetype:
        case "text/html" if page is not None:
            yield page.words(), True
            yield from ((" ".join(value.split()), True) for value in _attributes(page))
        case "application/json" | "application/problem+json" | "application/ld+json":
            yield from ((value, False) for value in _strings(json.loads(body)))
        case "application/atom+xml":
            yield from ((value, False) for value in ElementTree.fromstring(body).itertext())
        case "text/calendar":
            read = Calendar.from_ical(body)
            yield from ((str(value), False) for event in read.walk() for value in event.values())
        case "text/csv":
            cells = [cell for line in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in line]
            if found := [cell for cell in cells if cell.startswith(STARTS)]:
                raise Faulty(f"formulas {found}")
            yield from ((cell, False) for cell in cells)


def foreign(page: Page) -> Iterator[str]:
    """Elements, attributes and addresses that no page of ours has; `check` knows scripts, styles and on…."""
    for element in page.root.iter():
        tag = str(element.tag).rpartition("}")[2]  # math has a namespace
        if tag in NEVER or (tag == "meta" and element.get("http-equiv")):
            yield f"an element {tag}"
        for name in (name for name in LEADS if element.get(name) is not None):
            address = (element.get(name) or "").strip().lower()
            if address and (not address.startswith(OURS) or address.startswith(THEIRS)):
                yield f"{name}={address[:80]} of {tag}"
        if element.get("hx-get") == "/sign-out" or element.get("srcdoc") is not None:
            yield f"an attribute of {tag}"


def searches(page: Page, words: str) -> Iterator[str]:
    """Where the forms of a page lead that look for *words*."""
    for form in page.all("form"):
        typed = [field.get("name") for field in form.iter("input") if field.get("type") in TYPED]
        if typed and (form.get("method") or "get").lower() == "get":
            address = (form.get("action") or page.path).partition("?")[0]
            yield f"{address}?{urlencode(dict.fromkeys(typed, words))}"


def _attributes(page: Page) -> Iterator[str]:
    """What is read out or filled in: an address has other signs for some of it."""
    for element in page.root.iter():
        yield from (value for name, value in element.attrib.items() if name not in LEADS)


def _headers(answer: TestResponse, path: str) -> None:
    """No name opened a header of its own, nor leads out of the folder into which a file is saved."""
    if any(sign in value for value in answer.headers.values() for sign in "\r\n\0"):
        raise Faulty(f"{path}: a header of two lines")
    _, options = parse_options_header(answer.headers.get("Content-Disposition"))
    if set(options.get("filename", "")) & set("/\\\u202e\u202b\u2066"):
        raise Faulty(f"{path}: saved as {options['filename']}")


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for each in value.values() for text in _strings(each))
        case list():
            yield from (text for each in value for text in _strings(each))
