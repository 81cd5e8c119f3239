"""Who acts for the firm of the world, who asks to, a consent and a calendar."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts.models import Membership, Person
from foundation.enterprises import queries as enterprises
from foundation.enterprises.binding import services as binding
from foundation.enterprises.consents import services as consents
from foundation.enterprises.consents.rules import Means
from foundation.enterprises.mandates import services as mandates
from foundation.enterprises.mandates.models import Mandate
from foundation.enterprises.mandates.rules import Capacity
from foundation.settings import Settings
from foundation.web.access import Actor
from portal.firms import calendar, queries
from portal.firms import services as firms
from tests.factories import city as factory

Objects = dict[str, dict[str, str]]


def consent(db: Session, clerk: Actor, item_code: str) -> None:
    """The firm agrees that the clerk's window applies for it."""
    consents.record(
        db,
        clerk,
        credit_code=factory.FIRM,
        item_code=item_code,
        means=Means.LETTER,
        given_by="王慧（样例）",
    )


def bind(db: Session, firm: Actor, settings: Settings) -> Objects:
    """Mandates, a request and a calendar of *firm*'s person, by the arguments that address them."""
    enterprise = enterprises.by_code(db, factory.FIRM)
    assert enterprise is not None
    membership = select(Membership.id).where(Membership.person_id == firm.person_id)
    own = _mandate(factory.FIRM, firm.person_id, Capacity.LEGAL, db.scalars(membership).one())
    offered = _mandate(factory.OTHER_FIRM, firm.person_id, Capacity.HANDLER)
    db.add_all((own, offered))
    db.flush()
    colleague = Person(login="colleague", name="同事（样例）", sample=True, created_at=clock.now())
    db.add(colleague)
    db.flush()
    bound = mandates.bind(db, None, enterprise, person_id=colleague.id, capacity=Capacity.HANDLER)
    wanted = binding.Wanted(factory.FIRM, enterprise.name, Capacity.LEGAL)
    asked = binding.ask(db, firm, wanted)
    firms.make_calendar(db, firm)
    db.flush()
    number = queries.calendar_of(db, firm.person_id) or 0
    return {
        "short_code": {"asked": asked},
        "mandate_id": {"own": str(own.id), "offered": str(offered.id), "colleague": str(bound.id)},
        "address": {"calendar": calendar.address(settings.secret_key, number)},
    }


def _mandate(code: str, person_id: int, capacity: Capacity, membership_id: int | None = None) -> Mandate:
    now = clock.now()
    return Mandate(
        credit_code=code,
        person_id=person_id,
        capacity=capacity,
        chief=capacity is Capacity.LEGAL,
        offered_at=now,
        accepted_at=now if membership_id else None,
        membership_id=membership_id,
    )
