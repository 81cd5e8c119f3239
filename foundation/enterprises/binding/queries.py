"""Binding requests, for the person who asked and the window that checks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from foundation.accounts import queries as accounts
from foundation.accounts.models import Organisation, Person
from foundation.accounts.queries import OrganisationView
from foundation.accounts.rules import OrganisationKind
from foundation.enterprises.binding.models import BindingRequest
from foundation.enterprises.binding.rules import PROOF_NAMES, PROOFS, STATE_NAMES, BindingState
from foundation.enterprises.mandates.rules import CAPACITY_NAMES, Capacity
from foundation.enterprises.models import Enterprise
from foundation.errors import NotFound
from foundation.web.access import Actor, Role

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request; *known_as* is the name under which the enterprise is registered already."""

    short_code: str
    person_id: int
    person: str
    phone: str
    login: str
    credit_code: str
    firm_name: str
    region_code: str
    known_as: str | None
    capacity: Capacity
    state: BindingState
    asked_at: datetime
    decided_at: datetime | None
    reason: str

    @property
    def state_name(self) -> str:
        """Where it stands, in words."""
        return STATE_NAMES[self.state]

    @property
    def capacity_name(self) -> str:
        """As what the person asks, in words."""
        return CAPACITY_NAMES[self.capacity]

    @property
    def to_bring(self) -> tuple[str, ...]:
        """What has to be shown."""
        return tuple(PROOF_NAMES[proof] for proof in PROOFS[self.capacity])

    @property
    def renamed(self) -> bool:
        """Whether the name given is not the one that is registered."""
        return self.known_as is not None and self.known_as != self.firm_name


def visible_to(actor: Actor, region_code: str) -> ColumnElement[bool]:
    """One's own requests; at a window those of its county, at the city's window all."""
    match actor.role:
        case Role.WINDOW:
            return true() if region_code.endswith("00") else BindingRequest.region_code == region_code
        case Role.REGISTRANT | Role.ENTERPRISE:
            return BindingRequest.person_id == actor.person_id
        case _:
            return false()


def in_sight(db: Session, actor: Actor) -> ColumnElement[bool]:
    """`visible_to` with the district of the actor's own organisation."""
    return visible_to(actor, db.get_one(Organisation, actor.organisation_id).region_code)


def latest(db: Session, actor: Actor) -> RequestView | None:
    """The newest request of the person who is signed in."""
    found = _views(db, BindingRequest.person_id == actor.person_id, newest_first=True)
    return found[0] if found else None


def one(db: Session, actor: Actor, short_code: str) -> RequestView:
    """The request of a short code; NotFound where it is not the actor's to see."""
    found = _views(db, BindingRequest.short_code == short_code, in_sight(db, actor))
    if not found:
        raise NotFound("没有找到这份绑定申请，或者不归本窗口办理。请核对短码，或请对方到所在县区的兑现专窗。")
    return found[0]


def waiting(db: Session, actor: Actor, search: str = "") -> list[RequestView]:
    """Requests that wait at the actor's window, the oldest first; or all that *search* finds.

    *search* is a short code, a credit code, or a telephone number.
    """
    seen = in_sight(db, actor)
    if not search:
        return _views(db, BindingRequest.state == BindingState.WAITING, seen)
    plain = search.replace(" ", "").upper()
    given = or_(
        BindingRequest.short_code == plain, BindingRequest.credit_code == plain, Person.phone == search
    )
    return _views(db, given, seen)


def windows_for(db: Session, region_code: str) -> list[OrganisationView]:
    """Where one is bound: the window of the county, then the city's."""
    windows = accounts.organisations(db, OrganisationKind.WINDOW)
    near = [window for window in windows if window.region_code == region_code]
    return near + [window for window in windows if window.region_code.endswith("00") and window not in near]


def login_of(db: Session, person_id: int) -> str:
    """With what a person signs in."""
    return db.get_one(Person, person_id).login


def _views(db: Session, *where: ColumnElement[bool], newest_first: bool = False) -> list[RequestView]:
    order = BindingRequest.id.desc() if newest_first else BindingRequest.id
    rows = db.execute(
        select(BindingRequest, Person, Enterprise.name)
        .join(Person, Person.id == BindingRequest.person_id)
        .outerjoin(Enterprise, Enterprise.credit_code == BindingRequest.credit_code)
        .where(*where)
        .order_by(order)
        .limit(MOST_SHOWN)
    )
    return [
        RequestView(
            short_code=row.short_code,
            person_id=person.id,
            person=person.name,
            phone=person.phone or "",
            login=person.login,
            credit_code=row.credit_code,
            firm_name=row.firm_name,
            region_code=row.region_code,
            known_as=known_as,
            capacity=row.capacity,
            state=row.state,
            asked_at=row.asked_at,
            decided_at=row.decided_at,
            reason=row.reason or "",
        )
        for row, person, known_as in rows
    ]
