"""Follow a case up after its end: open, invite, call, and let its enterprise judge. Never commits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation import audit, clock, outbox
from foundation.accounts import queries as accounts
from foundation.deadlines import services as deadlines
from foundation.deadlines.limits import LIMITS
from foundation.errors import Conflict, Invalid
from foundation.web.access import Actor
from notices import services as notices
from portal.feedback import events, queries
from portal.feedback.models import FollowUp, Rating
from portal.feedback.queries import EndedCase
from portal.feedback.redress import services as redress
from portal.feedback.rules import (
    FOLLOWUP,
    Answer,
    Given,
    Level,
    Outcome,
    check_caller,
    clock_subject,
    is_unreachable,
    next_in_turn,
)


@dataclass(frozen=True, slots=True)
class Rated:
    """What an enterprise says of a matter, and how it said so."""

    level: Level
    comment: str = ""
    given: Given = Given.PHONE


def open_follow_up(db: Session, case: EndedCase) -> None:
    """Start the follow-up of an ended case and invite its enterprise to rate it; once."""
    follow_up = _follow_up(db, case)
    if follow_up.ended_at is not None:
        return
    notices.tell(
        db,
        case.applicant_code,
        title=f"{'钱到账了吗？' if case.paid else ''}办得满意吗？",
        body=f"{case.item_title}（{case.number}）。五个选项，半分钟；承办人看不到是谁评的。",
        link=rating_path(case.number),
        key=f"feedback.invite:{case.subject}",
    )


def remind(db: Session, number: str, *, words: str, key: str) -> None:
    """Tell the window that a follow-up of its own waits; nothing where somebody was reached by now."""
    case = queries.ended_case(db, number)
    if case is None or queries.reached(db, case.subject):
        return
    notices.tell(
        db,
        accounts.organisation(db, case.window_id).code,
        title=f"{words}：{case.item_title}",
        body=f"编号 {number}。请由没有经手的同事给企业打电话，记下结果。",
        link=f"/follow-ups/{number}",
        key=key,
    )


def rate(db: Session, actor: Actor, number: str, level: Level, comment: str = "") -> None:
    """Say what the enterprise thinks of one of its own matters; once, and only after its end."""
    case = queries.own_case(db, actor, number)
    follow_up = _follow_up(db, case)
    _keep_rating(db, actor, case, Rated(level, comment, Given.ONLINE))
    if follow_up.ended_at is None:
        _end(db, follow_up, Outcome.RATED, clock.now())


def record_call(
    db: Session, actor: Actor, number: str, answer: Answer, note: str = "", rated: Rated | None = None
) -> None:
    """Write down one call by somebody without a hand in the case; reaching the enterprise stops the clock.

    What the enterprise wants to say of the matter on the phone is *rated*: kept as given by phone.
    """
    case = queries.call(db, actor, number).case
    check_caller(actor.person_id, queries.handlers(db, case.subject))
    if answer is Answer.PROBLEM and not note:
        raise Invalid.of("note", "还没有写是什么问题", "请写明企业说的问题，方便同事接着办")
    if rated is not None and answer is Answer.NOT_REACHED:
        raise Invalid.of("level", "没有联系上，不能填评价", "请去掉评价，或改选联系上了")
    follow_up = _follow_up(db, case)
    if follow_up.ended_at is not None:
        raise Conflict("这件回访刚刚办结，不用再记。请刷新回访清单。")
    now = clock.now()
    if answer.outcome is None:
        _miss(db, actor, follow_up, case, now)
    else:
        follow_up.caller_id, follow_up.note = actor.person_id, note or None
        _end(db, follow_up, answer.outcome, now)
    if rated is not None:
        _keep_rating(db, actor, case, rated)
    audit.record(
        db,
        clock_subject(case.number),
        "call",
        actor=actor,
        happened_at=now,
        facts={"answer": answer.value},
        personal={"note": note} if note else None,
    )


def _miss(db: Session, actor: Actor, follow_up: FollowUp, case: EndedCase, now: datetime) -> None:
    """One more call in vain; three on two days at least are enough, and the firm is told in writing."""
    follow_up.attempts += 1
    follow_up.first_missed_at = follow_up.first_missed_at or now
    first = follow_up.first_missed_at.astimezone(clock.BEIJING).date()
    if not is_unreachable(follow_up.attempts, first, now.date()):
        return
    follow_up.caller_id = actor.person_id
    _end(db, follow_up, Outcome.UNREACHED, now)
    window = accounts.organisation(db, case.window_id)
    notices.tell(
        db,
        case.applicant_code,
        title="给您打了几次电话没有接通",
        body=f"{case.item_title}（{case.number}）。有问题请拨 {window.phone or '12345'}，也可以在线评价。",
        link=rating_path(case.number),
        key=f"feedback.unreached:{case.subject}",
    )


def _keep_rating(db: Session, actor: Actor, case: EndedCase, rated: Rated) -> None:
    """What was said, once a matter; a bad one opens its redress in the same transaction."""
    now = clock.now()
    by_phone = rated.given is Given.PHONE
    db.add(
        Rating(
            subject=case.subject,
            case_number=case.number,
            level=int(rated.level),
            comment=rated.comment or None,
            rated_at=now,
            given=rated.given,
            typed_by_id=actor.person_id if by_phone else None,
        )
    )
    try:
        db.flush()
    except IntegrityError:
        raise Conflict("这件办件已经评价过了，一件只评一次。谢谢您。") from None
    if rated.level.is_bad:
        redress.open_redress(db, case, now)
    outbox.emit(db, events.RATED, {"case": case.number, "at": now.isoformat()})
    # level and words stay beside the chain: they are the enterprise's own, and no timeline may show them
    personal = {"level": int(rated.level), "comment": rated.comment}
    subject, facts = f"rating:{case.number}", {"given": rated.given.value} if by_phone else {}
    audit.record(db, subject, "rate", actor=actor, happened_at=now, facts=facts, personal=personal)


def rating_path(number: str) -> str:
    """Where the enterprise rates the case of *number*."""
    return f"/cases/{number}/rating"


def _follow_up(db: Session, case: EndedCase) -> FollowUp:
    """The follow-up of *case*, locked; opened, with its clock, by whoever comes first."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {
        "subject": case.subject,
        "case_number": case.number,
        "applicant_code": case.applicant_code,
        "window_id": case.window_id,
        "opened_at": case.ended_at,
        "recorded_at": clock.now(),
        "attempts": 0,
        "assignee_id": next_in_turn(queries.turns(db, case.window_id), queries.handlers(db, case.subject)),
    }
    added = db.execute(
        insert(FollowUp)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["subject"])
        .returning(FollowUp.id)
    ).scalar()
    if added is not None:
        window = accounts.organisation(db, case.window_id)
        deadlines.start(
            db,
            subject=clock_subject(case.number),
            limit=LIMITS[FOLLOWUP],
            at=case.ended_at,
            holder_id=window.id,
            opening_hours=window.opening_hours,
        )
    return db.scalars(select(FollowUp).where(FollowUp.subject == case.subject).with_for_update()).one()


def _end(db: Session, follow_up: FollowUp, outcome: Outcome, at: datetime) -> None:
    follow_up.ended_at, follow_up.outcome = at, outcome
    deadlines.stop_if_running(db, subject=clock_subject(follow_up.case_number), limit=FOLLOWUP, at=at)
    if outcome is not Outcome.UNREACHED:
        outbox.emit(db, events.REACHED, {"case": follow_up.case_number, "at": at.isoformat()})
