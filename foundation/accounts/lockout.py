"""Five wrong attempts, then a quarter of an hour's wait: counted in the database, for unknown logins alike.

An attempt that goes wrong is counted in a transaction of its own, since the act that refuses is rolled back.
Whoever guesses in parallel gains nothing: the count is asked again in the transaction that opens a session.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.accounts.models import Person, RefusedSignIn, SignInFailures
from foundation.accounts.rules import PER_ADDRESS, PER_LOGIN, Failures, counted, locked_until
from foundation.db import Database
from foundation.errors import Invalid
from foundation.web.access import Actor

Key = tuple[str, int]


def login_key(login: str) -> str:
    """Under what the attempts on a login are counted: people type passwords into that field."""
    return f"login:{hashlib.sha256(login.encode()).hexdigest()}"


def _keys(login: str, address: str) -> tuple[Key, Key]:
    """What is counted, with its limit, in the order of locking."""
    return (f"address:{address}", PER_ADDRESS), (login_key(login), PER_LOGIN)


def refuse_locked(db: Session, login: str, address: str) -> None:
    """Invalid while a login or an address has to wait; says until when."""
    now = clock.now()
    for key, limit in _keys(login, address):
        until = locked_until(_known(db.get(SignInFailures, key)), limit, now)
        if until is not None:
            raise Invalid.of(
                "password",
                f"输错次数太多，{until:%H:%M} 以后才能再登录",
                "请到时再试；着急办理，请联系本单位安全管理员解锁",
            )


def count_failure(database: Database, login: str, address: str) -> None:
    """Note one wrong attempt for good; Invalid where the login had been locked meanwhile."""
    database.write(lambda db: _count(db, login, address))


def _count(db: Session, login: str, address: str) -> None:
    rows = [_locked_row(db, key) for key, _ in _keys(login, address)]
    refuse_locked(db, login, address)
    now = clock.now()
    for row in rows:
        after = counted(_known(row), now)
        row.number, row.since, row.last_at = after.number, after.since, after.last_at
    person = db.scalar(select(Person.id).where(Person.login == login))
    db.add(RefusedSignIn(at=now, person_id=person, address=address))


def _locked_row(db: Session, key: str) -> SignInFailures:
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    now = clock.now()
    fresh = insert(SignInFailures).values(key=key, number=0, since=now, last_at=now)
    db.execute(fresh.on_conflict_do_nothing())
    return db.get_one(SignInFailures, key, with_for_update=True)


def _known(row: SignInFailures | None) -> Failures | None:
    return None if row is None else Failures(row.number, row.since, row.last_at)


def forget(db: Session, login: str) -> None:
    """Whoever got in starts anew."""
    db.execute(delete(SignInFailures).where(SignInFailures.key == login_key(login)))


def unlock(db: Session, actor: Actor, person_id: int) -> None:
    """Let a person try again at once."""
    person = db.get_one(Person, person_id)
    forget(db, person.login)
    audit.record(db, f"person:{person_id}", "unlocked", actor=actor, happened_at=clock.now(), facts={})


def locked(db: Session, people: Iterable[tuple[int, str]]) -> set[int]:
    """Which of *people* (id, login) have to wait now."""
    now = clock.now()
    keys = {login_key(login): person_id for person_id, login in people}
    rows = db.scalars(select(SignInFailures).where(SignInFailures.key.in_(keys)))
    return {keys[row.key] for row in rows if locked_until(_known(row), PER_LOGIN, now)}
