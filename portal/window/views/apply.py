"""Applying: online by the enterprise, at the counter by the window, on the same case."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import item_form
from catalog import queries as catalog
from catalog.queries import ItemView
from foundation import clock
from foundation.enterprises import queries as enterprises
from foundation.enterprises.consents import services as consents
from foundation.enterprises.consents.rules import MEANS_NAMES
from foundation.enterprises.mandates import queries as mandates
from foundation.enterprises.mandates.rules import Power
from foundation.errors import Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from foundation.web.site import site
from foundation.web.uploads import received
from portal.window import asked, prefill, queries
from portal.window.blueprint import blueprint
from portal.window.forms import LABELS, ApplicationForm, CounterForm
from portal.window.models import Case
from portal.window.services import intake

# pages of lower rooms that would offer an enterprise to apply for what it has applied for, and the front page
OFFERING = frozenset({"catalog.home", "catalog.item", "matching.mine", "matching.item"})


def every_page(db: Session, actor: Actor | None) -> dict[str, Any]:
    """What those pages show of this room: the enterprise's cases under way, by item."""
    if actor is None or actor.role is not Role.ENTERPRISE or request.endpoint not in OFFERING:
        return {}
    return {"live_cases": queries.live(db, actor)}


def _form_page(
    db: Session,
    actor: Actor,
    item_code: str,
    credit_code: str | None = None,
    problems: tuple[Problem, ...] = (),
    values: Any = None,
) -> str:
    mandates.check_may(db, actor, Power.APPLY, item_code)
    item = intake.applicable(db, item_code, clock.now())
    enterprise = intake.applicant(db, actor, credit_code)
    draft = intake.own_draft(db, actor, item_code, enterprise.id)
    if draft is not None and (request.args.get("check") or request.args.get("look")):
        problems = problems or tuple(intake.gaps(draft, item))
    checking = draft is not None and bool(request.args.get("look")) and not problems
    last = intake.last_of(db, enterprise.id) if draft is None and actor.role is Role.ENTERPRISE else None
    profile = enterprises.profile(db, enterprise.credit_code)
    return page(
        "window/check.html" if checking else "window/apply.html",
        applied_fen=draft.applied_fen if draft else None,
        under_way=intake.live_of(db, item_code, enterprise.id),
        last=last,
        item=item,
        enterprise=enterprise,
        values=values or prefill.values(draft, enterprise, last),
        facts=prefill.facts(item, profile),
        files=prefill.files(draft),
        is_draft=draft is not None,
        problems=problems,
        **_own_form(item, draft, values),
        action=_address(item_code, credit_code),
        remove=_remove_address(item_code, credit_code),
    )


def _own_form(item: ItemView, draft: Case | None, values: Any) -> dict[str, Any]:
    """What the item itself asks, with what was typed, or what the draft holds."""
    form = item_form.of(item.source)
    written = asked.written(form, draft.form) if draft else {}
    if values:
        written = {name: values.getlist(name) for name in values}
    return {
        "form": form,
        "written": written,
        "row_counts": asked.rows_shown(form, written),
        "asked": asked.shown(item, draft.form) if draft else None,
        "labels": LABELS | form.labels,
    }


def _address(item_code: str, credit_code: str | None) -> str:
    if credit_code is None:
        return url_for("window.apply", item_code=item_code)
    return url_for("window.apply_at_counter", item_code=item_code, credit_code=credit_code)


def _remove_address(item_code: str, credit_code: str | None) -> str:
    if credit_code is None:
        return url_for("window.remove_file", item_code=item_code)
    return url_for("window.remove_file_at_counter", item_code=item_code, credit_code=credit_code)


