"""What administrators read: people with what they may do, bodies, who signed in, each in their own region."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from foundation import clock
from foundation.accounts import lockout
from foundation.accounts.models import (
    Membership,
    Organisation,
    Person,
    RefusedSignIn,
    SecondFactor,
    SignIn,
)
from foundation.accounts.queries import names_of
from foundation.accounts.rules import NOT_PUBLIC
from foundation.accounts.wording import ROLE_NAMES, signature
from foundation.audit import AuditEvent
from foundation.errors import NotFound
from foundation.web.access import STAFF, Actor, Role

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class MembershipView:
    """What a person may be, for whom, in which days."""

    id: int
    organisation_code: str
    organisation: str
    role: Role
    valid_from: date
    valid_until: date | None
    in_place_of: str | None
    ended: bool

    @property
    def role_name(self) -> str:
        """The role in words; a deputy's with whose place is taken."""
        return signature(ROLE_NAMES[self.role], self.in_place_of)

    @property
    def as_choice(self) -> tuple[int, str]:
        """What a list of choices shows."""
        return self.id, f"{self.organisation}，{self.role_name}"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One account on the list."""

    id: int
    login: str
    name: str
    phone: str | None
    home: str | None
    home_code: str | None
    enrolled: bool
    locked: bool
    must_change_password: bool
    memberships: tuple[MembershipView, ...]

    @property
    def live(self) -> list[MembershipView]:
        """What is not over."""
        return [each for each in self.memberships if not each.ended]


@dataclass(frozen=True, slots=True)
class People:
    """A page of the list."""

    rows: list[PersonRow]
    total: int


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One entry, or one refusal."""

    at: datetime
    name: str
    organisation: str
    address: str
    ended_at: datetime | None
    refused: bool


def visible_to(actor: Actor, body: Any = Organisation) -> ColumnElement[bool]:
    """Which bodies an administrator looks after: a county's its own, the city's all."""
    own = aliased(Organisation)
    region = select(own.region_code).where(own.id == actor.organisation_id).scalar_subquery()
    return or_(region.like("%00"), body.region_code == region)


def _people_of(actor: Actor) -> ColumnElement[bool]:
    """Whoever belongs to such a body, or acts or acted for one; the homeless are everybody's."""
    body, member = aliased(Organisation), aliased(Membership)
    at_home = exists().where(body.id == Person.home_organisation_id, visible_to(actor, body))
    acts = exists().where(
        member.person_id == Person.id, body.id == member.organisation_id, visible_to(actor, body)
    )
    anywhere = exists().where(member.person_id == Person.id)
    return or_(at_home, acts, and_(Person.home_organisation_id.is_(None), ~anywhere))


def people(db: Session, actor: Actor, *, search: str, staff: bool, page: int, today: date) -> People:
    """The accounts that fit, by login: people of public bodies, or of enterprises."""
    fitting = _people_of(actor), _matches(search), _is_staff() if staff else ~_is_staff()
    total = db.scalar(select(func.count()).select_from(Person).where(*fitting)) or 0
    query = select(Person.id).where(*fitting).order_by(Person.login)
    ids = list(db.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)))
    return People(_rows(db, ids, today), total)


def person(db: Session, actor: Actor, login: str, today: date) -> PersonRow:
    """One account; NotFound where another region looks after it."""
    found = db.scalar(select(Person.id).where(Person.login == login, _people_of(actor)))
    if found is None:
        raise NotFound
    return _rows(db, [found], today)[0]


def _is_staff() -> ColumnElement[bool]:
    """Not a firm's people alone."""
    firm = exists().where(Membership.person_id == Person.id, Membership.role.not_in(STAFF.roles))
    other = exists().where(Membership.person_id == Person.id, Membership.role.in_(STAFF.roles))
    return or_(other, ~firm)


def _matches(search: str) -> ColumnElement[bool]:
    if not search:
        return true()
    return or_(
        *(column.contains(search, autoescape=True) for column in (Person.login, Person.name, Person.phone))
    )


