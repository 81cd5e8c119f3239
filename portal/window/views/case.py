"""One case: its page, and what the window and the enterprise do to it."""

from datetime import datetime
from typing import Any

from flask import redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import queries as catalog
from foundation import audit, clock
from foundation.accounts import queries as accounts
from foundation.accounts.rules import OrganisationKind
from foundation.deadlines import queries as deadlines
from foundation.errors import Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from foundation.web.site import site
from foundation.web.uploads import plain_name, received
from notices import queries as notices
from portal.payouts import queries as payouts
from portal.window import asked, queries, story
from portal.window.blueprint import DESKS, blueprint
from portal.window.forms import LABELS, HandOffForm, RefuseForm, SupplementForm, SupplyForm, WithdrawForm
from portal.window.menu import menu, papers_of
from portal.window.publicity import queries as publicities
from portal.window.returns import queries as returns
from portal.window.returns import rules as rules_of_returns
from portal.window.rules import FORMAL_GROUNDS, Act, possible
from portal.window.services import acceptance

READERS = (Role.ENTERPRISE, *DESKS, Role.FINANCE)


def case_page(number: str) -> ResponseReturnValue:
    """Back to the case, where what just happened stands at the top of its story."""
    return redirect(url_for("window.case", number=number), 303)


def form_page(
    template: str,
    act_: Act,
    db: Session,
    actor: Actor,
    number: str,
    problems: tuple[Problem, ...],
    **more: Any,
) -> str:
    """The page of one act on a case; it is refused here already where the act no longer fits."""
    case = queries.case(db, actor, number)
    values = more.pop("values", None) or {}
    return page(
        template,
        case=case,
        problems=problems,
        values=values,
        labels=LABELS,
        fits=act_ in possible(case.mode, case.stage, case.ending),
        **more,
    )


@blueprint.get("/cases/<number>")
@access(*READERS)
@reads
def case(db: Session, actor: Actor, number: str) -> str:
    """Where it stands, what comes next and by when, what I can do."""
    now = clock.now()
    found = queries.case(db, actor, number)
    ledgers = deadlines.ledger(db, found.subject, now)
    returned = returns.of_case(db, number, now)
    lines = _lines(db, found)
    item = catalog.item_version(db, found.item_version_id)
    shown = publicities.of(db, found.subject, now)
    cleared = any(each.over and not each.set_aside for each in shown)
    mine = actor.role is Role.ENTERPRISE
    waiting = story.waiting(found.stage, found.department, for_applicant=mine)
    waiting = returned.waiting if returned else waiting
    return page(
        "window/case.html",
        case=found,
        item=item,
        asked=asked.shown(item, found.form),
        **_clocks(db, found.subject, now),
        ahead=story.ahead(found.stage, item.guide.steps, for_applicant=mine),
        ledgers=ledgers,
        held=deadlines.held_by(db, found.subject, now),
        story=story.tell(
            lines,
            ledgers,
            queries.organisation_names(db, lines),
            found.stage,
            ended=found.ended and returned is None,
            said=waiting,
            standing=returned.stage_name if returned else story.standing(found.stage, for_applicant=mine),
        ),
        waiting=waiting,
        returned=returned,
        papers=papers_of(notices.of_subject(db, actor, found.subject)),
        menu=menu(found, actor, to_publish=item.guide.limits.publicity and not cleared),
        shown=shown,
        claim=payouts.claim_of(db, found.subject),
        may_reveal=actor.role in {Role.WINDOW, Role.DEPARTMENT},
    )


def _lines(db: Session, found: queries.CaseView) -> list[audit.AuditLine]:
    """The case's own timeline, and that of what the bank sent back of its money."""
    came_back = audit.timeline(db, rules_of_returns.subject(found.number))
    return sorted([*audit.timeline(db, found.subject), *came_back], key=lambda line: line.recorded_at)


@blueprint.get("/cases/<number>/clocks")
@access(*READERS)
@reads
def clocks(db: Session, actor: Actor, number: str) -> str:
    """The clocks of a case alone, for the page that refreshes them each minute."""
    found = queries.case(db, actor, number)
    return page("window/clocks.html", case=found, **_clocks(db, found.subject, clock.now()))


def _clocks(db: Session, subject: str, now: datetime) -> dict[str, Any]:
    """The clocks that run, and the days of the review, which is shown day by day."""
    views = deadlines.clocks(db, [subject], now)[subject]
    running = [view for view in views if view.state not in {"done", "done_late"}]
    reviewing = any(view.limit == "review" for view in running)
    days = deadlines.days(db, subject, "review", now) if reviewing else ()
    return {"clocks": running, "days": days}


