"""A hundred hostile names wherever a person can type, on every page that anybody sees: they stay text."""

import os
import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.access import cells, hostile, told
from tests.access.cells import ADMITTED, Caller, Row
from tests.access.conftest import Portal
from tests.access.hostile import Names
from tests.access.malformed import WRITERS
from tests.access.world import ACTORS
from tests.factories.hostile_names import NAMES
from tests.support.pages import Page

# one round here, ten with ten names a text in `./run accept`, with --full a hundred of one name a text
ROUNDS = int(os.environ.get("HOSTILE_ROUNDS", "1"))
TOGETHER = 1 if len(NAMES) <= ROUNDS else 10
LOOKERS = 1 if ROUNDS == 1 else len(WRITERS)
# a file that is not what was let out is refused; test_hostile_names.py tries the sheet itself
REFUSED = {"/payouts/batches/<number>/treasury.<kind>": 409}
PAPER = dict.fromkeys(ACTORS, "404") | {"superv": "200"}
# what is typed, and comes back with the page that says what is wrong, or with what was found
HOSTILE = " ".join(" ".join(NAMES).split())[:1900]
SOUGHT = NAMES[1] + NAMES[5]


Told = tuple[str, TestResponse, Page | None]


def _visits(caller: Caller) -> Iterator[Told]:
    """Every page of the table as those see it who do, every paper, and what whoever searches there finds."""
    searched: set[str] = set()
    for row in _rows(caller):
        lookers = [name for name in WRITERS if row.cells[name] == "200"]
        for name in lookers[:LOOKERS]:
            path = row.path(caller.world)
            answer = caller.client.get(path, headers=caller.heads[name])
            assert answer.status_code == REFUSED.get(row.route, 200), f"{name} {row.route}"
            page = told.page_of(answer, path)
            yield f"{name} {row.route}", answer, page
            for address in told.searches(page, SOUGHT) if page else ():
                if address.partition("?")[0] not in searched:
                    searched.add(address.partition("?")[0])
                    found = caller.client.get(address, headers=caller.heads[name])
                    yield f"{name} {address}", found, told.page_of(found, address)


def _rows(caller: Caller) -> Iterator[Row]:
    papers = [which for which in caller.world.objects["code"] if which.startswith("paper:")]
    for row in (row for row in cells.read() if row.method == "GET"):
        yield row
        if row.route == "/notices/<code>":
            yield from (replace(row, objects=f"code={which}", cells=PAPER) for which in papers)


def _acts(caller: Caller) -> Iterator[Told]:
    """Every act of the table with hostile words for whatever is typed there; most are told what is wrong."""
    for row in (row for row in cells.read() if row.method == "POST"):
        who = next((name for name in WRITERS if row.cells[name] in ADMITTED), "out")
        typed = caller.body(row).items()
        body = {name: HOSTILE if hostile.HAN.search(value) else value for name, value in typed}
        sent = {**body, "_key": secrets.token_hex(8)}
        answer = caller.client.post(row.path(caller.world), data=sent, headers=caller.heads[who])
        yield f"{who} {row.route}", answer, told.page_of(answer, row.route)


def _texts(given: Iterator[Told]) -> Iterator[tuple[str, str, bool]]:
    for where, answer, page in given:
        with closing(answer):
            assert answer.status_code < 500, where
            yield from ((where, text, folded) for text, folded in told.texts(answer, page))


@pytest.mark.sqlite
@pytest.mark.parametrize("round_", range(ROUNDS))
def test_every_page_shows_them_as_text(on_sqlite: Portal, tmp_path: Path, round_: int) -> None:
    names = Names(round_, TOGETHER)
    portal = hostile.filled(on_sqlite, tmp_path / "hostile.db", names)
    wrong, seen, echoed = [], 0, 0
    for where, text, folded in _texts(_visits(portal.caller())):
        wrong += [f"{where}: {value}" for value in names.torn(text, folded=folded)]
        seen += hostile.MARK.search(text) is not None
        echoed += SOUGHT in text
    portal.database.close()
    assert wrong == []
    assert seen > 100
    assert echoed > 5


@pytest.mark.sqlite
@pytest.mark.skipif(ROUNDS == 1, reason="./run accept --only hostile does it: as many answers again")
def test_what_is_typed_comes_back_as_text(on_sqlite: Portal) -> None:
    echoed = sum(HOSTILE in text for _, text, _ in _texts(_acts(on_sqlite.caller())))
    assert echoed > 30
