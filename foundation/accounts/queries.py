"""Who is who."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from foundation import clock
from foundation.accounts.models import (
    Membership,
    Organisation,
    OrganisationRelation,
    Person,
    SignIn,
)
from foundation.accounts.rules import OFFICES, OrganisationKind
from foundation.accounts.wording import signature
from foundation.errors import NotFound
from foundation.web.access import STAFF, Actor, Role

HELD = "accounts.organisations"


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """What other rooms need of an organisation."""

    id: int
    code: str
    name: str
    short_name: str
    kind: OrganisationKind
    region_code: str
    opening_hours: Any
    phone: str | None
    review_authority: str | None
    court: str | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """An account of the demonstration, as the role switcher offers it."""

    login: str
    name: str
    organisation: str
    role: Role


@dataclass(frozen=True, slots=True)
class PersonView:
    """An account, as its owner and the administrators see it."""

    id: int
    login: str
    name: str
    phone: str | None
    home: str | None
    must_change_password: bool
    is_staff: bool


def _view(row: Organisation) -> OrganisationView:
    return OrganisationView(
        row.id,
        row.code,
        row.name,
        row.short_name,
        row.kind,
        row.region_code,
        row.opening_hours,
        row.phone,
        row.review_authority,
        row.court,
        row.confirmed,
    )


def organisation(db: Session, organisation_id: int) -> OrganisationView:
    """The organisation of an internal id; held on to, so that it is read once a transaction."""
    held: dict[int, Organisation] = db.info.setdefault(HELD, {})
    row = held[organisation_id] = db.get_one(Organisation, organisation_id)
    return _view(row)


def organisations_by_id(db: Session, ids: Collection[int]) -> dict[int, OrganisationView]:
    """The organisations of some internal ids."""
    return {row.id: _view(row) for row in db.scalars(select(Organisation).where(Organisation.id.in_(ids)))}


def organisation_by_code(db: Session, code: str) -> OrganisationView:
    """The organisation of *code*; NotFound otherwise."""
    row = db.scalar(select(Organisation).where(Organisation.code == code))
    if row is None:
        raise NotFound
    return _view(row)


def organisations(db: Session, *kinds: OrganisationKind) -> list[OrganisationView]:
    """Every organisation of *kinds*, by code."""
    rows = db.scalars(select(Organisation).where(Organisation.kind.in_(kinds)).order_by(Organisation.code))
    return [_view(row) for row in rows]


def window_of(db: Session, region_code: str) -> OrganisationView:
    """The 兑现专窗 that serves *region_code*: the county's own, else the city's."""
    return _serving(db, region_code, OrganisationKind.WINDOW)


def finance_of(db: Session, region_code: str) -> OrganisationView:
    """The finance bureau that pays in *region_code*: the county's own, else the city's."""
    return _serving(db, region_code, OrganisationKind.FINANCE)


def _serving(db: Session, region_code: str, kind: OrganisationKind) -> OrganisationView:
    regions = (region_code, region_code[:4] + "00")
    row = db.scalar(
        select(Organisation)
        .where(Organisation.kind == kind, Organisation.region_code.in_(regions))
        .order_by(Organisation.region_code.desc(), Organisation.id)
        .limit(1)
    )
    if row is None:
        raise NotFound("这个地区还没有设置办理单位。请联系市级兑现专窗，由系统管理员登记。")
    return _view(row)


def related(db: Session, organisation_id: int, relation: str) -> OrganisationView | None:
    """The organisation that stands in *relation* to this one."""
    row = db.scalar(
        select(Organisation)
        .join(OrganisationRelation, OrganisationRelation.related_id == Organisation.id)
        .where(
            OrganisationRelation.organisation_id == organisation_id, OrganisationRelation.relation == relation
        )
        .order_by(Organisation.id)
        .limit(1)
    )
    return None if row is None else _view(row)


def names_of(db: Session, person_ids: set[int]) -> dict[int, str]:
    """Names of people by id, for timelines."""
    rows = db.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name for row in rows}


def actor_of(db: Session, token_digest: str, today: date) -> Actor | None:
    """Who a signed-in browser is right now: a membership that ended yesterday admits nobody today."""
    row = db.execute(_signed_in(), {"today": today, "digest": token_digest}).first()
    return None if row is None else _actor(row)


@cache
def _signed_in() -> Select[Any, Any, Any, Any, Any]:
    """Made once: it runs with every request, and making it takes longer than running it."""
    return (
        _actors(bindparam("today", type_=Date))
        .join(SignIn, SignIn.membership_id == Membership.id)
        .where(SignIn.token_digest == bindparam("digest"), SignIn.ended_at.is_(None))
    )


def actors_named(db: Session, login: str, today: date) -> list[tuple[int, Actor]]:
    """The memberships (id and actor) in which the person with *login* may act today, the oldest first.

    The one of an account that is not bound to anything comes last.
    """
    unbound = Membership.role == Role.REGISTRANT
    rows = db.execute(_actors(today).where(Person.login == login).order_by(unbound, Membership.id))
    return [(row.Membership.id, _actor(row)) for row in rows]


def has_people(db: Session) -> bool:
    """Whether anybody has an account: nobody has in a database that was just made."""
    return db.scalar(select(Person.id).limit(1)) is not None


def person(db: Session, person_id: int) -> PersonView:
    """The account of an internal id; staff is whoever acts for a public body today."""
    return _person(db, Person.id == person_id, clock.now().date())


def person_named(db: Session, login: str, today: date) -> PersonView:
    """The account of *login*; NotFound otherwise."""
    return _person(db, Person.login == login, today)


def _person(db: Session, which: ColumnElement[bool], today: date) -> PersonView:
    staff = exists().where(
        Membership.person_id == Person.id, Membership.role.in_(STAFF.roles), _live(Membership, today)
    )
    query = select(Person, Organisation.name.label("home"), staff.label("is_staff")).outerjoin(
        Organisation, Organisation.id == Person.home_organisation_id
    )
    row = db.execute(query.where(which)).first()
    if row is None:
        raise NotFound
    one = row.Person
    return PersonView(
        one.id, one.login, one.name, one.phone, row.home, one.must_change_password, bool(row.is_staff)
    )


def staff_of(db: Session, organisation_id: int, role: Role, today: date) -> list[int]:
    """The people who may act today for an organisation in *role*, by id."""
    who = _actors(today).where(Organisation.id == organisation_id, Membership.role == role)
    return sorted({row.Person.id for row in db.execute(who)})


def staff(db: Session, role: Role, today: date) -> list[int]:
    """The people who may act today in *role*, for whichever organisation, by id."""
    return sorted({row.Person.id for row in db.execute(_actors(today).where(Membership.role == role))})


def sample_accounts(db: Session, today: date) -> list[SampleAccount]:
    """The accounts of the demonstration, in the order of the roles; each with its first membership."""
    rows = db.execute(_actors(today).where(Person.sample).order_by(Membership.id.desc()))
    first = {row.Person.login: row for row in rows}
    return [
        SampleAccount(row.Person.login, row.Person.name, row.Organisation.name, row.Membership.role)
        for row in sorted(first.values(), key=lambda row: int(row.Membership.id))
    ]


def membership_of(db: Session, person_id: int, membership_id: int, today: date) -> Actor | None:
    """A person's own membership, if it admits today."""
    row = db.execute(_actors(today).where(Person.id == person_id, Membership.id == membership_id)).first()
    return None if row is None else _actor(row)


