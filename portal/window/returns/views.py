"""退票: the enterprise corrects its account, another person checks it, all see where it stands."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation import clock, four_eyes
from foundation.errors import Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from portal.window import queries as cases
from portal.window.forms import LABELS, AccountForm, ReasonForm
from portal.window.returns import queries, services

blueprint = Blueprint("returns", __name__)
STAFF = (Role.WINDOW, Role.FINANCE, Role.SUPERVISOR)


@blueprint.get("/returns")
@access(*STAFF)
@reads
def desk(db: Session, actor: Actor) -> str:
    """What the bank sent back and is not paid again yet."""
    return page("window/returns/desk.html", rows=queries.desk(db, actor, clock.now()))


def _correction_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    found = queries.one(db, actor, number, clock.now())
    case = cases.case(db, actor, number)
    given = values or {"account_name": case.account_name, "account_bank": case.account_bank}
    return page(
        "window/returns/correct.html",
        returned=found,
        case=case,
        problems=problems,
        values=given,
        labels=LABELS,
    )


@blueprint.get("/cases/<number>/correction")
@access(Role.ENTERPRISE, Role.WINDOW)
@reads
def correction_form(db: Session, actor: Actor, number: str) -> str:
    """What the bank said, and the account to which the money shall go."""
    return _correction_page(db, actor, number)


@blueprint.post("/cases/<number>/correction")
@access(Role.ENTERPRISE, Role.WINDOW)
@act(again=_correction_page)
def correct(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """更正收款账户."""
    form = parse(AccountForm, request.form)
    services.propose(
        db,
        actor,
        number,
        name=form.account_name,
        bank=form.account_bank,
        account_number=form.account_number.replace(" ", ""),
    )
    return _case(number)


def _check_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    found = queries.one(db, actor, number, clock.now())
    return page(
        "window/returns/check.html",
        returned=found,
        case=cases.case(db, actor, number),
        own=not four_eyes.is_other(actor, found.proposer_id),
        problems=problems,
        values=values or {},
        labels=LABELS,
    )


@blueprint.get("/cases/<number>/correction/check")
@access(Role.WINDOW)
@reads
def check_form(db: Session, actor: Actor, number: str) -> str:
    """The old account and the new one, side by side."""
    return _check_page(db, actor, number)


@blueprint.post("/cases/<number>/correction/approve")
@access(Role.WINDOW)
@act(again=_check_page)
def approve(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """核对无误."""
    services.approve(db, actor, number)
    return _case(number)


@blueprint.post("/cases/<number>/correction/decline")
@access(Role.WINDOW)
@act(again=_check_page)
def decline(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """退回企业重填."""
    services.decline(db, actor, number, reason=parse(ReasonForm, request.form).reason)
    return _case(number)


def _case(number: str) -> ResponseReturnValue:
    return redirect(url_for("window.case", number=number), 303)