def _save_or_submit(
    db: Session, actor: Actor, item_code: str, credit_code: str | None
) -> ResponseReturnValue:
    """Keep what came in; hand it in where that was asked for and nothing is missing."""
    item = catalog.item(db, item_code)
    enterprise = intake.applicant(db, actor, credit_code)
    handed, uploads = asked.apart(received(), site().files.get)
    typed = parse(ApplicationForm, request.form).application()
    application = asked.filled(typed, item, request.form.getlist, handed)
    case = intake.save_draft(
        db,
        actor,
        item_code,
        application=application,
        prefilled=prefill.frozen(item, enterprises.profile(db, enterprise.credit_code)),
        uploads=uploads,
        credit_code=credit_code,
    )
    back = _address(item_code, credit_code)
    wish = request.form.get("do")
    if wish not in {"check", "submit"}:
        return redirect(f"{back}?saved=1", 303)
    if intake.gaps(case, item):
        return redirect(f"{back}?check=1", 303)
    if wish == "check":
        return redirect(f"{back}?look=1", 303)
    return redirect(url_for("window.case", number=intake.submit(db, actor, case)), 303)


@blueprint.get("/apply/<item_code>")
@access(Role.ENTERPRISE)
@reads
def apply(db: Session, actor: Actor, item_code: str) -> str:
    """The application form, prefilled, with the draft that waits."""
    return _form_page(db, actor, item_code)


@blueprint.post("/apply/<item_code>")
@access(Role.ENTERPRISE)
@act(again=_form_page)
def submit(db: Session, actor: Actor, item_code: str) -> ResponseReturnValue:
    """Save the draft, or hand it in."""
    return _save_or_submit(db, actor, item_code, None)


@blueprint.post("/apply/<item_code>/remove")
@access(Role.ENTERPRISE)
@act(again=_form_page)
def remove_file(db: Session, actor: Actor, item_code: str) -> ResponseReturnValue:
    """Take a file out of the draft."""
    intake.remove_file(db, actor, item_code, request.form.get("file", ""))
    return redirect(url_for("window.apply", item_code=item_code), 303)


def _counter_page(db: Session, actor: Actor, problems: tuple[Problem, ...] = (), values: Any = None) -> str:
    given = values or {"item_code": request.args.get("item", ""), "credit_code": ""}
    means = [(each.value, name) for each, name in MEANS_NAMES.items()]
    items = [(code, f"{title}（{code}）") for code, title in catalog.offered(db, clock.now().date())]
    return page("window/counter.html", problems=problems, values=given, items=items, means=means)


@blueprint.get("/counter")
@access(Role.WINDOW)
@reads
def counter(db: Session, actor: Actor) -> str:
    """Start an application for somebody at the counter."""
    return _counter_page(db, actor)


@blueprint.post("/counter")
@access(Role.WINDOW)
@act(again=_counter_page)
def start_at_counter(db: Session, actor: Actor) -> ResponseReturnValue:
    """On to the form, once item and enterprise are known."""
    form = parse(CounterForm, request.form)
    intake.applicable(db, form.item_code, clock.now())
    enterprise = intake.applicant(db, actor, form.credit_code)
    consents.record(
        db,
        actor,
        credit_code=enterprise.credit_code,
        item_code=form.item_code,
        means=form.means,
        given_by=form.given_by,
    )
    return redirect(_address(form.item_code, enterprise.credit_code), 303)


@blueprint.get("/counter/<item_code>/<credit_code>")
@access(Role.WINDOW)
@reads
def apply_at_counter(db: Session, actor: Actor, item_code: str, credit_code: str) -> str:
    """The same form, typed in by the window."""
    return _form_page(db, actor, item_code, credit_code)


@blueprint.post("/counter/<item_code>/<credit_code>")
@access(Role.WINDOW)
@act(again=_form_page)
def submit_at_counter(db: Session, actor: Actor, item_code: str, credit_code: str) -> ResponseReturnValue:
    """Save the draft, or hand it in, for the enterprise at the counter that agreed to it."""
    consents.demand(db, actor, credit_code, item_code)
    return _save_or_submit(db, actor, item_code, credit_code)


@blueprint.post("/counter/<item_code>/<credit_code>/remove")
@access(Role.WINDOW)
@act(again=_form_page)
def remove_file_at_counter(
    db: Session, actor: Actor, item_code: str, credit_code: str
) -> ResponseReturnValue:
    """Take a file out of the draft at the counter."""
    intake.remove_file(db, actor, item_code, request.form.get("file", ""), credit_code)
    return redirect(_address(item_code, credit_code), 303)
