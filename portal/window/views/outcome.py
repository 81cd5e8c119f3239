"""Ends without money: what was delivered, and what was reported to the level above."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation import four_eyes
from foundation.errors import Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, reads
from foundation.web.forms import parse
from portal.window import queries
from portal.window.blueprint import blueprint
from portal.window.forms import DeliverForm, ReportForm
from portal.window.rules import Act
from portal.window.services import outcome as services
from portal.window.views.case import case_page, form_page


def _deliver_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    return form_page("window/deliver.html", Act.DELIVER, db, actor, number, problems, values=values)


@blueprint.get("/cases/<number>/deliver")
@access(Role.DEPARTMENT, Role.WINDOW)
@reads
def deliver_form(db: Session, actor: Actor, number: str) -> str:
    """What was delivered, and the paper that shows it."""
    return _deliver_page(db, actor, number)


@blueprint.post("/cases/<number>/deliver")
@access(Role.DEPARTMENT, Role.WINDOW)
@act(again=_deliver_page)
def deliver(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """登记送达."""
    form = parse(DeliverForm, request.form)
    services.deliver(
        db,
        actor,
        number,
        what=form.what,
        document_number=form.document_number,
        delivered_at=form.delivered_at,
    )
    return case_page(number)


def _report_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    own = not four_eyes.is_other(actor, queries.case(db, actor, number).reviewer_id)
    return form_page(
        "window/report.html", Act.REPORT, db, actor, number, problems, values=values, own_opinion=own
    )


@blueprint.get("/cases/<number>/report")
@access(Role.DEPARTMENT)
@reads
def report_form(db: Session, actor: Actor, number: str) -> str:
    """To which body above, under which number."""
    return _report_page(db, actor, number)


@blueprint.post("/cases/<number>/report")
@access(Role.DEPARTMENT)
@act(again=_report_page)
def report(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """上报."""
    form = parse(ReportForm, request.form)
    services.report(
        db,
        actor,
        number,
        body=form.body,
        document_number=form.document_number,
        reported_at=form.reported_at,
    )
    return case_page(number)
