"""Signing in and out, people, organisations."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.accounts import queries
from foundation.accounts.models import Membership, Organisation, Person, SignIn
from foundation.accounts.reference import CITY_NAME
from foundation.accounts.rules import OrganisationKind
from foundation.errors import Invalid
from foundation.web.access import Actor, Role

_hasher = PasswordHasher()
# verified when nobody has the login, so that the answer takes as long as for a wrong password
_NOBODY = _hasher.hash(secrets.token_hex(16))
SHORTEST_PASSWORD = 10


def token_digest(token: str) -> str:
    """What the database keeps of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def check_password(db: Session, login: str, password: str) -> None:
    """Refuse a wrong login and a wrong password with the same Invalid, after the same time.

    Slow on purpose, so never inside a transaction that writes: every guess would hold up everybody.
    """
    person = db.scalar(select(Person).where(Person.login == login))
    try:
        _hasher.verify(person.password_hash if person and person.password_hash else _NOBODY, password)
    except VerifyMismatchError:
        raise Invalid.of("password", "账号或密码不对", "请核对后再登录，忘记密码请联系本单位管理员") from None


def sign_in_sample(db: Session, login: str) -> str:
    """Open a session for an invented person of the demonstration, without a password."""
    if db.scalar(select(Person.id).where(Person.login == login, Person.sample)) is None:
        raise Invalid.of("login", "没有这个演示账号", "请从列表中选择")
    return open_session(db, login)


def open_session(db: Session, login: str) -> str:
    """Sign in whoever has proved to be *login*; returns the token of the session."""
    now = clock.now()
    memberships = queries.actors_named(db, login, now.date())
    if not memberships:
        raise Invalid.of("login", "这个账号现在不代表任何单位", "请联系本单位管理员重新授权")
    membership_id, actor = memberships[0]
    token = secrets.token_urlsafe(32)
    db.add(SignIn(token_digest=token_digest(token), membership_id=membership_id, started_at=now))
    audit.record(db, f"person:{actor.person_id}", "signed_in", actor=actor, happened_at=now, facts={})
    return token


def sign_out(db: Session, actor: Actor, token: str) -> None:
    """End this browser's session."""
    row = db.get(SignIn, token_digest(token))
    if row is not None and row.ended_at is None:
        row.ended_at = clock.now()
        audit.record(
            db, f"person:{actor.person_id}", "signed_out", actor=actor, happened_at=row.ended_at, facts={}
        )


def add_person(
    db: Session,
    actor: Actor | None,
    *,
    login: str,
    name: str,
    password: str,
    organisation_code: str,
    role: Role,
    phone: str | None = None,
    sample: bool = False,
) -> int:
    """A new account with its first membership; returns the person's id. Invalid names what is wrong."""
    now = clock.now()
    organisation = _checked(db, login, password, organisation_code)
    person = Person(
        login=login,
        name=name,
        phone=phone,
        password_hash=_hasher.hash(password),
        sample=sample,
        created_at=now,
    )
    db.add(person)
    db.flush()
    db.add(
        Membership(
            person_id=person.id,
            organisation_id=organisation.id,
            role=role,
            valid_from=now.date(),
        )
    )
    db.flush()
    facts = {"organisation": organisation.code, "role": role.value}
    audit.record(
        db, f"person:{person.id}", "added", actor=actor, happened_at=now, facts=facts, personal={"name": name}
    )
    return person.id


def _checked(db: Session, login: str, password: str, organisation_code: str) -> Organisation:
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid.of("password", f"密码太短，至少 {SHORTEST_PASSWORD} 位", "请换一个更长的密码")
    if db.scalar(select(Person.id).where(Person.login == login)) is not None:
        raise Invalid.of("login", f"账号 {login} 已经有人用了", "请换一个账号名")
    organisation = db.scalar(select(Organisation).where(Organisation.code == organisation_code))
    if organisation is None:
        raise Invalid.of("organisation", f"没有代码为 {organisation_code} 的单位", "请先登记单位，或核对代码")
    return organisation


def organisation_named(db: Session, name: str, region_code: str) -> int:
    """The id of the department called *name* in *region_code*; an unknown one becomes an unconfirmed one."""
    found = db.scalar(
        select(Organisation.id)
        .where(
            Organisation.region_code == region_code,
            # "市科学技术局" is what policies call 广元市科学技术局
            or_(Organisation.short_name == name, Organisation.name.in_((name, f"{CITY_NAME}{name}"))),
        )
        .order_by(Organisation.id)
        .limit(1)
    )
    if found is not None:
        return found
    digest = hashlib.sha256(f"{region_code} {name}".encode()).hexdigest()[:12]
    return _register(db, f"u-{digest}", name, OrganisationKind.DEPARTMENT, region_code, confirmed=False)


def enterprise_organisation(db: Session, credit_code: str, name: str, region_code: str) -> int:
    """The organisation under which an enterprise's people act; registered with its first person."""
    found = db.scalar(select(Organisation.id).where(Organisation.code == credit_code))
    if found is not None:
        return found
    return _register(db, credit_code, name, OrganisationKind.ENTERPRISE, region_code, confirmed=True)


def _register(
    db: Session, code: str, name: str, kind: OrganisationKind, region_code: str, *, confirmed: bool
) -> int:
    row = Organisation(
        code=code, name=name, short_name=name[:60], kind=kind, region_code=region_code, confirmed=confirmed
    )
    db.add(row)
    db.flush()
    return row.id
