"""An enterprise judges what was done for it; somebody who had no hand in a case calls it back."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from foundation.errors import Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from foundation.web.navigation import Entry
from portal.feedback import queries, services
from portal.feedback.forms import CallForm, RatingForm
from portal.feedback.rules import ANSWER_NAMES, LEVEL_NAMES

blueprint = Blueprint("feedback", __name__, template_folder="templates")
CALLERS = (Role.WINDOW, Role.SUPERVISOR)
NAVIGATION = (
    Entry("待评价", "feedback.pending", frozenset({Role.ENTERPRISE}), 45),
    Entry("回访", "feedback.calls", frozenset(CALLERS), 45),
)


def every_page(db: Session, actor: Actor | None) -> dict[str, object]:
    """What the page of a case, which lies below this room, shows of it: whether its enterprise rated it."""
    if actor is None or actor.role is not Role.ENTERPRISE or request.endpoint != "window.case":
        return {}
    return {"rated": queries.is_rated(db, actor, (request.view_args or {})["number"])}


@blueprint.get("/ratings")
@access(Role.ENTERPRISE)
@reads
def pending(db: Session, actor: Actor) -> str:
    """The enterprise's matters that wait for a word from it."""
    return page("feedback/pending.html", cases=queries.pending(db, actor))


def _rating_page(
    db: Session,
    actor: Actor,
    number: str,
    problems: tuple[Problem, ...] = (),
    values: MultiDict[str, str] | None = None,
) -> str:
    found = queries.rating_page(db, actor, number)
    levels = [(int(level), name) for level, name in LEVEL_NAMES.items()]
    return page(
        "feedback/rating.html",
        case=found.case,
        given=found.given,
        given_name=LEVEL_NAMES[found.given.level] if found.given else "",
        levels=levels,
        problems=problems,
        values=values or {},
    )


@blueprint.get("/cases/<number>/rating")
@access(Role.ENTERPRISE)
@reads
def rating(db: Session, actor: Actor, number: str) -> str:
    """Five levels and a line to write on; afterwards, what was said."""
    return _rating_page(db, actor, number)


@blueprint.post("/cases/<number>/rating")
@access(Role.ENTERPRISE)
@act(again=_rating_page)
def rate(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """Say it, once."""
    form = parse(RatingForm, request.form)
    services.rate(db, actor, number, form.level, form.comment)
    return redirect(url_for("feedback.rating", number=number), 303)


@blueprint.get("/follow-ups")
@access(*CALLERS)
@reads
def calls(db: Session, actor: Actor) -> str:
    """Whom to call back, most urgent first."""
    return page("feedback/calls.html", calls=queries.calls(db, actor))


def _call_page(
    db: Session,
    actor: Actor,
    number: str,
    problems: tuple[Problem, ...] = (),
    values: MultiDict[str, str] | None = None,
) -> str:
    found = queries.call(db, actor, number)
    answers = [(answer.value, name) for answer, name in ANSWER_NAMES.items()]
    levels = [(int(level), name) for level, name in LEVEL_NAMES.items()]
    return page(
        "feedback/call.html",
        call=found,
        answers=answers,
        levels=levels,
        problems=problems,
        values=values or {},
    )


@blueprint.get("/follow-ups/<number>")
@access(*CALLERS)
@reads
def call(db: Session, actor: Actor, number: str) -> str:
    """One call: whom, about what, and what came of it."""
    return _call_page(db, actor, number)


@blueprint.post("/follow-ups/<number>")
@access(*CALLERS)
@act(again=_call_page)
def record_call(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """Write down what came of one call."""
    form = parse(CallForm, request.form)
    services.record_call(db, actor, number, form.answer, form.note, form.rated())
    return redirect(url_for("feedback.calls"), 303)
