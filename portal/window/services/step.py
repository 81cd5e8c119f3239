"""How every act on a case is carried out: lock, rule, state, clocks, event, timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import queries as catalog
from foundation import audit, outbox
from foundation.accounts import queries as accounts
from foundation.accounts.queries import OrganisationView
from foundation.deadlines import services as deadlines
from foundation.enterprises.mandates import queries as mandates
from foundation.enterprises.mandates.rules import Power
from foundation.errors import NotFound
from foundation.web.access import Actor
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
    if actor is not None:
        mandates.check_may(db, actor, POWERS.get(act, Power.APPLY), case.item_code)
    step = take(case.mode, case.stage, act, case.ending)
    case.stage, case.version = step.stage, case.version + 1
    if step.stage in ENDED:
        case.ended_at = at
    _turn_clocks(db, case, step, at, until or at)
    db.flush()
    outbox.emit(db, events.TOPICS[act], dict(events.payload(case.number or "", case.version, at)))
    audit.record(
        db,
        case.subject,
        act.value,
        actor=actor,
        happened_at=at,
        facts={"stage": step.stage.value, **(facts or {})},
        personal=dict(personal) if personal else None,
        version=case.version,
    )


def _turn_clocks(db: Session, case: Case, step: Step, at: datetime, until: datetime) -> None:
    for name in step.stops:
        deadlines.stop_if_running(db, subject=case.subject, limit=name, at=at)
    for name in step.starts:
        start_clock(db, case, name, at)
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


def start_clock(db: Session, case: Case, name: str, at: datetime) -> None:
    """Start the limit called *name* where one binds the case and it does not run already."""
    item = catalog.item_version(db, case.item_version_id)
    limit = limit_for(name, item.guide.limits)
    if limit is None or (name == "total" and deadlines.ever_started(db, case.subject, name)):
        return
    holder = _holder(db, case, name)
    deadlines.start(
        db, subject=case.subject, limit=limit, at=at, holder_id=holder.id, opening_hours=holder.opening_hours
    )


def _holder(db: Session, case: Case, limit: str) -> OrganisationView:
    """Whose time a limit is: hours are counted in the opening hours of whoever holds the clock."""
    if limit in {"acceptance", "handoff"}:
        return accounts.organisation(db, case.window_id)
    if limit in {"supplement", "account"}:
        return accounts.organisation(db, case.applicant_organisation_id)
    if limit == "payout" and case.ending is Ending.PAYMENT:
        return accounts.finance_of(db, accounts.organisation(db, case.window_id).region_code)
    return accounts.organisation(db, case.department_id)
