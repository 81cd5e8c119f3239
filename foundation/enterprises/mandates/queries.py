"""Who acts for whom, and in what."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from foundation.accounts.models import Membership, Organisation, Person
from foundation.enterprises.mandates.models import Contact, Mandate, MandateItem
from foundation.enterprises.mandates.rules import CAPACITY_NAMES, WHOLE, Capacity, Power, check, powers_of
from foundation.enterprises.mandates.rules import Mandate as Held
from foundation.enterprises.models import Enterprise
from foundation.errors import NotAllowed
from foundation.web.access import Actor, Role

SHOWN_LINES = 30


@dataclass(frozen=True, slots=True)
class MandateView:
    """One mandate as the pages of enterprise and agent show it."""

    id: int
    credit_code: str
    firm: str
    person_id: int
    person: str
    login: str
    phone: str
    agency: str
    held: Held
    accepted: bool
    offered_at: datetime

    @property
    def capacity_name(self) -> str:
        """As what, in words."""
        return CAPACITY_NAMES[self.held.capacity]


@dataclass(frozen=True, slots=True)
class ContactView:
    """Who gets an enterprise's messages."""

    name: str
    phone: str
    email: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Represented:
    """An enterprise for which a person may act now."""

    membership_id: int
    credit_code: str
    name: str
    held: Held


def held_by(db: Session, actor: Actor) -> Held:
    """What the actor may do for the enterprise it acts for."""
    row = db.scalar(
        select(Mandate)
        .where(Mandate.credit_code == actor.organisation_code, Mandate.person_id == actor.person_id, _live())
        .options(selectinload(Mandate.items))
    )
    return WHOLE if row is None else _held(row)


def check_may(db: Session, actor: Actor, power: Power, item_code: str | None = None) -> None:
    """Refuse an enterprise's person what the mandate does not hold for; other roles are not asked here."""
    if actor.role is Role.ENTERPRISE:
        check(held_by(db, actor), power, item_code)


