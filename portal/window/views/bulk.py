"""Many cases at once: what will happen to which, then how each of them stands."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation import clock
from foundation.errors import Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from portal.window import queries
from portal.window.blueprint import blueprint
from portal.window.bulk import services
from portal.window.bulk.rules import BULKS, BulkAct, check_may, fits
from portal.window.forms import LABELS, BulkForm, ChosenForm, RespondForm


def _chosen_page(db: Session, actor: Actor, problems: tuple[Problem, ...] = (), values: Any = None) -> str:
    chosen = parse(ChosenForm, request.values)
    check_may(actor.role, chosen.act)
    rows = queries.chosen(db, actor, chosen.number, clock.now())
    waiting = [row for row in rows if fits(chosen.act, row.mode, row.stage, row.ending)]
    return page(
        "window/bulk.html",
        act=chosen.act,
        bulk=BULKS[chosen.act],
        waiting=waiting,
        others=[row for row in rows if row not in waiting],
        problems=problems,
        values=values or {"officer_name": actor.person_name, "officer_phone": ""},
        labels=LABELS,
    )


@blueprint.get("/cases/bulk")
@access(Role.WINDOW, Role.DEPARTMENT)
@reads
def bulk_form(db: Session, actor: Actor) -> str:
    """The chosen cases that the act still fits, and the others as they stand."""
    return _chosen_page(db, actor)


@blueprint.post("/cases/bulk")
@access(Role.WINDOW, Role.DEPARTMENT)
@act(again=_chosen_page)
def bulk(db: Session, actor: Actor) -> ResponseReturnValue:
    """受理, 交办 or 响应 of many."""
    form = parse(BulkForm, request.form)
    officer = parse(RespondForm, request.form).model_dump() if form.act is BulkAct.RESPOND else {}
    services.carry_out(db, actor, form.act, form.number, **officer)
    return redirect(url_for("window.bulk_form", act=form.act.value, number=form.number), 303)
