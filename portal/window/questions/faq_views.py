"""常见问题: on the item's page for everyone; proposed, let out and withdrawn by staff."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import queries as catalog
from foundation import clock, four_eyes
from foundation.errors import Problem
from foundation.web.access import PUBLIC, Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from foundation.web.htmx import is_fragment
from portal.window.questions import faq, queries
from portal.window.questions.forms import LABELS, FaqForm, ReasonForm
from portal.window.questions.rules import FaqStage
from portal.window.questions.views import STAFF, blueprint


@blueprint.get("/items/<code>/faq")
@access(PUBLIC)
@reads
def item_faq(db: Session, actor: Actor | None, code: str) -> str:
    """What others asked about an item; htmx gets the panel alone, for the item's page."""
    entries = queries.faq_of(db, code)
    template = "questions/faq_panel.html" if is_fragment() else "questions/faq_item.html"
    return page(template, item=catalog.item(db, code), entries=entries)


@blueprint.get("/faq")
@access(*STAFF)
@reads
def entries(db: Session, actor: Actor) -> str:
    """Every entry in sight, what waits for approval first."""
    found = queries.faq_desk(db, actor)
    waiting = sum(1 for entry in found if entry.stage is FaqStage.PROPOSED)
    return page("questions/faq_desk.html", entries=found, waiting=waiting)


def _propose_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    found = queries.one(db, actor, number, clock.now())
    given = values or {"question": found.words, "answer": found.answer}
    return page("questions/propose.html", question=found, problems=problems, values=given, labels=LABELS)


@blueprint.get("/questions/<number>/faq")
@access(Role.WINDOW, Role.DEPARTMENT)
@reads
def propose_form(db: Session, actor: Actor, number: str) -> str:
    """Question and answer, to be edited for everyone."""
    return _propose_page(db, actor, number)


@blueprint.post("/questions/<number>/faq")
@access(Role.WINDOW, Role.DEPARTMENT)
@act(again=_propose_page)
def propose(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """列入常见问题, once somebody else has looked at it."""
    form = parse(FaqForm, request.form)
    return _entry(faq.propose(db, actor, number, question=form.question, answer=form.answer))


def _entry(number: str) -> ResponseReturnValue:
    return redirect(url_for("questions.entry", number=number), 303)


def _entry_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    found = queries.faq_entry(db, actor, number)
    own_item = actor.role is Role.DEPARTMENT
    return page(
        "questions/faq_entry.html",
        entry=found,
        may_decide=own_item and found.stage is FaqStage.PROPOSED,
        own=not four_eyes.is_other(actor, found.proposer_id),
        may_withdraw=found.stage is FaqStage.PUBLISHED and actor.role is not Role.SUPERVISOR,
        problems=problems,
        values=values or {},
        labels=LABELS,
    )


@blueprint.get("/faq/<number>")
@access(*STAFF)
@reads
def entry(db: Session, actor: Actor, number: str) -> str:
    """One entry, and what may be done to it."""
    return _entry_page(db, actor, number)


@blueprint.post("/faq/<number>/publish")
@access(Role.DEPARTMENT)
@act(again=_entry_page)
def publish(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """公开, by a second person."""
    faq.publish(db, actor, number)
    return _entry(number)


@blueprint.post("/faq/<number>/decline")
@access(Role.DEPARTMENT)
@act(again=_entry_page)
def decline(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """不采用, with the reason."""
    faq.decline(db, actor, number, reason=parse(ReasonForm, request.form).reason)
    return _entry(number)


@blueprint.post("/faq/<number>/withdraw")
@access(Role.WINDOW, Role.DEPARTMENT)
@act(again=_entry_page)
def withdraw(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """撤下, at once."""
    faq.withdraw(db, actor, number, reason=parse(ReasonForm, request.form).reason)
    return _entry(number)
