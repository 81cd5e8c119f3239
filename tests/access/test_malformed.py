"""Whatever is sent with a form, the answer is clear and never a breakdown, and nothing is half done."""

import os
from itertools import count

import pytest
from sqlalchemy.orm import Session

from portal import invariants
from tests.access import malformed
from tests.access.conftest import Portal

# `./run accept` sends 50 as well, with --full 2,000
TIMES = int(os.environ.get("MALFORMED_TIMES", "50"))
EVERY = 100  # of so many acts that went through, one is looked at with all invariants
PARTS = 2  # for as many processes


@pytest.mark.sqlite
@pytest.mark.parametrize("part", range(PARTS))
def test_no_form_breaks_down(on_sqlite: Portal, part: int) -> None:
    caller = on_sqlite.caller()
    found = malformed.forms(on_sqlite.app, caller)
    posts = {rule.endpoint for rule in on_sqlite.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert len(found) >= len(posts) - len(malformed.GIVEN_UP)
    with on_sqlite.database.reading() as db:
        before = dict(invariants.check(db))
    done, half_done = count(1), []

    def look(db: Session) -> None:
        if next(done) % EVERY == 0:
            half_done.extend(name for name, rows in invariants.check(db) if set(rows) - set(before[name]))

    on_sqlite.database.seen = look
    assert [line for form in found[part::PARTS] for line in malformed.broken(caller, form, TIMES)] == []
    assert next(done) > TIMES
    assert half_done == []