@blueprint.get("/cases/<number>/files/<key>")
@access(*READERS)
@reads
def file(db: Session, actor: Actor, number: str, key: str) -> ResponseReturnValue:
    """A file that was handed in, always as a download."""
    found = queries.file(db, actor, number, key)
    site().files.get(key)
    return send_file(
        site().files.path(key),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=plain_name(found.name),
    )


@blueprint.post("/cases/<number>/accept")
@access(Role.WINDOW)
@act()
def accept(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """受理."""
    acceptance.accept(db, actor, number)
    return case_page(number)


def _supplement_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    found = queries.case(db, actor, number)
    item = catalog.item_version(db, found.item_version_id)
    asked = [gap.material for gap in found.gaps]
    known = list(dict.fromkeys(asked or [material.name for material in item.guide.materials]))
    return form_page(
        "window/supplement.html", Act.ASK_SUPPLEMENT, db, actor, number, problems, values=values, known=known,
        asked_before=bool(asked),
    )  # fmt: skip


@blueprint.get("/cases/<number>/supplement")
@access(Role.WINDOW, Role.DEPARTMENT)
@reads
def supplement_form(db: Session, actor: Actor, number: str) -> str:
    """What is missing, all of it at once."""
    return _supplement_page(db, actor, number)


@blueprint.post("/cases/<number>/supplement")
@access(Role.WINDOW, Role.DEPARTMENT)
@act(again=_supplement_page)
def ask_supplement(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """一次性告知."""
    acceptance.ask_supplement(db, actor, number, parse(SupplementForm, request.form).gaps())
    return case_page(number)


def _supply_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    return form_page("window/supply.html", Act.SUPPLY, db, actor, number, problems, values=values)


@blueprint.get("/cases/<number>/supply")
@access(Role.ENTERPRISE, Role.WINDOW)
@reads
def supply_form(db: Session, actor: Actor, number: str) -> str:
    """The gaps, with a file field each."""
    return _supply_page(db, actor, number)


@blueprint.post("/cases/<number>/supply")
@access(Role.ENTERPRISE, Role.WINDOW)
@act(again=_supply_page)
def supply(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """补交."""
    acceptance.supply(db, actor, number, received(), parse(SupplyForm, request.form).note)
    return case_page(number)


def _refuse_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    grounds = list(FORMAL_GROUNDS.items())
    return form_page(
        "window/refuse.html", Act.REFUSE, db, actor, number, problems, values=values, grounds=grounds
    )


@blueprint.get("/cases/<number>/refuse")
@access(Role.WINDOW)
@reads
def refuse_form(db: Session, actor: Actor, number: str) -> str:
    """The formal grounds to choose from, and what it will mean."""
    return _refuse_page(db, actor, number)


@blueprint.post("/cases/<number>/refuse")
@access(Role.WINDOW)
@act(again=_refuse_page)
def refuse(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """不予受理."""
    form = parse(RefuseForm, request.form)
    acceptance.refuse(db, actor, number, form.ground, form.reason)
    return case_page(number)


def _hand_off_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    departments = accounts.organisations(db, OrganisationKind.DEPARTMENT)
    choices = [(department.code, department.name) for department in departments if department.confirmed]
    own = queries.case(db, actor, number)
    if own.department_code not in {code for code, _ in choices}:
        choices.insert(0, (own.department_code, own.department))
    return form_page(
        "window/hand_off.html", Act.HAND_OFF, db, actor, number, problems, values=values, departments=choices
    )


@blueprint.get("/cases/<number>/hand-off")
@access(Role.WINDOW)
@reads
def hand_off_form(db: Session, actor: Actor, number: str) -> str:
    """To whom, proposed by the item."""
    return _hand_off_page(db, actor, number)


@blueprint.post("/cases/<number>/hand-off")
@access(Role.WINDOW)
@act(again=_hand_off_page)
def hand_off(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """交办, with the 《交办通知书》."""
    form = parse(HandOffForm, request.form)
    acceptance.hand_off(db, actor, number, form.department, form.override_reason)
    return case_page(number)


def _withdraw_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    return form_page("window/withdraw.html", Act.WITHDRAW, db, actor, number, problems, values=values)


@blueprint.get("/cases/<number>/withdraw")
@access(Role.ENTERPRISE)
@reads
def withdraw_form(db: Session, actor: Actor, number: str) -> str:
    """What a withdrawal means."""
    return _withdraw_page(db, actor, number)


@blueprint.post("/cases/<number>/withdraw")
@access(Role.ENTERPRISE)
@act(again=_withdraw_page)
def withdraw(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """撤回."""
    acceptance.withdraw(db, actor, number, parse(WithdrawForm, request.form).reason)
    return case_page(number)
