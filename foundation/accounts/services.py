"""Signing in and out, people, organisations."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.accounts import lockout, passwords, queries
from foundation.accounts.models import Membership, Organisation, Person, SignIn
from foundation.accounts.reference import CITY_NAME
from foundation.accounts.rules import OFFICES, OrganisationKind, clashing, may_be
from foundation.accounts.wording import ROLE_NAMES
from foundation.errors import Conflict, Invalid, NotFound
from foundation.web.access import Actor, Role


def token_digest(token: str) -> str:
    """What the database keeps of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in_sample(db: Session, login: str) -> str:
    """Open a session for an invented person of the demonstration, without a password."""
    if db.scalar(select(Person.id).where(Person.login == login, Person.sample)) is None:
        raise Invalid.of("login", "没有这个演示账号", "请从列表中选择")
    return open_session(db, login)


def open_session(db: Session, login: str, address: str | None = None) -> str:
    """Sign in whoever has proved to be *login*; returns the token of the session."""
    now = clock.now()
    memberships = queries.actors_named(db, login, now.date())
    if not memberships:
        raise Invalid.of("login", "这个账号现在不代表任何单位", "请联系本单位管理员重新授权")
    membership_id, actor = memberships[0]
    token = secrets.token_urlsafe(32)
    db.add(
        SignIn(token_digest=token_digest(token), membership_id=membership_id, started_at=now, address=address)
    )
    lockout.forget(db, login)
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


def switch(db: Session, actor: Actor, token: str, membership_id: int) -> None:
    """Act in another of one's own live memberships, in the same browser."""
    now = clock.now()
    chosen = queries.membership_of(db, actor.person_id, membership_id, now.date())
    row = db.get(SignIn, token_digest(token))
    if chosen is None or row is None:
        raise NotFound
    row.membership_id = membership_id
    facts = {"organisation": chosen.organisation_code, "role": chosen.role.value}
    audit.record(db, f"person:{actor.person_id}", "switched", actor=actor, happened_at=now, facts=facts)


def add_person(
    db: Session,
    actor: Actor | None,
    *,
    login: str,
    name: str,
    password: str,
    organisation_code: str | None = None,
    role: Role | None = None,
    phone: str | None = None,
    sample: bool = False,
    must_change_password: bool = False,
    password_hash: str | None = None,
    home_organisation_id: int | None = None,
) -> int:
    """A new account, with its first membership where one is named; returns the person's id.

    Invalid names what is wrong. *password_hash* spares the hashing where it was done before.
    """
    now = clock.now()
    kept = password_hash or passwords.hashed(password, login)
    _refuse_taken(db, login)
    organisation = _organisation_coded(db, organisation_code) if organisation_code else None
    person = Person(
        login=login,
        name=name,
        phone=phone,
        password_hash=kept,
        must_change_password=must_change_password,
        home_organisation_id=organisation.id if organisation else home_organisation_id,
        sample=sample,
        created_at=now,
    )
    db.add(person)
    db.flush()
    audit.record(
        db, f"person:{person.id}", "added", actor=actor, happened_at=now, facts={}, personal={"name": name}
    )
    if organisation is not None and role is not None:
        grant(
            db, actor, person_id=person.id, organisation_id=organisation.id, role=role, valid_from=now.date()
        )
    return person.id


def _refuse_taken(db: Session, login: str) -> None:
    if db.scalar(select(Person.id).where(Person.login == login)) is not None:
        raise Invalid.of("login", f"账号 {login} 已经有人用了", "请换一个账号名")


def change_person(
    db: Session, actor: Actor, person_id: int, *, name: str, phone: str | None, home_id: int | None
) -> None:
    """Correct an account."""
    row = db.get_one(Person, person_id)
    row.name, row.phone, row.home_organisation_id = name, phone, home_id
    given = {"name": name, "phone": phone}
    audit.record(
        db, f"person:{person_id}", "changed", actor=actor, happened_at=clock.now(), facts={}, personal=given
    )


def _organisation_coded(db: Session, code: str) -> Organisation:
    organisation = db.scalar(select(Organisation).where(Organisation.code == code))
    if organisation is None:
        raise Invalid.of("organisation", f"没有代码为 {code} 的单位", "请先登记单位，或核对代码")
    return organisation


def grant(
    db: Session,
    actor: Actor | None,
    *,
    person_id: int,
    organisation_id: int,
    role: Role,
    valid_from: date,
    valid_until: date | None = None,
) -> int:
    """Let a person act for an organisation in *role*, from a day until a day; returns the membership's id.

    Invalid where the role does not fit the body, is held already, or excludes one of the other two offices.
    """
    organisation = db.get_one(Organisation, organisation_id)
    if not may_be(organisation.kind, role):
        raise Invalid.of("role", f"{organisation.name}没有这个岗位", "请核对单位和岗位")
    check_days(valid_from, valid_until)
    held = held_by(db, person_id, valid_from, valid_until)
    own = [row for row in held if row.stands_in_for_id is None]
    if any((row.organisation_id, row.role) == (organisation_id, role) for row in own):
        raise Invalid.of("role", "这个人这段时间已经有这个岗位", "请核对起止日期，或先结束原来的")
    keep_offices_apart(held, role)
    return admit(
        db,
        actor,
        Membership(
            person_id=person_id,
            organisation_id=organisation_id,
            role=role,
            valid_from=valid_from,
            valid_until=valid_until,
        ),
        organisation.code,
        "granted",
    )


