"""A catalogue of real items."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog.services import import_items
from foundation.db import Database
from tests.support.pages import PortalClient

Enter = Callable[[str], PortalClient]
POLICIES = Path("portal/demo/data/policies.jsonl")


@pytest.fixture(scope="session")
def lines() -> list[str]:
    """The real items, as a file gives them."""
    return POLICIES.read_text("utf-8").splitlines()


@pytest.fixture
def rows(lines: list[str]) -> list[dict[str, Any]]:
    """The same as objects of the test's own."""
    return [json.loads(line) for line in lines]


@pytest.fixture
def catalogue(database: Database, lines: list[str]) -> Database:
    """A database with all of them published."""
    database.write(lambda db: import_items(db, None, lines))
    return database
