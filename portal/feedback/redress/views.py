"""差评整改: the desk of those who put it right, and the enterprise's own page of what became of it."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation import clock
from foundation.errors import Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from foundation.web.navigation import Entry
from portal.feedback.redress import queries, services
from portal.feedback.redress.forms import LABELS, ContactForm, FixForm, ReasonForm, ReplyForm, RulingForm
from portal.feedback.redress.rules import OVER

blueprint = Blueprint("redress", __name__, template_folder="templates")
STAFF = (Role.WINDOW, Role.SUPERVISOR)
NAVIGATION = (Entry("差评整改", "redress.desk", frozenset(STAFF), 46),)


@blueprint.get("/redress")
@access(*STAFF)
@reads
def desk(db: Session, actor: Actor) -> str:
    """What is to be put right, the most urgent first; nobody sees what is about his own work."""
    found = queries.desk(db, actor, clock.now())
    live = sum(1 for each in found if each.stage not in OVER)
    late = sum(1 for each in found if each.clock is not None and each.clock.state == "over")
    return page("redress/desk.html", rows=found, live=live, late=late)


def _page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    found = queries.one(db, actor, number, clock.now())
    acts = {each.value for each in found.acts(actor.role)}
    return page(
        "redress/redress.html",
        redress=found,
        acts=acts,
        problems=problems,
        values=values or {},
        labels=LABELS,
    )


@blueprint.get("/redress/<number>")
@access(*STAFF)
@reads
def redress(db: Session, actor: Actor, number: str) -> str:
    """One redress, and what may be done now."""
    return _page(db, actor, number)


def _back(number: str) -> ResponseReturnValue:
    return redirect(url_for("redress.redress", number=number), 303)


@blueprint.post("/redress/<number>/contact")
@access(*STAFF)
@act(again=_page)
def contact(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """联系企业."""
    services.contact(db, actor, number, heard=parse(ContactForm, request.form).heard)
    return _back(number)


@blueprint.post("/redress/<number>/fix")
@access(*STAFF)
@act(again=_page)
def fix(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """整改."""
    services.fix(db, actor, number, done=parse(FixForm, request.form).done)
    return _back(number)


@blueprint.post("/redress/<number>/appeal")
@access(Role.WINDOW)
@act(again=_page)
def appeal(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """申诉."""
    services.appeal(db, actor, number, reason=parse(ReasonForm, request.form).reason)
    return _back(number)


@blueprint.post("/redress/<number>/ruling")
@access(Role.SUPERVISOR)
@act(again=_page)
def ruling(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """对申诉作出决定."""
    form = parse(RulingForm, request.form)
    services.decide_appeal(db, actor, number, upheld=form.upheld == "yes", ruling=form.ruling)
    return _back(number)


@blueprint.post("/redress/<number>/redo")
@access(Role.SUPERVISOR)
@act(again=_page)
def redo(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """重新整改."""
    services.redo(db, actor, number, reason=parse(ReasonForm, request.form).reason)
    return _back(number)


@blueprint.post("/redress/<number>/close")
@access(Role.SUPERVISOR)
@act(again=_page)
def close(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """办结, with the reason."""
    services.close(db, actor, number, reason=parse(ReasonForm, request.form).reason)
    return _back(number)


def _own_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    found = queries.of_case(db, actor, number, clock.now())
    acts = {each.value for each in found.acts(actor.role)}
    return page(
        "redress/own.html", redress=found, acts=acts, problems=problems, values=values or {}, labels=LABELS
    )


@blueprint.get("/cases/<number>/redress")
@access(Role.ENTERPRISE)
@reads
def own(db: Session, actor: Actor, number: str) -> str:
    """What became of the enterprise's own bad rating."""
    return _own_page(db, actor, number)


@blueprint.post("/cases/<number>/redress")
@access(Role.ENTERPRISE)
@act(again=_own_page)
def reply(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """Say whether what was done will do."""
    form = parse(ReplyForm, request.form)
    services.reply(db, actor, number, content=form.content == "yes", words=form.words)
    return redirect(url_for("redress.own", number=number), 303)