def own_membership(db: Session, actor: Actor, today: date) -> int:
    """The membership in which the actor acts; NotFound for a deputy, who has none of his own there."""
    query = select(Membership.id).where(
        Membership.person_id == actor.person_id,
        Membership.organisation_id == actor.organisation_id,
        Membership.role == actor.role,
        Membership.stands_in_for_id.is_(None),
        _live(Membership, today),
    )
    found = None if actor.stands_in_for else db.scalar(query.order_by(Membership.id).limit(1))
    if found is None:
        raise NotFound
    return found


def memberships(db: Session, person_id: int, today: date) -> list[tuple[int, Actor]]:
    """The memberships in which a person may act today, the oldest first."""
    rows = db.execute(_actors(today).where(Person.id == person_id).order_by(Membership.id))
    return [(row.Membership.id, _actor(row)) for row in rows]


def _live(membership: Any, today: date | BindParameter[date]) -> ColumnElement[bool]:
    """A membership that admits on *today*."""
    return and_(
        membership.valid_from <= today,
        or_(membership.valid_until.is_(None), membership.valid_until >= today),
        membership.ended_at.is_(None),
    )


def _actors(today: date | BindParameter[date]) -> Select[Any, Any, Any, Any, Any]:
    """One query tells everything about who acts."""
    absent, other = aliased(Person), aliased(Membership)
    others = (
        exists()
        .where(other.person_id == Membership.person_id, other.id != Membership.id, _live(other, today))
        .label("may_switch")
    )
    return (
        select(Person, Organisation, Membership, absent.name.label("absent"), others)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(absent, absent.id == Membership.stands_in_for_id)
        .where(_live(Membership, today))
    )


def _actor(row: Any) -> Actor:
    person, organisation, membership = row.Person, row.Organisation, row.Membership
    return Actor(
        person.id,
        signature(person.name, row.absent),
        organisation.id,
        organisation.code,
        organisation.name,
        membership.role,
        stands_in_for=membership.stands_in_for_id,
        may_switch=bool(row.may_switch),
    )


def holding_two_offices(db: Session) -> list[str]:
    """Invariant: nobody holds two of the three administrators' offices (三员分立)."""
    query = (
        select(Membership.person_id, func.count())
        .where(Membership.role.in_(OFFICES), Membership.ended_at.is_(None))
        .group_by(Membership.person_id)
        .having(func.count() > 1)
        .order_by(Membership.person_id)
    )
    return [f"person {person_id}: holds {number} offices" for person_id, number in db.execute(query)]


def standing_in_for_nobody(db: Session) -> list[str]:
    """Invariant: whoever stands in for somebody has a last day, and somebody else has that place."""
    own = aliased(Membership)
    place = exists().where(
        own.person_id == Membership.stands_in_for_id,
        own.organisation_id == Membership.organisation_id,
        own.role == Membership.role,
    )
    query = select(Membership.id).where(
        Membership.stands_in_for_id.is_not(None), or_(Membership.valid_until.is_(None), ~place)
    )
    return [f"membership {each}: in nobody's place" for each in db.scalars(query.order_by(Membership.id))]


INVARIANTS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("nobody holds two administrators' offices", holding_two_offices),
    ("every deputy stands in for somebody, for a time", standing_in_for_nobody),
)
