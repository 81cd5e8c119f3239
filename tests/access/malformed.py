"""Malformed inputs for every form of every page: what no browser would send, and what a nasty one does."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from flask import Flask

from tests.access import cells
from tests.access.cells import ADMITTED, Caller

NASTY = (
    "", " ", "\x00", "\ud800", "\u202egnp.exe", "\ufeff", "a\r\nSet-Cookie: a=b", "🧾" * 50, "𠮷㐂龘",
    "'" * 99, "' OR 1=1 --", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "{{7*7}}${7*7}", "%00%ff",
    "../../etc/passwd", "0", "-1", "1e309", "NaN", "Infinity", "-0.0", "9" * 400, "１２３", "٣", "0x7f",
    "1,000,000", "2147483648", "9223372036854775808", "2026-02-30", "0000-00-00", "9999-12-31T23:59",
    "-0001-01-01", "24:00", "on", "true", "null", "[]", "{}", "None", "x" * 2_000, "字" * 4_001,
)  # fmt: skip
BYTES = ("%ff%fe", "%c3%28", "%ed%a0%80", "%00", "%u4e00", "%", "%f0%9f%92")
HUGE = "字" * 100_000
FILES = (
    (b"%PDF-1.4", "a.jpg"), (b"%PDF-1.4", ""), (b"", "a.pdf"), (b"MZ\x90", "a.exe"),
    (b"<svg onload=alert(1)>", "a.svg"), (b"PK\x03\x04", "a.xlsx"), (b"%PDF-1.4\n%%EOF", "../../a.docx"),
    (b"\xff\xd8\xff", "\u202egpj.exe"),
)  # fmt: skip
# what is wrong with a request, and how often
FAULTS = {
    "nasty": 150, "foreign": 30, "missing": 30, "doubled": 30, "unknown": 43, "file": 16, "huge": 1
}  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded",
    "application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=",
    "application/x-www-form-urlencoded; charset=utf-16", "image/png", "",
)  # fmt: skip
# one of every kind; strangers see the same forms
WRITERS = ("firm", "clerk", "officer", "cashier", "superv", "sysadm", "secadm", "audit", "out")
GIVEN_UP = frozenset({"/sign-out"})


@dataclass(frozen=True, slots=True)
class FoundForm:
    """A form as a page of somebody shows it."""

    action: str
    who: str
    fields: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Reader(HTMLParser):
    """Forms that post, with their named fields."""

    found: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    open: bool = False

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = given.get("method", "").lower() == "post"
            if self.open:
                self.found.append((given.get("action", ""), {}))
        elif self.open and tag in {"input", "select", "textarea", "button"} and given.get("name"):
            self.found[-1][1].setdefault(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self.open = self.open and tag != "form"


def forms(app: Flask, caller: Caller) -> list[FoundForm]:
    """Every form that anybody sees on any page of the table, once for each address, with the most fields.

    And every other route that takes something, with what bodies.py sends there.
    """
    seen: dict[str, FoundForm] = {}
    addresses = app.url_map.bind("localhost")
    for form in (*_shown(caller), *_called(caller)):
        endpoint = _endpoint(addresses, form.action)
        if endpoint and form.action not in GIVEN_UP:
            known = seen.setdefault(endpoint, form)
            seen[endpoint] = max(known, form, key=lambda one: len(one.fields))
    return list(seen.values())


def _shown(caller: Caller) -> Iterator[FoundForm]:
    """The forms of every page, as two of those who see it find them."""
    for row in (row for row in cells.read() if row.method == "GET"):
        for name in [name for name in WRITERS if row.cells.get(name) == "200"][:2]:
            caller.cells(row, (name,))
            if "<form" in caller.bodies[name]:
                reader = _Reader()
                reader.feed(caller.bodies[name])
                for action, fields in reader.found:
                    yield FoundForm(action or row.path(caller.world), name, tuple(fields.items()))


def _called(caller: Caller) -> Iterator[FoundForm]:
    """What the table sends, by somebody whom it admits."""
    for row in (row for row in cells.read() if row.method == "POST"):
        who = next((name for name in WRITERS if row.cells[name] in ADMITTED), "out")
        yield FoundForm(row.path(caller.world), who, tuple(caller.body(row).items()))


def _endpoint(addresses: Any, action: str) -> str:
    path = action.partition("?")[0]
    return str(addresses.match(path, method="POST")[0]) if path.startswith("/") else ""


def broken(caller: Caller, form: FoundForm, times: int, seed: int = 1) -> Iterator[str]:
    """Send the form *times* over, each time wrong in another way; what answered 5xx, and how to see it."""
    chance = random.Random(f"{seed} {form.action} {form.who}")
    foreign = sorted({name for kind in caller.world.objects.values() for name in kind.values()})
    for number in range(times):
        sent = _mutated(form, chance, foreign)
        shown = str(sent)[:300]  # sending it uses up its files
        status = caller.send(form.who, form.action, sent)
        if status >= 500:
            yield f"{form.who} {form.action} #{number} seed {seed}: {status} for {shown}"


def _mutated(form: FoundForm, chance: random.Random, foreign: Sequence[str]) -> dict[str, Any]:
    """One request with one to three faults; at times of another content type."""
    values: list[tuple[str, Any]] = [(name, value) for name, value in form.fields if name != "_key"]
    values.append(("_key", f"{chance.getrandbits(64):x}" if chance.random() < 0.95 else chance.choice(NASTY)))
    for fault in chance.choices(list(FAULTS), list(FAULTS.values()), k=chance.randint(1, 3)):
        place = chance.randrange(len(values))
        name = values[place][0]
        match fault:
            case "missing":
                values[place] = ("_missing", "")
            case "doubled":
                values.append((name, chance.choice(NASTY)))
            case "unknown":
                values.append((chance.choice(NASTY)[:60], chance.choice(NASTY)))
            case "file":
                content, named = chance.choice(FILES)
                values.append((name, (BytesIO(content), named)))
            case _:
                values[place] = (name, chance.choice({"foreign": foreign, "huge": [HUGE]}.get(fault, NASTY)))
    if chance.random() < 0.05:
        return _undeclared(values, chance)
    return {"data": _encoded([value for value in values if value[0] != "_missing"])}


def _undeclared(values: list[tuple[str, Any]], chance: random.Random) -> dict[str, Any]:
    """A body that is not what it says, or not in any alphabet."""
    if chance.random() < 0.5:
        body = chance.choice(NASTY).encode("utf-8", "surrogatepass")
    else:
        body = "&".join(f"{name}={chance.choice(BYTES)}" for name, _ in values if "\x00" not in name).encode(
            "utf-8", "surrogatepass"
        )
    return {"data": body, "content_type": chance.choice(TYPES)}


def _encoded(values: list[tuple[str, Any]]) -> dict[str, Any]:
    """As the client takes it; what no text can hold is sent as the bytes that would stand for it."""
    data: dict[str, Any] = {}
    for name, value in values:
        data.setdefault(_text(name) or "x", []).append(value if isinstance(value, tuple) else _text(value))
    return data


def _text(value: str) -> str:
    return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
