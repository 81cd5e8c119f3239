"""The table: read it, call its cells, write it."""

import re
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.orm import Session

from foundation.db import Database
from tests.access.bodies import BODIES
from tests.access.world import ACTORS, World

TABLE = Path(__file__).with_name("table.txt")
NEW = TABLE.with_suffix(".new")
HEAD = """\
# Who may enter, route by route, and what happens to everybody else: every cell is called for real.
# in = sent to the sign-in page; 200 202 = sees it; 303 = done, or sent on; 422 = admitted, form incomplete;
# 403 = not for this role; 404 = not this actor's, or not there. "with" names the object of world.py
# that stands in the address; the columns are its ACTORS. Everything belongs to firm, clerk, officer, cashier.
# A new route: run tests/access, read what it wrote to table.new, and move that over table.txt.
"""
READABLE = frozenset({"text/html", "application/json", "text/csv", "application/x-ndjson", "text/plain"})
WIDE = (56, 40)  # fixed, so that a new row changes no other line
PROBES = ("firm", "clerk", "officer", "cashier", "superv")
# what counts as let in, and how much it tells
ADMITTED = {"200": 9, "202": 9, "204": 9, "303": 9, "422": 2, "409": 1}


@dataclass(frozen=True, slots=True)
class Row:
    """One route and method with the objects in its address, and the answer that each column gets."""

    method: str
    route: str
    objects: str  # "number=submitted", several with a comma, "-" for none
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """What the application calls it."""
        return self.method, self.route

    @property
    def admits(self) -> bool:
        """Whether anybody gets in."""
        return any(cell in ADMITTED for cell in self.cells.values())

    def path(self, world: World) -> str:
        """The address to call."""
        path = self.route
        for pair in self.objects.split(",") if self.objects != "-" else ():
            name, _, which = pair.partition("=")
            value = world.named(f"@{name}.{which}")
            path = re.sub(rf"<(\w+:)?{name}>", value, path)
        return path


class NothingKept(Database):
    """A database in which every act happens whole, and is then taken back: the world stays as it was."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        # looks at what was committed, before it is taken back
        self.seen: Callable[[Session], None] = lambda db: None

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that is committed, with everything that goes with it, inside one that is not."""
        engine = self.engine.execution_options(writes=True)
        turn = self._turns.mine() if self._turns else nullcontext()
        with turn, engine.connect() as connection, connection.begin() as whole:
            inside = Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
            with inside as db:
                with db.begin():
                    yield db
                self.seen(db)
            whole.rollback()


def routes(app: Flask) -> list[tuple[str, str]]:
    """Every route and method of the application, in the order of the table."""
    found = [
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda key: (key[1], key[0]))


def read() -> list[Row]:
    """The checked-in table."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    if not lines:
        return []
    columns = lines[0].split()[3:]
    rows = []
    for line in lines[1:]:
        method, route, objects, *cells = line.split()
        rows.append(Row(method, route, objects, dict(zip(columns, cells, strict=True))))
    return rows


def write(rows: list[Row]) -> None:
    """What the table would be now, beside it."""
    lines = [_line("#", "route", "with", list(ACTORS)).replace("#   ", "verb", 1)]
    lines += [
        _line(row.method, row.route, row.objects, [row.cells[name] for name in ACTORS])
        for row in sorted(rows, key=lambda row: (row.route, row.method, row.objects))
    ]
    NEW.write_text(HEAD + "\n".join(lines) + "\n", "utf-8")


def _line(method: str, route: str, objects: str, cells: list[str]) -> str:
    shown = " ".join(f"{cell:<{max(len(name), 3)}}" for cell, name in zip(cells, ACTORS, strict=True))
    return f"{method:<4} {route:<{WIDE[0]}} {objects:<{WIDE[1]}} {shown}".rstrip()


class Caller:
    """Somebody in every column, each with a browser that remembers nothing between two calls."""

    def __init__(self, app: Flask, world: World) -> None:
        self.world = world
        self.client = app.test_client(use_cookies=False)
        self.heads = {name: _head(app, world, name) for name in ACTORS}
        self.bodies: dict[str, str] = {}

    def cells(self, row: Row, names: Collection[str] = ACTORS) -> dict[str, str]:
        """What every column gets; the texts of the answers stay in `bodies`."""
        path = row.path(self.world)
        body = {**self.body(row), "_key": secrets.token_hex(8)} if row.method == "POST" else None
        return {name: self._call(name, row.method, path, body) for name in names}

    def body(self, row: Row) -> dict[str, str]:
        """What bodies.py sends there."""
        return {name: self.world.named(value) for name, value in BODIES.get(row.key, {}).items()}

    def _call(self, name: str, method: str, path: str, body: dict[str, str] | None) -> str:
        response = self.client.open(path, method=method, data=body, headers=self.heads[name])
        self.bodies[name] = response.get_data(as_text=True) if response.mimetype in READABLE else ""
        response.close()
        to_sign_in = response.status_code == 303 and response.location == "/sign-in"
        signed_out = path == "/sign-out" and name in self.world.present
        return "in" if to_sign_in and not signed_out else str(response.status_code)

    def send(self, name: str, path: str, sent: dict[str, Any]) -> int:
        """The status that somebody gets for whatever is sent."""
        response = self.client.open(path, method="POST", headers=self.heads[name], **sent)
        response.get_data()
        response.close()
        return response.status_code


def _head(app: Flask, world: World, name: str) -> dict[str, str]:
    """The session of a browser, and the token of a program for those routes that look at it alone."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    head = {}
    if name in world.sessions:
        session = signer.dumps({"token": world.sessions[name]})
        head["Cookie"] = f"{app.config['SESSION_COOKIE_NAME']}={session}"
    if name in world.tokens:
        head["Authorization"] = f"Bearer {world.tokens[name]}"
    return head


def proposed(caller: Caller, key: tuple[str, str]) -> Row:
    """A row for a new route: of the objects that fit its address, those that let most people in."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", key[1])
    choices = [[f"{name}={which}" for which in caller.world.objects.get(name, {})] for name in names]
    rows = [Row(*key, ",".join(chosen) or "-") for chosen in product(*choices)]
    if not rows:
        return Row(*key, "?", dict.fromkeys(ACTORS, "?"))
    best = max(rows, key=lambda row: admitted(caller.cells(row, PROBES)))
    return Row(*key, best.objects, caller.cells(best))


def admitted(cells: Mapping[str, str]) -> int:
    """In how many columns somebody gets in; what is done counts more than what is refused."""
    return sum(ADMITTED.get(cell, 0) for cell in cells.values())
