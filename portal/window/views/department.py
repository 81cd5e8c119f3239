"""What a department does to a case that was handed to it."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import queries as catalog
from catalog.conditions.parse import parse as parse_conditions
from catalog.conditions.verdict import judge
from foundation import audit, clock, four_eyes
from foundation.deadlines import queries as deadlines
from foundation.enterprises import queries as enterprises
from foundation.errors import Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from matching import pages as matching
from portal.payouts import queries as payouts
from portal.window import asked, queries, story
from portal.window.blueprint import blueprint
from portal.window.forms import LABELS, ApproveForm, ReasonForm, RespondForm, ReturnForm, ReviewForm
from portal.window.rules import Act, possible
from portal.window.services import review as services
from portal.window.views.case import case_page, form_page


def _respond_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    given = values or {"officer_name": actor.person_name, "officer_phone": ""}
    return form_page("window/respond.html", Act.RESPOND, db, actor, number, problems, values=given)


@blueprint.get("/cases/<number>/respond")
@access(Role.DEPARTMENT)
@reads
def respond_form(db: Session, actor: Actor, number: str) -> str:
    """Who handles it, or why it is not ours."""
    return _respond_page(db, actor, number)


@blueprint.post("/cases/<number>/respond")
@access(Role.DEPARTMENT)
@act(again=_respond_page)
def respond(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """响应."""
    form = parse(RespondForm, request.form)
    services.respond(db, actor, number, officer_name=form.officer_name, officer_phone=form.officer_phone)
    return case_page(number)


def _return_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    return form_page("window/return.html", Act.RETURN, db, actor, number, problems, values=values)


@blueprint.get("/cases/<number>/return")
@access(Role.DEPARTMENT)
@reads
def return_form(db: Session, actor: Actor, number: str) -> str:
    """Reason and basis of a return."""
    return _return_page(db, actor, number)


@blueprint.post("/cases/<number>/return")
@access(Role.DEPARTMENT)
@act(again=_return_page)
def send_back_to_window(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """退回."""
    form = parse(ReturnForm, request.form)
    services.send_back_to_window(db, actor, number, reason=form.reason, basis=form.basis)
    return case_page(number)


def _evidence(db: Session, number: str, actor: Actor) -> dict[str, Any]:
    """The conditions against what is known of the firm, and the review clock, beside the form."""
    case = queries.case(db, actor, number)
    item = catalog.item_version(db, case.item_version_id)
    profile = enterprises.profile(db, case.applicant_code)
    verdict = judge(parse_conditions(item.conditions), profile.values) if item.conditions else None
    running = deadlines.clocks(db, [case.subject], clock.now())[case.subject]
    return {
        "item": item,
        "asked": asked.shown(item, case.form),
        "sections": matching.sections(verdict, profile.facts, "") if verdict else (),
        "clocks": [view for view in running if view.limit == "review"],
        "pools": payouts.pools_of_item(db, case.item_code, clock.now().year),
    }


def _review_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    more = _evidence(db, number, actor)
    return form_page("window/review.html", Act.REVIEW, db, actor, number, problems, values=values, **more)


@blueprint.get("/cases/<number>/review")
@access(Role.DEPARTMENT)
@reads
def review_form(db: Session, actor: Actor, number: str) -> str:
    """Evidence on one side, opinion and amount on the other."""
    return _review_page(db, actor, number)


@blueprint.post("/cases/<number>/review")
@access(Role.DEPARTMENT)
@act(again=_review_page)
def review(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """审核意见."""
    form = parse(ReviewForm, request.form)
    services.review(db, actor, number, checked_fen=form.checked_fen, opinion=form.opinion, reason=form.reason)
    return case_page(number)


def _decide_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    case = queries.case(db, actor, number)
    more = _evidence(db, number, actor)
    return page(
        "window/decide.html",
        case=case,
        problems=problems,
        labels=LABELS,
        values=values or {},
        fits=Act.REJECT in possible(case.mode, case.stage, case.ending),
        own_opinion=not four_eyes.is_other(actor, case.reviewer_id),
        opinion=story.opinion(audit.timeline(db, case.subject)),
        **more,
    )


@blueprint.get("/cases/<number>/decide")
@access(Role.DEPARTMENT)
@reads
def decide_form(db: Session, actor: Actor, number: str) -> str:
    """The opinion, and the decision of a second person."""
    return _decide_page(db, actor, number)


@blueprint.post("/cases/<number>/approve")
@access(Role.DEPARTMENT)
@act(again=_decide_page)
def approve(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """审定通过."""
    form = parse(ApproveForm, request.form)
    services.approve(db, actor, number, decided_fen=form.decided_fen, reason=form.reason)
    return case_page(number)


@blueprint.post("/cases/<number>/reject")
@access(Role.DEPARTMENT)
@act(again=_decide_page)
def reject(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """不予兑现."""
    services.reject(db, actor, number, reason=parse(ReasonForm, request.form).reason)
    return case_page(number)


@blueprint.post("/cases/<number>/send-back")
@access(Role.DEPARTMENT)
@act(again=_decide_page)
def send_back_to_reviewer(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """退回重审."""
    services.send_back_to_reviewer(db, actor, number, reason=parse(ReasonForm, request.form).reason)
    return case_page(number)


def _publish_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    return form_page("window/publish.html", Act.PUBLISH, db, actor, number, problems, values=values)


@blueprint.get("/cases/<number>/publish")
@access(Role.DEPARTMENT)
@reads
def publish_form(db: Session, actor: Actor, number: str) -> str:
    """What will be shown, and what that stops."""
    return _publish_page(db, actor, number)


@blueprint.post("/cases/<number>/publish")
@access(Role.DEPARTMENT)
@act(again=_publish_page)
def publish(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """公示."""
    services.publish(db, actor, number)
    return case_page(number)
