"""The city of the window's tests, and who is signed in there."""

import pytest

from foundation.db import Database
from foundation.web.access import Role
from tests.factories import city as factory
from tests.factories.city import City


@pytest.fixture
def city(city: City, database: Database) -> City:
    """The city, with its three administrators."""
    with database.writing() as db:
        factory.actor(db, "secadm", factory.WINDOW, Role.SECURITY_ADMIN)
        factory.actor(db, "auditor", factory.WINDOW, Role.AUDIT_ADMIN)
    return city