def in_scope(actor: Actor, item_code: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Rows whose item the actor's mandate holds for: a mandate for named items sees those alone."""
    named = MandateItem.mandate_id == Mandate.id, MandateItem.item_code == item_code
    return or_(unlimited(actor), exists().where(*named, *_limited(actor)))


def unlimited(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor's mandate holds for whatever the enterprise has."""
    return ~exists().where(*_limited(actor))


def _limited(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    mine = (Mandate.credit_code == actor.organisation_code, Mandate.person_id == actor.person_id)
    return (*mine, _live(), Mandate.all_items.is_(False))


def check_unlimited(db: Session, actor: Actor) -> None:
    """Refuse whoever acts for named items alone what concerns the whole enterprise."""
    if held_by(db, actor).items is not None:
        raise NotAllowed("您的授权只包括指定的事项，不能办这一项。需要时请联系本企业管理授权的同事。")


def of_firm(db: Session, credit_code: str) -> list[MandateView]:
    """Everyone who acts for the enterprise or was asked to, the oldest first."""
    return _views(db, _shown().where(Mandate.credit_code == credit_code))


def of_person(db: Session, person_id: int) -> list[MandateView]:
    """Every mandate somebody holds or was offered, the oldest first."""
    return _views(db, _shown().where(Mandate.person_id == person_id))


def represented(db: Session, person_id: int, today: date) -> list[Represented]:
    """The enterprises for which a person may act today, by name: two queries, however many they are."""
    same = (Mandate.person_id == Membership.person_id) & (Mandate.credit_code == Organisation.code)
    query = (
        select(Membership.id, Organisation.code, Organisation.name, Mandate)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Mandate, same & _live())
        .where(Membership.person_id == person_id, Membership.role == Role.ENTERPRISE, _admits(today))
        .options(selectinload(Mandate.items))
        .order_by(Organisation.name, Membership.id)
    )
    return [
        Represented(membership_id, code, name, WHOLE if row is None else _held(row))
        for membership_id, code, name, row in db.execute(query)
    ]


def contact_of(db: Session, credit_code: str) -> ContactView | None:
    """Who gets the enterprise's messages, where it said so."""
    row = db.get(Contact, credit_code)
    return None if row is None else ContactView(row.name, row.phone, row.email, row.set_at)


def has_chief(db: Session, credit_code: str, today: date) -> bool:
    """Whether somebody names others for the enterprise today."""
    runs = or_(Mandate.valid_until.is_(None), Mandate.valid_until >= today)
    query = select(Mandate.id).where(Mandate.credit_code == credit_code, Mandate.chief, _live(), runs)
    return db.scalar(query.limit(1)) is not None


def people_named(db: Session, login_or_phone: str) -> list[int]:
    """Who has this login, or this telephone number."""
    named = or_(Person.login == login_or_phone, Person.phone == login_or_phone)
    return list(db.scalars(select(Person.id).where(named).order_by(Person.id).limit(2)))


def _live() -> ColumnElement[bool]:
    return Mandate.ended_at.is_(None) & Mandate.accepted_at.is_not(None)


def _admits(today: date) -> ColumnElement[bool]:
    return (
        (Membership.valid_from <= today)
        & or_(Membership.valid_until.is_(None), Membership.valid_until >= today)
        & Membership.ended_at.is_(None)
    )


def _shown() -> Select[Any, Any, Any]:
    return (
        select(Mandate, Person, Enterprise.name)
        .join(Person, Person.id == Mandate.person_id)
        .join(Enterprise, Enterprise.credit_code == Mandate.credit_code)
        .where(Mandate.ended_at.is_(None))
        .options(selectinload(Mandate.items))
        .order_by(Mandate.offered_at, Mandate.id)
    )


def _views(db: Session, query: Select[Any, Any, Any]) -> list[MandateView]:
    return [
        MandateView(
            id=row.id,
            credit_code=row.credit_code,
            firm=firm,
            person_id=person.id,
            person=person.name,
            login=person.login,
            phone=person.phone or "",
            agency=row.agency or "",
            held=_held(row),
            accepted=row.accepted_at is not None,
            offered_at=row.offered_at,
        )
        for row, person, firm in db.execute(query)
    ]


def _held(row: Mandate) -> Held:
    given = [Power.APPLY] * row.may_apply + [Power.CONFIRM_ACCOUNT] * row.may_confirm
    items = None if row.all_items else frozenset(item.item_code for item in row.items)
    return Held(row.capacity, row.chief, powers_of(given), items, row.valid_until)


def beyond_membership(db: Session) -> list[str]:
    """Invariant: a mandate and the membership that it opened are of one person and end together."""
    query = (
        select(Mandate.id, Mandate.ended_at, Membership.person_id, Mandate.person_id, Membership.ended_at)
        .join(Membership, Membership.id == Mandate.membership_id)
        .order_by(Mandate.id)
    )
    return [
        f"mandate {number}: ended {ended}, its membership {closed}"
        for number, ended, theirs, own, closed in db.execute(query)
        if theirs != own or (ended is None) != (closed is None)
    ]


def agents_without_end(db: Session) -> list[str]:
    """Invariant: nobody acts for an enterprise as agent longer than the mandate says."""
    query = (
        select(Mandate.id)
        .join(Membership, Membership.id == Mandate.membership_id)
        .where(
            Mandate.capacity == Capacity.AGENT, Mandate.ended_at.is_(None),
            or_(Membership.valid_until.is_(None), Membership.valid_until > Mandate.valid_until),
        )
        .order_by(Mandate.id)
    )  # fmt: skip
    return [f"mandate {number}: its membership outlasts it" for number in db.scalars(query)]


INVARIANTS = (
    ("a mandate and its membership end together", beyond_membership),
    ("no agent outlasts the mandate", agents_without_end),
)
