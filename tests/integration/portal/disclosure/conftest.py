"""The city of the window's tests, and who is signed in there."""

from collections.abc import Callable

import pytest

from foundation.db import Database
from foundation.web.access import Role
from tests.factories import city as factory
from tests.factories.city import City
from tests.support.pages import PortalClient


@pytest.fixture
def city(database: Database) -> City:
    """A city with its three administrators."""
    with database.writing() as db:
        found = factory.found(db)
        factory.actor(db, "secadm", factory.WINDOW, Role.SECURITY_ADMIN)
        factory.actor(db, "auditor", factory.WINDOW, Role.AUDIT_ADMIN)
        return found


@pytest.fixture
def signed_in(city: City, signed_in: Callable[[str], PortalClient]) -> Callable[[str], PortalClient]:
    """In this city."""
    return signed_in
