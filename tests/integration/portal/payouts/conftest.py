"""Two people of the city's finance bureau, one of a county's, a department that decides, and a pool."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.accounts import queries as accounts
from foundation.accounts.models import Membership, Person
from foundation.db import Database
from foundation.web.access import Actor, Role
from portal.payouts import reserving, services
from portal.payouts.accounts import BankAccount
from portal.payouts.invariants import INVARIANTS
from portal.payouts.rules import FundSource

PAYEE = "91510800714474320D"
ACCOUNT = BankAccount("样例机械有限公司", "样例银行", "6222000000003321")


@dataclass(frozen=True)
class People:
    """Who acts in these tests."""

    decider: Actor
    maker: Actor
    payer: Actor
    county: Actor


def person(db: Session, login: str, organisation: str, role: Role) -> Actor:
    """Someone without a password: hashing one takes longer than a whole test."""
    body = accounts.organisation_by_code(db, organisation)
    row = Person(login=login, name=f"{login}先生", sample=True, created_at=clock.now())
    db.add(row)
    db.flush()
    member = Membership(person_id=row.id, organisation_id=body.id, role=role, valid_from=clock.now().date())
    db.add(member)
    return Actor(row.id, row.name, body.id, body.code, body.name, role)


@pytest.fixture
def people(database: Database) -> People:
    with database.writing() as db:
        return People(
            person(db, "zhou", "510800-02", Role.DEPARTMENT),
            person(db, "chen", "510800-finance", Role.FINANCE),
            person(db, "wu", "510800-finance", Role.FINANCE),
            person(db, "lao", "510823-finance", Role.FINANCE),
        )


@pytest.fixture
def money(database: Database, people: People) -> Iterator["Money"]:
    """A pool of 100,000 yuan; afterwards every invariant holds and the chain is whole."""
    acting = Money(database, people)
    acting.open_pool("S001-2026-city", people.maker, FundSource.CITY)
    acting.top_up("S001-2026-city", 100_000_00)
    yield acting
    assert acting.broken() == []
    with database.reading() as db:
        assert audit.verify(db).whole


class Money:
    """Acts on money, each in a transaction of its own."""

    pool = "S001-2026-city"

    def __init__(self, database: Database, people: People) -> None:
        self.database, self.people = database, people

    def open_pool(self, code: str, owner: Actor, source: FundSource) -> None:
        with self.database.writing() as db:
            services.open_pool(
                db, None, code=code, name=f"资金池 {code}", item_code="S001", year=2026, source=source,
                organisation_id=owner.organisation_id,
            )  # fmt: skip

    def top_up(self, code: str, fen: int, document: str = "广财〔2026〕1号") -> int:
        with self.database.writing() as db:
            return services.top_up(db, None, pool_code=code, amount_fen=fen, document_number=document)

    def reserve(self, subject: str, fen: int, **more: Any) -> reserving.Reservation:
        claim = reserving.Claim(subject, PAYEE, self.pool, fen, **{"account": ACCOUNT, **more})
        with self.database.writing() as db:
            return reserving.reserve(db, self.people.decider, claim)

    def prepare(self, subject: str, fen: int | None = None, source: FundSource = FundSource.CITY) -> str:
        maker = self.people.maker if source is FundSource.CITY else self.people.county
        with self.database.writing() as db:
            return services.prepare_line(db, maker, subject=subject, source=source, amount_fen=fen)

    def do(self, act: Callable[..., None], actor: Actor, **arguments: Any) -> None:
        with self.database.writing() as db:
            act(db, actor, **arguments)

    def broken(self) -> list[str]:
        with self.database.reading() as db:
            return [f"{name}: {line}" for name, check in INVARIANTS for line in check(db)]
