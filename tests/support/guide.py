"""Reads a guide as a person does: its command blocks, and its tables of who opens which page and does what.

A row names a login, an address with the links to click on from there, fields by their labels, and a button.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from tests.support.pages import Page, PortalClient, filled

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| *(访客 )?`(\w+)` *\| *(.*?) *\| *(.*?) *\| *(.*?) *\|$", re.MULTILINE)
FIELD = re.compile(r"([^，`]+?) ?`([^`]*)`")
HERE, TICK = "接着", "勾选"


@dataclass(frozen=True, slots=True)
class Row:
    """One step on a page."""

    who: str
    visitor: bool
    path: str
    links: tuple[str, ...]
    fields: dict[str, str]
    ticks: tuple[str, ...]
    button: str


class Guide:
    """A guide in Markdown."""

    def __init__(self, text: str) -> None:
        self.text = text

    def parts(self) -> Iterator[str | Row]:
        """Command blocks and rows, in the order of the text."""
        found = [*BLOCK.finditer(self.text), *ROW.finditer(self.text)]
        for match in sorted(found, key=lambda match: match.start()):
            yield match[1] if match.re is BLOCK else _row(match)


def _row(match: re.Match[str]) -> Row:
    where, *links = (part.strip(" `") for part in match[3].split("→"))
    given = FIELD.findall(match[4])
    return Row(
        who=match[2], visitor=bool(match[1]), path=where, links=tuple(links),
        fields={label: value for label, value in given if label != TICK},
        ticks=tuple(value for label, value in given if label == TICK), button=match[5],
    )  # fmt: skip


def follow(browser: PortalClient, row: Row) -> None:
    """Do what *row* says; what comes of it has to be another page, or the next step of this one."""
    page = browser.last if row.path == HERE else browser.page(row.path)
    assert page is not None
    for link in row.links:
        page = browser.page(_link(page, link))
    form = _form(page, row.button)
    values = filled(form)
    for label, value in row.fields.items():
        name, given = _control(page, form, label, value)
        values[name] = given
    for tick in row.ticks:
        name, given = _choice(page, form, tick)
        values.setdefault(name, [])
        values[name] = [*values[name], given]
    values |= _pressed(page, form, row.button)
    action = form.get("action") or page.path
    if (form.get("method") or "get").lower() == "get":
        browser.page(f"{action}?{urlencode(values, doseq=True)}")
        return
    response = browser.post(action, values)
    said = browser.last.words() if browser.last else ""
    assert response.status_code == 303, f"{row}: {response.status_code} {said}"
    browser.page(response.location, follow_redirects=True)


def _link(page: Page, words: str) -> str:
    links = [(page.words(link), link.get("href") or "") for link in page.all("a")]
    found = [href for said, href in links if words in said]
    assert found, f"no link {words} on {page.path}: {links}"
    return found[0]


def _form(page: Page, button: str) -> Element:
    forms = [(form, [page.words(each) for each in form.iter("button")]) for form in page.all("form")]
    for exact in (True, False):
        for form, words in forms:
            if any(button == said if exact else button in said for said in words):
                return form
    raise AssertionError(f"no button {button} on {page.path}: {[words for _, words in forms]}")


def _pressed(page: Page, form: Element, button: str) -> dict[str, Any]:
    pressed = next(each for each in form.iter("button") if button in page.words(each))
    return {pressed.get("name", ""): pressed.get("value", "")} if pressed.get("name") else {}


def _control(page: Page, form: Element, label: str, value: str) -> tuple[str, str]:
    controls = {each.get("id"): each for each in form.iter() if each.tag in {"input", "select", "textarea"}}
    labels = [(page.words(each), controls.get(each.get("for"))) for each in form.iter("label")]
    wanted = [control for words, control in labels if words.startswith(label) and control is not None]
    if not wanted:
        return _choice(page, form, value)
    control = wanted[0]
    if control.tag == "select":
        options = [(page.words(each), each.get("value") or "") for each in control.iter("option")]
        value = next((code for words, code in options if value in words), f"none of {options}")
    return control.get("name") or "", value


def _choice(page: Page, form: Element, words: str) -> tuple[str, str]:
    """A box or a circle by what stands beside it."""
    labels = [label for label in form.iter("label") if words in page.words(label)]
    known = [page.words(label) for label in form.iter("label")]
    assert labels, f"no {words} on {page.path}: {known}"
    boxes = {each.get("id"): each for each in form.iter("input")}
    box = next(labels[0].iter("input"), None)
    box = boxes[labels[0].get("for")] if box is None else box
    return box.get("name") or "", box.get("value") or "on"
