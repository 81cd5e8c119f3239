"""A person at a browser without a screen: opens pages, fills in forms, sends them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask

UPLOAD = tuple[Any, str]


class Stuck(Exception):
    """A page did not let the person go on; says which, and what it said."""


@dataclass(slots=True)
class Form:
    """One form of a page as it stands filled in."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Every posting form of a page with its hidden, typed and chosen values."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.area: str | None = None
        self.choice: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            posts = (given.get("method") or "").lower() == "post"
            self.form = Form(given.get("action") or "") if posts else None
            if self.form is not None:
                self.forms.append(self.form)
        elif self.form is not None:
            self._field(tag, given, self.form.fields)

    def _field(self, tag: str, given: dict[str, str | None], fields: dict[str, str]) -> None:
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "textarea":
            self.area, fields[name] = name, ""
        elif tag == "select":
            self.choice = name
        elif tag == "option" and self.choice and ("selected" in given or self.choice not in fields):
            fields[self.choice] = value
        elif tag == "input" and name and _is_filled(given):
            fields[name] = value

    def handle_data(self, data: str) -> None:
        if self.area is not None and self.form is not None:
            self.form.fields[self.area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            self.area = None
        elif tag == "select":
            self.choice = None


def _is_filled(given: dict[str, str | None]) -> bool:
    kind = given.get("type") or "text"
    if kind in {"checkbox", "radio"}:
        return "checked" in given
    return kind not in {"file", "submit", "button", "reset", "image"}


class Browser:
    """One person's browser with its own cookies."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def open(self, path: str) -> str:
        """The page at *path*; Stuck where it is not there."""
        return self.download(path).decode()

    def download(self, path: str) -> bytes:
        """The file at *path*."""
        with self.client.get(path) as response:
            if response.status_code != 200:
                raise Stuck(f"打开 {path}，网站答 {response.status_code}")
            return response.get_data()

    def send(self, path: str, action: str, **given: str | UPLOAD) -> str:
        """Open *path*, fill in its form that posts to *action* (or to the page itself), send it.

        Returns where the site leads to; Stuck where it does not accept.
        """
        return self.send_all(path, action, given)

    def send_all(self, path: str, action: str, given: dict[str, Any]) -> str:
        """The same, for fields whose names are no Python names."""
        page = _Forms()
        page.feed(self.open(path))
        found = [form for form in page.forms if (form.action or path) == action]
        if not found:
            raise Stuck(f"{path} 上没有提交到 {action} 的表单")
        response = self.client.post(
            action, data={**found[0].fields, **given}, content_type="multipart/form-data"
        )
        if response.status_code != 303:
            said = _text(response.get_data(as_text=True))[:400]
            raise Stuck(f"提交到 {action}，网站答 {response.status_code}：{said}")
        return response.location or "/"


class _Words(HTMLParser):
    """What a reader reads of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def _text(page: str) -> str:
    reader = _Words()
    reader.feed(page)
    return " ".join(reader.words)
