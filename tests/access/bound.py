"""Who acts for the firm of the world: colleagues, agents, who asks to; a consent and a calendar."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import PolicyItem
from foundation import clock
from foundation.accounts.models import Membership, Person
from foundation.enterprises import queries as enterprises
from foundation.enterprises.binding import services as binding
from foundation.enterprises.consents import services as consents
from foundation.enterprises.consents.rules import Means
from foundation.enterprises.mandates import services as mandates
from foundation.enterprises.mandates.models import Mandate
from foundation.enterprises.mandates.rules import Capacity, Power
from foundation.enterprises.mandates.services import Terms
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


def bind(db: Session, people: dict[str, Actor], settings: Settings) -> Objects:
    """Mandates, requests and a calendar, by the arguments that address them.

    *agent* acts for whatever the firm has a case of, *agent2* for an item that none of this is about, *ended*
    did so until its mandate was ended; *unbound* asked to be bound to the firm.
    """
    firm = people["firm"]
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
    items = set(db.scalars(select(PolicyItem.code).where(PolicyItem.code.startswith("W-"))))
    agents = {
        name: _agent(db, people, name, items if name == "agent" else {factory.INSTANT_ITEM})
        for name in ("agent", "agent2", "ended")
    }
    wanted = binding.Wanted(factory.FIRM, enterprise.name, Capacity.LEGAL)
    asked = {"asked": binding.ask(db, firm, wanted), "unbound": binding.ask(db, people["unbound"], wanted)}
    firms.make_calendar(db, firm)
    db.flush()
    number = queries.calendar_of(db, firm.person_id) or 0
    return {
        "short_code": asked,
        "mandate_id": {"own": str(own.id), "offered": str(offered.id), "colleague": str(bound.id), **agents},
        "address": {"calendar": calendar.address(settings.secret_key, number)},
    }


def _agent(db: Session, people: dict[str, Actor], name: str, items: set[str]) -> str:
    """Somebody who may act for the firm in *items*; the id of the mandate."""
    year = clock.now().date().replace(month=12, day=31)
    terms = Terms(Capacity.AGENT, (Power.APPLY, Power.CONFIRM_ACCOUNT), items, year, "样例代理公司")
    mandate = mandates.offer(db, people["firm"], login_or_phone=f"table-{name}", terms=terms)
    enterprise = enterprises.by_code(db, factory.FIRM)
    assert enterprise is not None
    mandates.accept(db, people[name], mandate, enterprise)
    return str(mandate)


def end(db: Session, firm: Actor, objects: Objects) -> None:
    """The firm ends the mandate of somebody who is still signed in."""
    mandates.end(db, firm, int(objects["mandate_id"].pop("ended")))


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