def _rows(db: Session, ids: Sequence[int], today: date) -> list[PersonRow]:
    query = (
        select(Person, Organisation, SecondFactor.person_id.label("enrolled"))
        .outerjoin(Organisation, Organisation.id == Person.home_organisation_id)
        .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
        .where(Person.id.in_(ids))
        .order_by(Person.login)
    )
    found = db.execute(query).all()
    held = _memberships(db, ids, today)
    locked = lockout.locked(db, [(row.Person.id, row.Person.login) for row in found])
    return [
        PersonRow(
            id=row.Person.id,
            login=row.Person.login,
            name=row.Person.name,
            phone=row.Person.phone,
            home=row.Organisation.name if row.Organisation else None,
            home_code=row.Organisation.code if row.Organisation else None,
            enrolled=row.enrolled is not None,
            locked=row.Person.id in locked,
            must_change_password=row.Person.must_change_password,
            memberships=tuple(held[row.Person.id]),
        )
        for row in found
    ]


def _memberships(db: Session, ids: Sequence[int], today: date) -> dict[int, list[MembershipView]]:
    absent = aliased(Person)
    query = (
        select(Membership, Organisation.code, Organisation.name, absent.name.label("absent"))
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(absent, absent.id == Membership.stands_in_for_id)
        .where(Membership.person_id.in_(ids))
        .order_by(Membership.id)
    )
    held: dict[int, list[MembershipView]] = defaultdict(list)
    for row in db.execute(query):
        one = row.Membership
        over = one.ended_at is not None or (one.valid_until is not None and one.valid_until < today)
        held[one.person_id].append(
            MembershipView(
                one.id, row.code, row.name, one.role, one.valid_from, one.valid_until, row.absent, over
            )
        )
    return held


def colleagues(db: Session, actor: Actor, today: date) -> list[tuple[str, str]]:
    """Login and name of whoever else acts for the actor's body today, in a role of their own."""
    query = (
        select(Person.login, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == actor.organisation_id,
            Membership.stands_in_for_id.is_(None),
            Membership.ended_at.is_(None),
            Membership.valid_from <= today,
            or_(Membership.valid_until.is_(None), Membership.valid_until >= today),
            Person.id != actor.person_id,
        )
        .distinct()
        .order_by(Person.login)
    )
    return [(row.login, row.name) for row in db.execute(query)]


def deputies(db: Session, person_id: int, today: date) -> list[tuple[int, str, date, date | None]]:
    """Who stands in for a person now or later: membership, name, first and last day."""
    query = (
        select(Membership, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.stands_in_for_id == person_id,
            Membership.ended_at.is_(None),
            Membership.valid_until >= today,
        )
        .order_by(Membership.valid_from, Membership.id)
    )
    return [
        (row.Membership.id, row.name, row.Membership.valid_from, row.Membership.valid_until)
        for row in db.execute(query)
    ]


def sign_ins(db: Session, actor: Actor, *, refused: bool, page: int) -> tuple[list[SignInRow], int]:
    """Who came in, or who was refused, the latest first."""
    query = _refused() if refused else _entered()
    query = query.where(_people_of(actor) if not refused else or_(Person.id.is_(None), _people_of(actor)))
    total = db.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return [
        SignInRow(
            row.at,
            row.name or "没有这个账号",
            row.organisation or "",
            row.address or "",
            row.ended_at,
            refused,
        )
        for row in rows
    ], total