def check_days(valid_from: date, valid_until: date | None) -> None:
    """Refuse days that end before they begin."""
    if valid_until is not None and valid_until < valid_from:
        raise Invalid.of("valid_until", "截止日期早于开始日期", "请改成同一天或更晚")


def held_by(db: Session, person_id: int, first: date, last: date | None) -> list[Membership]:
    """What a person is on any day from *first* to *last*; the person is locked against a second grant."""
    db.get_one(Person, person_id, with_for_update=True)
    query = select(Membership).where(
        Membership.person_id == person_id,
        Membership.ended_at.is_(None),
        or_(Membership.valid_until.is_(None), Membership.valid_until >= first),
    )
    if last is not None:
        query = query.where(Membership.valid_from <= last)
    return list(db.scalars(query.order_by(Membership.id)))


def keep_offices_apart(held: list[Membership], wanted: Role) -> None:
    """Refuse one of the three offices to whoever holds another (三员分立)."""
    other = clashing((row.role for row in held), wanted)
    if other is not None:
        raise Invalid.of(
            "role",
            f"这个人已经是{ROLE_NAMES[other]}，三员不能由同一个人兼任",
            "请另选一个人，或先结束原来的岗位",
        )


def admit(db: Session, actor: Actor | None, row: Membership, organisation_code: str, act: str) -> int:
    """Write a membership and its line on the timeline."""
    now = clock.now()
    if row.role in OFFICES:
        _close_lapsed_offices(db, row.person_id, now)
    db.add(row)
    db.flush()
    facts = {
        "membership": row.id,
        "organisation": organisation_code,
        "role": row.role.value,
        "from": row.valid_from.isoformat(),
        "until": row.valid_until.isoformat() if row.valid_until else None,
    }
    audit.record(db, f"person:{row.person_id}", act, actor=actor, happened_at=now, facts=facts)
    return row.id


def _close_lapsed_offices(db: Session, person_id: int, now: datetime) -> None:
    """What ran out makes room: the database lets a person hold one office that is not ended."""
    lapsed = (
        Membership.person_id == person_id,
        Membership.role.in_(OFFICES),
        Membership.ended_at.is_(None),
        Membership.valid_until < now.date(),
    )
    db.execute(update(Membership).where(*lapsed).values(ended_at=now))


def end_membership(db: Session, actor: Actor | None, *, membership_id: int, on: date) -> None:
    """*on* is a membership's last day; up to today it admits nobody from the next request on.

    Whoever stands in for the person there goes as well.
    """
    row = _not_ended(db, membership_id)
    _end(db, actor, row, on)
    deputies = select(Membership).where(
        Membership.stands_in_for_id == row.person_id,
        Membership.organisation_id == row.organisation_id,
        Membership.role == row.role,
        Membership.ended_at.is_(None),
        Membership.valid_until > on,
    )
    for deputy in db.scalars(deputies.order_by(Membership.id)).all():
        _end(db, actor, deputy, on)


def _not_ended(db: Session, membership_id: int) -> Membership:
    row = db.get_one(Membership, membership_id, with_for_update=True)
    if row.ended_at is not None:
        raise Conflict("这个岗位已经结束。请刷新页面查看。")
    return row


def _end(db: Session, actor: Actor | None, row: Membership, on: date) -> None:
    now = clock.now()
    row.valid_until = max(on, row.valid_from)
    if on <= now.date():
        row.ended_at = now
    facts = {"membership": row.id, "on": row.valid_until.isoformat()}
    audit.record(db, f"person:{row.person_id}", "ended", actor=actor, happened_at=now, facts=facts)


def prolong(db: Session, actor: Actor, *, membership_id: int, until: date | None) -> None:
    """Another last day for a membership that still admits, or none; an earlier one is `end_membership`."""
    row = _not_ended(db, membership_id)
    check_days(row.valid_from, until)
    if row.stands_in_for_id is not None and until is None:
        raise Invalid.of("on", "代理必须有截止日期", "请填最后一天")
    row.valid_until = until
    facts = {"membership": row.id, "until": until.isoformat() if until else None}
    now = clock.now()
    audit.record(db, f"person:{row.person_id}", "prolonged", actor=actor, happened_at=now, facts=facts)


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
    return enterprise_organisations(db, [(credit_code, name, region_code)])[credit_code]


def enterprise_organisations(db: Session, firms: Sequence[tuple[str, str, str]]) -> dict[str, int]:
    """As `enterprise_organisation` for each (credit code, name, region code), by credit code."""
    codes = [code for code, _, _ in firms]
    query = select(Organisation.code, Organisation.id).where(Organisation.code.in_(codes))
    found = dict(db.execute(query).all())
    fresh = {
        code: _new(code, name, OrganisationKind.ENTERPRISE, region, confirmed=True)
        for code, name, region in firms
        if code not in found
    }
    db.add_all(fresh.values())
    db.flush()
    return found | {code: row.id for code, row in fresh.items()}


def _register(
    db: Session, code: str, name: str, kind: OrganisationKind, region_code: str, *, confirmed: bool
) -> int:
    row = _new(code, name, kind, region_code, confirmed=confirmed)
    db.add(row)
    db.flush()
    return row.id


def _new(code: str, name: str, kind: OrganisationKind, region_code: str, *, confirmed: bool) -> Organisation:
    return Organisation(
        code=code, name=name, short_name=name[:60], kind=kind, region_code=region_code, confirmed=confirmed
    )
