"""公示 for everybody, objections by name, and the desk on which a department decides them."""

import hashlib
import hmac
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation import clock, four_eyes
from foundation.errors import Problem
from foundation.web.access import PUBLIC, Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import Form, OptionalLine, Phone, Text, parse
from foundation.web.navigation import Entry
from foundation.web.site import site
from portal.window.publicity import queries, services
from portal.window.publicity.rules import DECIDED, State

blueprint = Blueprint("publicity", __name__, template_folder="templates")
STAFF = (Role.DEPARTMENT, Role.SUPERVISOR)
NAVIGATION = (Entry("公示异议", "publicity.objections", frozenset(STAFF), rank=28),)
FOOTER = (Entry("公示", "publicity.published"),)
LABELS = {
    "name": "姓名或单位",
    "phone": "联系电话",
    "credit_code": "对哪一家",
    "statement": "异议和理由",
    "opinion": "核查情况",
    "decision": "处理决定",
    "upheld": "异议是否成立",
}


class _ObjectionForm(Form):
    """Who objects, to whom, and why."""

    name: OptionalLine = ""
    phone: Phone
    credit_code: OptionalLine = ""
    statement: Text


class _ExamineForm(Form):
    """What was found."""

    opinion: Text


class _DecideForm(Form):
    """Whether the objection is upheld, in writing."""

    upheld: bool
    decision: Text


@blueprint.get("/publicity")
@access(PUBLIC)
@reads
def published(db: Session, actor: Actor | None) -> str:
    """What is or was on show."""
    return page("publicity/published.html", rows=queries.published(db, clock.now()))


def _one_page(
    db: Session, actor: Actor | None, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    now = clock.now()
    found, asked = queries.one(db, number, now), request.args.get("received", "")
    return page(
        "publicity/one.html",
        shown=found,
        can_object=not found.over and now <= found.until and not found.set_aside,
        received=next((each.number for each in found.objections if each.number == asked), ""),
        problems=problems,
        values=values or {},
        labels=LABELS,
    )


@blueprint.get("/publicity/<number>")
@access(PUBLIC)
@reads
def one(db: Session, actor: Actor | None, number: str) -> str:
    """One publicity, at an address that stays."""
    return _one_page(db, actor, number)


@blueprint.post("/publicity/<number>/objections")
@access(PUBLIC)
@act(again=_one_page)
def object_to(db: Session, actor: Actor | None, number: str) -> ResponseReturnValue:
    """提出异议, by name."""
    form = parse(_ObjectionForm, request.form)
    taken = services.take_objection(
        db,
        number,
        name=form.name,
        phone=form.phone,
        credit_code=form.credit_code,
        statement=form.statement,
        origin=_origin(),
    )
    return redirect(url_for("publicity.one", number=number, received=taken), 303)


def _origin() -> str:
    """Where somebody comes from, readable to nobody and another one every day: for the rate limit alone."""
    said = f"{clock.now():%Y-%m-%d} {request.remote_addr}"
    return hmac.new(site().settings.secret_key.encode(), said.encode(), hashlib.sha256).hexdigest()


@blueprint.get("/objections")
@access(*STAFF)
@reads
def objections(db: Session, actor: Actor) -> str:
    """Every objection before the department, what is undecided first."""
    return page("publicity/objections.html", rows=queries.objections(db, actor))


def _objection_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    found = queries.objection(db, actor, number)
    mine = actor.role is Role.DEPARTMENT
    return page(
        "publicity/objection.html",
        objection=found,
        can_examine=mine and found.state not in DECIDED,
        can_decide=mine and found.state is State.EXAMINED and four_eyes.is_other(actor, found.examiner_id),
        own=not four_eyes.is_other(actor, found.examiner_id),
        problems=problems,
        values=values or {},
        labels=LABELS,
    )


@blueprint.get("/objections/<number>")
@access(*STAFF)
@reads
def objection(db: Session, actor: Actor, number: str) -> str:
    """One objection, with whoever objected."""
    return _objection_page(db, actor, number)


@blueprint.post("/objections/<number>/examine")
@access(Role.DEPARTMENT)
@act(again=_objection_page)
def examine(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """核查."""
    services.examine(db, actor, number, opinion=parse(_ExamineForm, request.form).opinion)
    return redirect(url_for("publicity.objection", number=number), 303)


@blueprint.post("/objections/<number>/decide")
@access(Role.DEPARTMENT)
@act(again=_objection_page)
def decide(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """作出处理决定, by another person."""
    form = parse(_DecideForm, request.form)
    services.decide(db, actor, number, upheld=form.upheld, decision=form.decision)
    return redirect(url_for("publicity.objection", number=number), 303)