def _entered() -> Select[*tuple[Any, ...]]:
    return (
        select(
            SignIn.started_at.label("at"),
            Person.name.label("name"),
            Organisation.name.label("organisation"),
            SignIn.address.label("address"),
            SignIn.ended_at.label("ended_at"),
        )
        .join(Membership, Membership.id == SignIn.membership_id)
        .join(Person, Person.id == Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .order_by(SignIn.started_at.desc(), SignIn.token_digest)
    )


def _refused() -> Select[*tuple[Any, ...]]:
    return (
        select(
            RefusedSignIn.at.label("at"),
            Person.name.label("name"),
            Organisation.name.label("organisation"),
            RefusedSignIn.address.label("address"),
            RefusedSignIn.at.label("ended_at"),
        )
        .outerjoin(Person, Person.id == RefusedSignIn.person_id)
        .outerjoin(Organisation, Organisation.id == Person.home_organisation_id)
        .order_by(RefusedSignIn.at.desc(), RefusedSignIn.id.desc())
    )


def organisations(db: Session, actor: Actor, *, search: str, page: int) -> tuple[list[Organisation], int]:
    """The public bodies that fit, by code."""
    fitting = [visible_to(actor), Organisation.kind.not_in(NOT_PUBLIC)]
    if search:
        fitting.append(
            or_(
                Organisation.name.contains(search, autoescape=True),
                Organisation.code.contains(search, autoescape=True),
            )
        )
    total = db.scalar(select(func.count()).select_from(Organisation).where(*fitting)) or 0
    query = select(Organisation).where(*fitting).order_by(Organisation.confirmed, Organisation.code)
    return list(db.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))), total


def organisation(db: Session, actor: Actor, code: str) -> Organisation:
    """One public body; NotFound where another region looks after it."""
    mine = visible_to(actor), Organisation.kind.not_in(NOT_PUBLIC)
    row = db.scalar(select(Organisation).where(Organisation.code == code, *mine))
    if row is None:
        raise NotFound
    return row


def unconfirmed(db: Session, actor: Actor) -> int:
    """How many bodies came with an import or the reference data and wait to be checked."""
    query = select(func.count()).select_from(Organisation)
    mine = visible_to(actor), Organisation.kind.not_in(NOT_PUBLIC)
    return db.scalar(query.where(*mine, ~Organisation.confirmed)) or 0


def unassigned(db: Session, actor: Actor) -> list[tuple[str, str]]:
    """Login and name of accounts that may do nothing yet."""
    member = exists().where(Membership.person_id == Person.id)
    query = select(Person.login, Person.name).where(~member, _people_of(actor)).order_by(Person.login)
    return [(row.login, row.name) for row in db.execute(query.limit(PAGE_SIZE))]


def locked_out(db: Session, actor: Actor) -> list[tuple[str, str]]:
    """Login and name of those who have to wait, or be unlocked."""
    day = clock.now() - timedelta(days=1)  # a lock is shorter; who was refused before it is no matter
    recent = exists().where(RefusedSignIn.person_id == Person.id, RefusedSignIn.at > day)
    query = select(Person.id, Person.login, Person.name).where(recent, _people_of(actor))
    rows = db.execute(query.order_by(Person.login)).all()
    locked = lockout.locked(db, [(row.id, row.login) for row in rows])
    return [(row.login, row.name) for row in rows if row.id in locked]


@dataclass(frozen=True, slots=True)
class ActLine:
    """One line of the record about people, bodies and calendars."""

    at: datetime
    subject: str
    act: str
    who: str
    role: str


def latest_acts(db: Session, subjects: Sequence[str], most: int) -> list[ActLine]:
    """The last lines of the record on *subjects*, the newest first; people by name."""
    about = or_(*(AuditEvent.subject.startswith(start) for start in subjects))
    query = (
        select(AuditEvent, Person.name)
        .outerjoin(Person, Person.id == AuditEvent.person_id)
        .where(about)
        .order_by(AuditEvent.seq.desc())
        .limit(most)
    )
    rows = db.execute(query).all()
    ids = {int(row.AuditEvent.subject[7:]) for row in rows if row.AuditEvent.subject.startswith("person:")}
    names = names_of(db, ids)
    return [
        ActLine(
            row.AuditEvent.happened_at,
            _subject_name(row.AuditEvent.subject, names),
            row.AuditEvent.act,
            row.name or "系统",
            row.AuditEvent.role or "",
        )
        for row in rows
    ]


def _subject_name(subject: str, names: Mapping[int, str]) -> str:
    kind, _, key = subject.partition(":")
    return names.get(int(key), key) if kind == "person" else key
