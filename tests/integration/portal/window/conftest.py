"""A city to act in, and the window's and payouts' readers alone: papers are printed elsewhere."""

from collections.abc import Callable

import pytest

import foundation.deadlines.tasks
import portal.payouts.tasks
import portal.window.tasks
from foundation.db import Database
from tests.factories import city as factory
from tests.factories.city import City
from tests.support.pages import PortalClient

READERS = (*portal.payouts.tasks.READERS, *portal.window.tasks.READERS, *foundation.deadlines.tasks.READERS)


@pytest.fixture
def city(database: Database) -> City:
    """A city in an empty database."""
    with database.writing() as db:
        return factory.found(db)


@pytest.fixture
def signed_in(city: City, signed_in: Callable[[str], PortalClient]) -> Callable[[str], PortalClient]:
    """In this city."""
    return signed_in


@pytest.fixture
def deliver(database: Database) -> Callable[[], None]:
    """Let every effect happen that waits."""
    return lambda: factory.deliver(database, READERS)
