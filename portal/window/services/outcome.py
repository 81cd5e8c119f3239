"""What ends without money: a benefit delivered (减免, 权益, 资质), or a case reported to the level above."""

from datetime import datetime

from sqlalchemy.orm import Session

from foundation import clock
from foundation.errors import Invalid
from foundation.web.access import Actor
from portal.window.models import Case, Outcome
from portal.window.rules import Act
from portal.window.services.review import check_second_person
from portal.window.services.step import advance, locked, tell_applicant


def deliver(
    db: Session, actor: Actor, number: str, *, what: str, document_number: str, delivered_at: datetime
) -> None:
    """送达: what was granted is in the applicant's hands; the payout ends here, not at the bank."""
    case = locked(db, actor, number)
    _check_moment("delivered_at", delivered_at, case.decided_at)
    _end(db, case, Act.DELIVER, actor, what, document_number, delivered_at)
    tell_applicant(db, case, "outcome", f"已送达：{case.item_title}", f"{what}，凭证 {document_number}。")


def report(
    db: Session, actor: Actor, number: str, *, body: str, document_number: str, reported_at: datetime
) -> None:
    """上报: handed to the body above that decides, under a document number, by a second person."""
    case = locked(db, actor, number)
    check_second_person(case, actor)
    _check_moment("reported_at", reported_at, case.handed_off_at)
    case.responded_at = case.responded_at or clock.now()
    case.decider_id = actor.person_id
    _end(db, case, Act.REPORT, actor, body, document_number, reported_at)
    tell_applicant(
        db,
        case,
        "outcome",
        f"已上报：{case.item_title}",
        f"已报 {body}，文号 {document_number}。由上级作出决定。",
    )


def _check_moment(field: str, at: datetime, since: datetime | None) -> None:
    if at > clock.now():
        raise Invalid.of(field, "时间不能晚于现在", "请按凭证填写")
    if since is not None and at < since.replace(second=0, microsecond=0):
        raise Invalid.of(field, f"时间不能早于 {since:%Y-%m-%d %H:%M}", "请按凭证填写")


def _end(
    db: Session, case: Case, act: Act, actor: Actor, what: str, document_number: str, at: datetime
) -> None:
    now = clock.now()
    at = max(at, case.decided_at or case.handed_off_at or at)
    case.outcome = Outcome(
        what=what, document_number=document_number, happened_at=at, recorded_at=now, person_id=actor.person_id
    )
    facts = {"what": what, "document_number": document_number}
    advance(db, case, act, actor, at=at, facts=facts)
