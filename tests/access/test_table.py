"""Every cell of the access table, called for real; a route without a row is a failure."""

from collections.abc import Iterator
from itertools import product

import pytest

from tests.access import cells
from tests.access.cells import ADMITTED, Caller, Row
from tests.access.conftest import Portal
from tests.access.world import ACTORS, ADMINISTRATORS, GONE, STRANGERS

ADVICE = "read the difference, then: mv tests/access/table.new tests/access/table.txt"
NO_OBJECT = "no object of tests/access/world.py fits its address: add one there, then run tests/access again"
# whose objects are nobody's: the catalogue, and forms that start something new
OPEN_OBJECTS = (
    "/items/",
    "/verify/",
    "/answers/",
    "/publicity/",
    "/static/",
    "/api/v1/items/",
    "/apply/",
    "/counter/",
    "/my/policies/",
    "/calendars/",  # whoever knows the address
    "/departments/",
    "/vocabulary/",  # the words of every editor
    "/outreach/",  # a forecast in sums, for every bureau of finance
)
# whose work it is, and the pages on which it needs whom to call, or the account to pay to, as a whole
WORKING = ("clerk", "officer", "cashier", "superv")
NEEDED_WHOLE = {
    ("clerk", "/disclosures/<code>"),
    ("clerk", "/cases/<number>/correction/check"),  # compared with the licence of the account
    *product(("clerk", "superv"), ("/follow-ups/<number>", "/redress/<number>")),  # called at once
    ("cashier", "/payouts/batches/<number>/treasury.<kind>"),
}
EVERY = 5  # on PostgreSQL, where each row takes longer, one row in so many


@pytest.mark.sqlite
def test_every_route_has_its_row_and_every_cell_its_answer(on_sqlite: Portal) -> None:
    caller = on_sqlite.caller()
    rows, told = [], []
    for row in _current(on_sqlite):
        rows.append(Row(row.method, row.route, row.objects, caller.cells(row)))
        told += [f"{row.method} {row.route} tells {told}" for told in _told(caller, rows[-1])]
    known = {row.key for row in rows}
    new = [key for key in cells.routes(on_sqlite.app) if key not in known]
    rows += [cells.proposed(caller, key) for key in new]
    cells.write(rows)
    unknown = [f"{row.method} {row.route}: {NO_OBJECT}" for row in rows if row.objects == "?"]
    assert unknown == []
    assert told == [], "\n".join(told)
    assert cells.NEW.read_text("utf-8") == cells.TABLE.read_text("utf-8"), ADVICE
    cells.NEW.unlink()


def _told(caller: Caller, row: Row) -> Iterator[str]:
    """Numbers and personal values of the world on a page of somebody whose business they are not."""
    secrets = {secret for secret in caller.world.secrets if secret not in row.path(caller.world)}
    for name in (*STRANGERS, *ADMINISTRATORS, "out"):
        kept = caller.world.personal if name == "audit" else secrets  # who audits sees numbers, no persons
        if row.cells[name] in ADMITTED:
            yield from (f"{name} {secret}" for secret in sorted(kept) if secret in caller.bodies[name])
    for name in (name for name in WORKING if (name, row.route) not in NEEDED_WHOLE):
        yield from (f"{name} {value}" for value in caller.world.personal if value in caller.bodies[name])


def _current(portal: Portal) -> list[Row]:
    routes = set(cells.routes(portal.app))
    return [row for row in cells.read() if row.key in routes]


@pytest.mark.postgresql
def test_a_sample_has_the_same_answers_on_postgresql(on_postgresql: Portal) -> None:
    caller = on_postgresql.caller()
    for row in cells.read()[::EVERY]:
        assert caller.cells(row) == row.cells, f"{row.method} {row.route}"


def test_no_stranger_gets_at_what_is_not_his() -> None:
    leaks = [
        f"{row.method} {row.route} with {row.objects}: {name} gets {row.cells[name]}"
        for row in cells.read()
        if row.objects != "-" and not row.route.startswith(OPEN_OBJECTS)
        for name in STRANGERS
        if row.cells[name] in ADMITTED
    ]
    assert leaks == []


def test_whose_membership_or_mandate_ended_is_signed_out() -> None:
    assert [row for row in cells.read() for gone in GONE if row.cells[gone] != row.cells["out"]] == []


def test_every_row_admits_somebody() -> None:
    """Where nobody gets in, the object or the body does not fit, and the refusals prove nothing."""
    empty = [f"{row.method} {row.route}" for row in cells.read() if not row.admits]
    assert [line for line in empty if line not in NOBODY] == []


# only in the demonstration; no address; without its token; while somebody signs in; no identity service
SIGN_IN_STEPS = ("code", "enrol", "new-password", "identity", "identity/enter", "identity/return")
NOBODY = {"POST /sign-in/sample", "GET /api/v1/<path:rest>", "GET /metrics"} | {
    f"{method} /sign-in/{step}" for method in ("GET", "POST") for step in SIGN_IN_STEPS
}


def test_the_table_has_every_column() -> None:
    assert all(list(row.cells) == list(ACTORS) for row in cells.read())
