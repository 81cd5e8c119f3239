"""How every act on a case is carried out: lock, rule, state, clocks, event, timeline; tell the applicant."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import queries as catalog
from foundation import audit, outbox
from foundation.accounts import queries as accounts
from foundation.deadlines import services as deadlines
from foundation.deadlines.services import Start
from foundation.enterprises.mandates import queries as mandates
from foundation.enterprises.mandates.rules import Power
from foundation.errors import NotFound
from foundation.web.access import Actor
from notices import services as notices
from portal.window import events
from portal.window.limits import limit_for
from portal.window.models import Case
from portal.window.queries import visible_to
from portal.window.rules import ENDED, Act, Ending, Stage, Step, take

# what the mandate of an enterprise's person has to hold for; everything else is applying
POWERS = {Act.CONFIRM_ACCOUNT: Power.CONFIRM_ACCOUNT, Act.AWAIT_FUNDS: Power.CONFIRM_ACCOUNT}
# why a clock stands still at a stage, and on which basis
HOLDS: Mapping[Stage, tuple[str, str]] = {
    Stage.REVIEW_SUPPLEMENT_ASKED: ("supplement", "办事指南：申请人补正时间不计入办理时限"),
    Stage.PUBLICITY: ("publicity", "办事指南：公示时间不计入审核时限"),
}


def locked(db: Session, actor: Actor | None, number: str) -> Case:
    """The case of *number*, locked for this transaction; NotFound where it is not the actor's to see."""
    query = select(Case).where(Case.number == number).with_for_update()
    if actor is not None:
        query = query.where(visible_to(actor))
    case = db.scalar(query)
    if case is None:
        raise NotFound
    return case


def advance(
    db: Session,
    case: Case,
    act: Act,
    actor: Actor | None,
    *,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    until: datetime | None = None,
) -> None:
    """Move *case* by *act*, or refuse: stage and version, clocks, one event, one line of the timeline.

    *at* is when it happened. *until* is the planned end of a suspension, where the act suspends a clock.
    """
    advance_all(db, [(case, facts or {})], act, actor, at=at, personal=personal, until=until)


def advance_all(
    db: Session,
    told: Sequence[tuple[Case, Mapping[str, Any]]],
    act: Act,
    actor: Actor | None,
    *,
    at: datetime,
    personal: Mapping[str, Any] | None = None,
    until: datetime | None = None,
) -> None:
    """As `advance` for each case with its facts; one statement serves many."""
    if actor is not None:
        for item_code in sorted({case.item_code for case, _ in told}):
            mandates.check_may(db, actor, POWERS.get(act, Power.APPLY), item_code)
    steps = [_move(case, act, at) for case, _ in told]
    _turn_clocks(db, [(case, step) for (case, _), step in zip(told, steps, strict=True)], at, until or at)
    db.flush()
    for case, facts in told:
        outbox.emit(db, events.TOPICS[act], dict(events.payload(case.number or "", case.version, at)))
        audit.record(
            db,
            case.subject,
            act.value,
            actor=actor,
            happened_at=at,
            facts={"stage": case.stage.value, **facts},
            personal=dict(personal) if personal else None,
            version=case.version,
        )


def _move(case: Case, act: Act, at: datetime) -> Step:
    step = take(case.mode, case.stage, act, case.ending)
    case.stage, case.version = step.stage, case.version + 1
    if step.stage in ENDED:
        case.ended_at = at
    return step


def _turn_clocks(db: Session, moved: Sequence[tuple[Case, Step]], at: datetime, until: datetime) -> None:
    for case, step in moved:
        for name in step.stops:
            deadlines.stop_if_running(db, subject=case.subject, limit=name, at=at)
    _start_clocks(db, [(case, name) for case, step in moved for name in step.starts], at)
    for case, step in moved:
        _hold_clocks(db, case, step, at, until)


def _hold_clocks(db: Session, case: Case, step: Step, at: datetime, until: datetime) -> None:
    for name in step.suspends:
        reason, basis = HOLDS[step.stage]
        deadlines.suspend_if_running(
            db,
            subject=case.subject,
            limit=name,
            at=at,
            reason=reason,
            basis=basis,
            planned_end=until,
        )
    for name in step.resumes:
        deadlines.resume_if_suspended(db, subject=case.subject, limit=name, at=at)


def letter(
    case: Case, what: str, title: str, body: str, paper: notices.IssuedNotice | None = None
) -> notices.Letter:
    """How the applicant hears what became of the case, by law and once, with its paper."""
    return notices.Letter(
        case.applicant_code,
        title=title,
        body=body,
        link=f"/cases/{case.number}",
        key=f"{case.subject}:{what}",
        statutory=True,
        notice_id=paper.id if paper else None,
    )


def tell_applicant(
    db: Session, case: Case, what: str, title: str, body: str, paper: notices.IssuedNotice | None = None
) -> None:
    """Send that letter."""
    notices.tell_all(db, [letter(case, what, title, body, paper)])


def _start_clocks(db: Session, wanted: Sequence[tuple[Case, str]], at: datetime) -> None:
    """Start the limits of these names where one binds the case and it does not run already."""
    versions = {case.item_version_id for case, _ in wanted}
    published = {each: catalog.item_version(db, each).guide.limits for each in versions}
    bound = [
        (case, limit)
        for case, name in wanted
        if (limit := limit_for(name, published[case.item_version_id]))
        and not (name == "total" and deadlines.ever_started(db, case.subject, name))
    ]
    holders = [_holder(db, case, limit.name) for case, limit in bound]
    bodies = accounts.organisations_by_id(db, holders)
    starts = [
        Start(case.subject, limit, at, holder, bodies[holder].opening_hours)
        for (case, limit), holder in zip(bound, holders, strict=True)
    ]
    deadlines.start_all(db, starts)


def _holder(db: Session, case: Case, limit: str) -> int:
    """Whose time a limit is: hours are counted in the opening hours of whoever holds the clock."""
    if limit in {"acceptance", "handoff"}:
        return case.window_id
    if limit in {"supplement", "account"}:
        return case.applicant_organisation_id
    if limit == "payout" and case.ending is Ending.PAYMENT:
        return accounts.finance_of(db, accounts.organisation(db, case.window_id).region_code).id
    return case.department_id
