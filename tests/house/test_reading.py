"""A GET looks and a POST acts: no route does both, and a look that writes fails its test."""

import pytest
from flask import Flask

from foundation.db import Database
from tests.support.pages import only_looking

# what browsers report goes to the log; there is nothing to commit
LOGS = "violations.report"


def test_no_route_both_looks_and_acts(routes: Flask) -> None:
    views = routes.view_functions
    wrong = [
        route.rule
        for route in routes.url_map.iter_rules()
        if route.endpoint != LOGS
        and getattr(views[route.endpoint], "acts", False)
        != bool((route.methods or set()) - {"GET", "HEAD", "OPTIONS"})
    ]
    assert wrong == []


def test_a_get_that_writes_is_caught(database: Database) -> None:
    with pytest.raises(AssertionError, match="GET /counted opened a writing transaction"):  # noqa: PT012, SIM117
        with only_looking(database, "/counted"):
            with database.writing() as db:
                db.connection()
    with only_looking(database, "/"), database.reading() as db:
        db.connection()
