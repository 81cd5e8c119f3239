"""Exempt lists: the window freezes and hands off, the department confirms, the firm names its account."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import queries as catalog
from foundation import clock
from foundation.errors import Problem
from foundation.money import parse_yuan
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from notices import queries as notices
from notices.documents import Kind
from notices.queries import Paper
from portal.window import queries as cases
from portal.window.blueprint import DESKS, blueprint
from portal.window.forms import LABELS, AccountForm, FreezeForm
from portal.window.lists import freezing, queries, services
from portal.window.lists.freezing import MODE
from portal.window.lists.rules import ListStage
from portal.window.lists.services import Ruling
from portal.window.menu import papers_of
from portal.window.publicity import queries as publicities
from portal.window.rules import Act
from portal.window.views.case import case_page, form_page

OF_THE_LIST = frozenset({Kind.HANDOFF, Kind.PUBLICITY})
# what the field of a row may say; anything else leaves it open
RULINGS = {"yes": True, "no": False}


def _lists_page(db: Session, actor: Actor, problems: tuple[Problem, ...] = (), values: Any = None) -> str:
    exempt = [
        (item.code, item.title)
        for item in catalog.published_items(db)
        if item.mode == MODE and not item.foreign and item.department_id is not None
    ]
    return page(
        "window/lists.html",
        lists=queries.overview(db, actor, clock.now()),
        items=exempt if actor.role is Role.WINDOW else [],
        problems=problems,
        values=values or {},
        labels=LABELS,
    )


@blueprint.get("/lists")
@access(*DESKS)
@reads
def lists(db: Session, actor: Actor) -> str:
    """Every list in sight; the window can freeze a new one."""
    return _lists_page(db, actor)


@blueprint.post("/lists")
@access(Role.WINDOW)
@act(again=_lists_page)
def freeze(db: Session, actor: Actor) -> ResponseReturnValue:
    """Compute and freeze the list of one item."""
    number = freezing.freeze(db, actor, parse(FreezeForm, request.form).item_code)
    return _list_page(number)


def _list_page(number: str) -> ResponseReturnValue:
    return redirect(url_for("window.exempt_list", number=number), 303)


def _one_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    found = queries.one(db, actor, number, clock.now())
    mine = actor.role is Role.DEPARTMENT
    return page(
        "window/list.html",
        list=found,
        problems=problems,
        values=values or {},
        labels={"rows": "清单"},
        shown=publicities.of(db, found.subject, clock.now()),
        papers=papers_of(_of_the_list(notices.of_subject(db, actor, found.subject))),
        can_hand_off=actor.role is Role.WINDOW and found.stage is ListStage.FROZEN,
        can_respond=mine and found.stage is ListStage.HANDED_OFF,
        can_confirm=mine and found.open and found.stage is not ListStage.FROZEN,
    )


def _of_the_list(papers: Sequence[Paper]) -> list[Paper]:
    """The papers of the whole list: what a single firm was told stands with the firm."""
    return [paper for paper in papers if paper.kind in OF_THE_LIST]


@blueprint.get("/lists/<number>")
@access(*DESKS)
@reads
def exempt_list(db: Session, actor: Actor, number: str) -> str:
    """One list: who is on it and why."""
    return _one_page(db, actor, number)


@blueprint.post("/lists/<number>/hand-off")
@access(Role.WINDOW)
@act(again=_one_page)
def hand_off_list(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """One 《交办通知书》 for all rows."""
    services.hand_off(db, actor, number)
    return _list_page(number)


@blueprint.post("/lists/<number>/respond")
@access(Role.DEPARTMENT)
@act(again=_one_page)
def respond_to_list(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """响应."""
    services.respond(db, actor, number)
    return _list_page(number)


@blueprint.post("/lists/<number>/confirm")
@access(Role.DEPARTMENT)
@act(again=_one_page)
def confirm_list(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """Every row decided."""
    found = queries.one(db, actor, number, clock.now())
    services.confirm(db, actor, number, [_ruling(row.credit_code) for row in found.rows if row.kept is None])
    return _list_page(number)


def _ruling(credit_code: str) -> Ruling:
    """What the form says of one row: fields are `keep-CODE`, `amount-CODE` and `reason-CODE`."""
    typed = request.form.get(f"amount-{credit_code}", "").strip()
    amount, fault = None, ""
    try:
        amount = parse_yuan(typed) if typed else None
    except ValueError:
        fault = "金额要填数字，单位是元，例如 80000"
    kept = RULINGS.get(request.form.get(f"keep-{credit_code}", ""))
    reason = request.form.get(f"reason-{credit_code}", "").strip()[:500]
    return Ruling(credit_code, kept, amount, reason, fault if kept is not None else "")


def _account_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    given = values or {"account_name": cases.case(db, actor, number).applicant_name}
    return form_page("window/account.html", Act.CONFIRM_ACCOUNT, db, actor, number, problems, values=given)


@blueprint.get("/cases/<number>/account")
@access(Role.ENTERPRISE)
@reads
def account_form(db: Session, actor: Actor, number: str) -> str:
    """Where the money goes."""
    return _account_page(db, actor, number)


@blueprint.post("/cases/<number>/account")
@access(Role.ENTERPRISE)
@act(again=_account_page)
def confirm_account(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """确认收款账户."""
    form = parse(AccountForm, request.form)
    services.confirm_account(
        db,
        actor,
        number,
        name=form.account_name,
        bank=form.account_bank,
        account_number=form.account_number.replace(" ", ""),
    )
    return case_page(number)
