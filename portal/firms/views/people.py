"""Who acts for an enterprise: named, accepted, ended, handed over."""

from typing import Any

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import queries as catalog
from foundation import clock
from foundation.accounts import services as accounts
from foundation.enterprises import queries as enterprises
from foundation.enterprises.mandates import queries, services
from foundation.enterprises.mandates.queries import MandateView
from foundation.enterprises.mandates.rules import CAPACITY_NAMES, POWER_NAMES, Capacity, Power
from foundation.errors import NotFound, Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from portal.firms.blueprint import ASKING, blueprint
from portal.firms.forms import LABELS, ContactForm, HandOverForm, OfferForm

NAMED = [(capacity.value, CAPACITY_NAMES[capacity]) for capacity in (Capacity.HANDLER, Capacity.AGENT)]
GIVEN = [(power.value, POWER_NAMES[power]) for power in (Power.APPLY, Power.CONFIRM_ACCOUNT)]
SCOPES = [("all", "全部事项"), ("named", "只限下面选的事项")]


def _people_page(db: Session, actor: Actor, problems: tuple[Problem, ...] = (), values: Any = None) -> str:
    everyone = queries.of_firm(db, actor.organisation_code)
    items = catalog.offered(db, clock.now().date())
    return page(
        "firms/people.html",
        people=everyone,
        mine=queries.held_by(db, actor),
        waiting=[each for each in everyone if not each.accepted],
        titles=dict(items),
        items=items,
        named=NAMED,
        given=GIVEN,
        scopes=SCOPES,
        powers=POWER_NAMES,
        contact=queries.contact_of(db, actor.organisation_code),
        problems=problems,
        values=values or {},
        labels=LABELS,
    )


@blueprint.get("/my/people")
@access(Role.ENTERPRISE)
@reads
def people(db: Session, actor: Actor) -> str:
    """Who acts for the enterprise, in what, until when; a form to name somebody."""
    return _people_page(db, actor)


@blueprint.post("/my/people")
@access(Role.ENTERPRISE)
@act(again=_people_page)
def name(db: Session, actor: Actor) -> ResponseReturnValue:
    """Name somebody; the mandate counts once accepted."""
    form = parse(OfferForm, request.form)
    services.offer(db, actor, login_or_phone=form.who, terms=form.terms())
    return redirect(url_for("firms.people"), 303)


def _of_firm(db: Session, actor: Actor, mandate_id: int) -> tuple[MandateView, list[MandateView]]:
    """One's own mandate, or any of the enterprise for whoever names its people."""
    everyone = queries.of_firm(db, actor.organisation_code)
    found = next((each for each in everyone if each.id == mandate_id), None)
    if found is None or not (found.person_id == actor.person_id or queries.held_by(db, actor).chief):
        raise NotFound
    return found, everyone


def _person_page(
    db: Session, actor: Actor, mandate_id: int, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    found, everyone = _of_firm(db, actor, mandate_id)
    colleagues = [
        (each.id, each.person)
        for each in everyone
        if each.accepted and each.id != found.id and each.held.capacity is not Capacity.AGENT
    ]
    return page(
        "firms/person.html",
        mandate=found,
        colleagues=colleagues,
        problems=problems,
        values=values or {},
        labels=LABELS,
    )


@blueprint.get("/my/people/<int:mandate_id>")
@access(Role.ENTERPRISE)
@reads
def person(db: Session, actor: Actor, mandate_id: int) -> str:
    """End a mandate, or hand the work over: what happens then."""
    return _person_page(db, actor, mandate_id)


@blueprint.post("/my/people/<int:mandate_id>/end")
@access(Role.ENTERPRISE)
@act(again=_person_page)
def end(db: Session, actor: Actor, mandate_id: int) -> ResponseReturnValue:
    """Out at the next request."""
    _of_firm(db, actor, mandate_id)
    services.end(db, actor, mandate_id)
    return redirect(url_for("firms.people"), 303)


@blueprint.post("/my/people/<int:mandate_id>/hand-over")
@access(Role.ENTERPRISE)
@act(again=_person_page)
def hand_over(db: Session, actor: Actor, mandate_id: int) -> ResponseReturnValue:
    """交接: the leaver is out, the colleague goes on."""
    successor = parse(HandOverForm, request.form).successor
    services.hand_over(db, actor, mandate_id, successor_id=successor)
    return redirect(url_for("firms.people"), 303)


@blueprint.get("/my/mandates")
@access(*ASKING)
@reads
def mandates(db: Session, actor: Actor) -> str:
    """What one was asked to do for which enterprise, and what one does already."""
    return page(
        "firms/mandates.html",
        mandates=queries.of_person(db, actor.person_id),
        titles=dict(catalog.offered(db, clock.now().date())),
        powers=POWER_NAMES,
    )


@blueprint.post("/my/mandates/<int:mandate_id>/accept")
@access(*ASKING)
@act()
def accept(db: Session, actor: Actor, mandate_id: int) -> ResponseReturnValue:
    """Take a mandate on, and enter."""
    mine = [each for each in queries.of_person(db, actor.person_id) if each.id == mandate_id]
    if not mine:
        raise NotFound
    enterprise = enterprises.by_code(db, mine[0].credit_code)
    if enterprise is None:
        raise NotFound
    membership = services.accept(db, actor, mandate_id, enterprise)
    accounts.switch(db, actor, session.get("token", ""), membership)
    return redirect(url_for("firms.desk"), 303)


@blueprint.post("/my/mandates/<int:mandate_id>/end")
@access(*ASKING)
@act()
def leave(db: Session, actor: Actor, mandate_id: int) -> ResponseReturnValue:
    """Decline what was offered, or give back what one holds."""
    if all(each.id != mandate_id for each in queries.of_person(db, actor.person_id)):
        raise NotFound
    services.end(db, actor, mandate_id)
    return redirect(url_for("firms.mandates"), 303)


@blueprint.post("/my/contact")
@access(Role.ENTERPRISE)
@act(again=_people_page)
def contact(db: Session, actor: Actor) -> ResponseReturnValue:
    """Say who gets the enterprise's messages."""
    form = parse(ContactForm, request.form)
    services.set_contact(db, actor, name=form.name, phone=form.phone, email=form.email)
    return redirect(url_for("firms.people"), 303)
