"""The city of the window's tests, and who is signed in there."""

from collections.abc import Callable

import pytest

from foundation.accounts import services as account_services
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
def signed_in(
    city: City, database: Database, browser: Callable[[], PortalClient]
) -> Callable[[str], PortalClient]:
    """A browser in which the named inhabitant of the city is signed in."""

    def enter(name: str) -> PortalClient:
        with database.writing() as db:
            token = account_services.sign_in_sample(db, name)
        client = browser()
        with client.flask.session_transaction() as session:
            session["token"] = token
        return client

    return enter
