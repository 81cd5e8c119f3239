"""A few people of the city's bodies; nobody has a password unless a test gives one."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts import queries, services
from foundation.accounts.models import Person
from foundation.db import Database
from foundation.web.access import Role

INDUSTRY, SCIENCE, CENTRE = "510800-02", "510800-04", "510800-centre"
Arrive = Callable[..., int]
# pages are the same on both databases
SQLITE = pytest.mark.parametrize("database_kind", [pytest.param("sqlite", marks=pytest.mark.sqlite)])


@pytest.fixture
def arrive(database: Database) -> Arrive:
    """Somebody new; with a role for an organisation, if one is named. Hashing a password would cost more."""

    def come(login: str, code: str = "", role: Role = Role.DEPARTMENT) -> int:
        with database.writing() as db:
            person = Person(login=login, name=f"{login}（样例）", created_at=clock.now())
            db.add(person)
            db.flush()
            if code:
                admit(db, person.id, code, role)
            return person.id

    return come


def admit(
    db: Session, person_id: int, code: str, role: Role, first: date | None = None, last: date | None = None
) -> int:
    """A membership from today, or from *first*."""
    return services.grant(
        db, None, person_id=person_id, organisation_id=queries.organisation_by_code(db, code).id, role=role,
        valid_from=first or clock.now().date(), valid_until=last,
    )  # fmt: skip
