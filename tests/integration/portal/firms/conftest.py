"""A city with firms, their people, and browsers for them."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from foundation import clock
from foundation.accounts import queries as people
from foundation.accounts import services as accounts
from foundation.accounts.models import Person
from foundation.accounts.reference import UNBOUND
from foundation.db import Database
from foundation.web.access import Role
from tests.factories.city import City
from tests.support.pages import PortalClient

Enter = Callable[[str], PortalClient]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody with an account that is not bound to an enterprise."""

    id: int
    login: str


@pytest.fixture
def newcomer(city: City, database: Database) -> Callable[[str], Newcomer]:
    """A new account, unbound; hashing a password would cost more than the rest."""

    def come(login: str) -> Newcomer:
        with database.writing() as db:
            person = Person(login=login, name=f"{login}（样例）", sample=True, created_at=clock.now())
            db.add(person)
            db.flush()
            unbound = people.organisation_by_code(db, UNBOUND).id
            accounts.grant(
                db, None, person_id=person.id, organisation_id=unbound, role=Role.REGISTRANT,
                valid_from=clock.now().date(),
            )  # fmt: skip
            return Newcomer(person.id, login)

    return come
