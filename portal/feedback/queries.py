"""Who may rate, who is to be called, what must always hold; staff get no rating together with its case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, false, func, or_, select, true
from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts import queries as accounts
from foundation.accounts.models import Person
from foundation.audit import AuditEvent
from foundation.deadlines import queries as deadlines
from foundation.deadlines.models import Deadline
from foundation.deadlines.wording import ClockView
from foundation.errors import NotFound
from foundation.outbox import Delivery, Outbox
from foundation.web.access import Actor, Role
from portal.feedback.models import FollowUp, Rating
from portal.feedback.rules import FOLLOWUP, SMALLEST_CELL, Level, Turn, clock_subject
from portal.window.events import TOPICS
from portal.window.models import Case, CasePersonal
from portal.window.queries import visible_to as visible_to_firm
from portal.window.rules import STAGE_NAMES, Act, Stage

# what ends in a follow-up and may be rated: what arrived, a decision that was served, a report sent upwards
RATABLE = (Stage.PAID, Stage.DELIVERED, Stage.REPORTED, Stage.REJECTED)
# the readers of this room, by the topic that ends a case
READERS = {
    TOPICS[Act.PAY]: "feedback.follow_paid",
    TOPICS[Act.DELIVER]: "feedback.follow_delivered",
    TOPICS[Act.REPORT]: "feedback.follow_reported",
    TOPICS[Act.REJECT]: "feedback.follow_rejected",
}


@dataclass(frozen=True, slots=True)
class EndedCase:
    """What this room knows of a case that has come to its end."""

    number: str
    subject: str
    item_title: str
    applicant_code: str
    window_id: int
    paid: bool
    outcome: str
    paid_fen: int | None
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class GivenRating:
    """What an enterprise said of one of its own matters; for its own eyes."""

    level: Level
    comment: str
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class RatingPage:
    """A matter of the actor's, and what it said of it, if anything yet."""

    case: EndedCase
    given: GivenRating | None


@dataclass(frozen=True, slots=True)
class Call:
    """One enterprise to call, as the caller needs it."""

    case: EndedCase
    applicant_name: str
    contact_name: str
    contact_phone: str
    attempts: int
    clock: ClockView | None
    # whoever had a hand in the case does not call
    mine_to_call: bool
    # whose turn it is, by name and whether that is the one who looks
    assignee: str
    my_turn: bool


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Pooled ratings of a period; fewer than five are never told."""

    ratings: int
    satisfied: int


def _ended() -> Select[Case]:
    return select(Case).where(Case.stage.in_(RATABLE))


def _ended_case(case: Case) -> EndedCase:
    ended_at = case.paid_at or case.ended_at or case.decided_at
    if case.number is None or ended_at is None:
        raise ValueError(f"case {case.id} ended without number or moment")
    return EndedCase(
        number=case.number,
        subject=case.subject,
        item_title=case.item_title,
        applicant_code=case.applicant_code,
        window_id=case.window_id,
        paid=case.stage is Stage.PAID,
        outcome=STAGE_NAMES[case.stage],
        paid_fen=case.decided_fen if case.stage is Stage.PAID else None,
        ended_at=ended_at,
    )


def ended_case(db: Session, number: str) -> EndedCase | None:
    """The case of *number*, if it was paid, delivered, reported or rejected."""
    case = db.scalar(_ended().where(Case.number == number))
    return None if case is None else _ended_case(case)


def own_case(db: Session, actor: Actor, number: str) -> EndedCase:
    """A case that *actor*'s enterprise applied for and may rate; NotFound for every other."""
    case = db.scalar(_ended().where(Case.number == number, visible_to_firm(actor)))
    if case is None or actor.role is not Role.ENTERPRISE:
        raise NotFound("这件办件还不能评价，或者不是贵公司的。请从“我的办件”进入。")
    return _ended_case(case)


def rating_page(db: Session, actor: Actor, number: str) -> RatingPage:
    """A matter to rate, with what the actor's own enterprise said of it before."""
    case = own_case(db, actor, number)
    row = db.scalar(select(Rating).where(Rating.subject == case.subject))
    given = None if row is None else GivenRating(Level(row.level), row.comment or "", row.rated_at)
    return RatingPage(case, given)


def pending(db: Session, actor: Actor) -> list[EndedCase]:
    """The actor's matters that came to an end and are not rated yet, the latest first."""
    if actor.role is not Role.ENTERPRISE:
        return []
    rated = exists().where(Rating.case_number == Case.number)
    mine = _ended().where(visible_to_firm(actor), ~rated)
    return [_ended_case(case) for case in db.scalars(mine.order_by(Case.ended_at.desc(), Case.id.desc()))]


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The follow-ups *actor* may see: a window its own, the supervisor all."""
    if actor.role is Role.SUPERVISOR:
        return true()
    if actor.role is Role.WINDOW:
        return FollowUp.window_id == actor.organisation_id
    return false()


def handlers(db: Session, subject: str) -> frozenset[int]:
    """Everybody who had a hand in *subject*, as the timeline knows it."""
    acted = select(AuditEvent.person_id).where(AuditEvent.subject == subject)
    return frozenset(person for person in db.scalars(acted) if person is not None)


def turns(db: Session, window_id: int) -> list[Turn]:
    """Who of a window could be given a call, with what each has open; empty where nobody works there."""
    staff = accounts.staff_of(db, window_id, Role.WINDOW, clock.now().date())
    given = (
        select(FollowUp.assignee_id, func.count().filter(FollowUp.ended_at.is_(None)), func.max(FollowUp.id))
        .where(FollowUp.assignee_id.in_(staff))
        .group_by(FollowUp.assignee_id)
    )
    known = {person: (count, last) for person, count, last in db.execute(given)}
    return [Turn(person, *known.get(person, (0, 0))) for person in staff]


def is_rated(db: Session, actor: Actor, number: str) -> bool:
    """Whether *actor*'s own enterprise has rated its case of *number*."""
    rated = select(Rating.id).join(Case, Case.number == Rating.case_number)
    mine = Case.applicant_code == actor.organisation_code
    return db.scalar(rated.where(Rating.case_number == number, mine)) is not None


def reached(db: Session, subject: str) -> bool:
    """Whether the follow-up of *subject* is over."""
    over = select(FollowUp.id).where(FollowUp.subject == subject, FollowUp.ended_at.is_not(None))
    return db.scalar(over) is not None


def calls(db: Session, actor: Actor) -> list[Call]:
    """Who is still to be called, most urgent first."""
    rows = db.execute(_open_calls(actor).order_by(FollowUp.opened_at, FollowUp.id)).all()
    subjects = [row.FollowUp.subject for row in rows]
    clocks = _clocks(db, [row.FollowUp.case_number for row in rows])
    acted = AuditEvent.subject.in_(subjects), AuditEvent.person_id == actor.person_id
    own = set(db.scalars(select(AuditEvent.subject).where(*acted)))
    listed = [_call(row, actor, clocks, row.FollowUp.subject not in own) for row in rows]
    return sorted(listed, key=_urgency)


def _urgency(call: Call) -> tuple[tuple[int, float], str]:
    return call.clock.most_urgent_key if call.clock else (9, 0.0), call.case.number


def call(db: Session, actor: Actor, number: str) -> Call:
    """One open follow-up; NotFound where it is over, or not the actor's to see."""
    row = db.execute(_open_calls(actor).where(FollowUp.case_number == number)).first()
    if row is None:
        raise NotFound("这件回访已经办结，或者不归您办。请从回访清单重新进入。")
    subject = row.FollowUp.subject
    may = actor.person_id not in handlers(db, subject)
    return _call(row, actor, _clocks(db, [number]), may)


def _open_calls(actor: Actor) -> Select[FollowUp, Case, CasePersonal, str]:
    return (
        select(FollowUp, Case, CasePersonal, Person.name.label("assignee"))
        .join(Case, Case.number == FollowUp.case_number)
        .outerjoin(CasePersonal, CasePersonal.case_id == Case.id)
        .outerjoin(Person, Person.id == FollowUp.assignee_id)
        .where(FollowUp.ended_at.is_(None), visible_to(actor))
    )


def _call(row: Row[Any, Any, Any, Any], actor: Actor, clocks: dict[str, ClockView], may: bool) -> Call:
    follow_up, personal = row.FollowUp, row.CasePersonal
    return Call(
        case=_ended_case(row.Case),
        applicant_name=row.Case.applicant_name,
        contact_name=personal.contact_name if personal else "",
        contact_phone=personal.contact_phone if personal else "",
        attempts=follow_up.attempts,
        clock=clocks.get(clock_subject(follow_up.case_number)),
        mine_to_call=may,
        assignee=row.assignee or "",
        my_turn=follow_up.assignee_id == actor.person_id,
    )


def _clocks(db: Session, numbers: list[str]) -> dict[str, ClockView]:
    found = deadlines.clocks(db, [clock_subject(number) for number in numbers], clock.now())
    return {subject: views[0] for subject, views in found.items() if views}


def satisfaction(db: Session, since: datetime, until: datetime) -> Satisfaction | None:
    """Pooled ratings given from *since* up to *until*; None below five, where one could be guessed (T13).

    Only for periods that are over: two that overlap would tell their difference.
    """
    within = (Rating.rated_at >= since, Rating.rated_at < until, Rating.excluded_at.is_(None))
    satisfied = func.count().filter(Rating.level <= Level.FAIRLY_SATISFIED)
    ratings, good = db.execute(select(func.count(), satisfied).where(*within)).one()
    return Satisfaction(ratings, good) if ratings >= SMALLEST_CELL else None


def rated_too_early(db: Session) -> list[str]:
    """Invariant: only matters that came to an end worth a call are rated."""
    rows = db.execute(
        select(Rating.subject, Case.stage)
        .outerjoin(Case, Case.number == Rating.case_number)
        .where(or_(Case.id.is_(None), Case.stage.not_in(RATABLE)))
        .order_by(Rating.id)
    )
    return [f"{subject}: rated at stage {stage.value if stage else None}" for subject, stage in rows]


def rated_twice(db: Session) -> list[str]:
    """Invariant: one matter, one rating (一事一评)."""
    rows = db.execute(
        select(Rating.case_number, func.count())
        .group_by(Rating.case_number)
        .having(func.count() > 1)
        .order_by(Rating.case_number)
    )
    return [f"{number}: rated {count} times" for number, count in rows]


def forgotten(db: Session) -> list[str]:
    """Invariant: where the end of a case was delivered to this room, its follow-up exists."""
    told = (
        select(Outbox.payload)
        .join(Delivery, Delivery.outbox_id == Outbox.id)
        .where(Delivery.reader.in_(READERS.values()), Delivery.done_at.is_not(None))
        .order_by(Outbox.id)
    )
    followed = set(db.scalars(select(FollowUp.case_number)))
    return [f"case:{each['case']}: no follow-up" for each in db.scalars(told) if each["case"] not in followed]


def still_counted(db: Session) -> list[str]:
    """Invariant: the clock of a follow-up runs exactly as long as nobody was reached."""
    ticking = select(Deadline.subject).where(Deadline.limit_name == FOLLOWUP, Deadline.stopped_at.is_(None))
    running = set(db.scalars(ticking))
    rows = db.execute(select(FollowUp.case_number, FollowUp.ended_at).order_by(FollowUp.id))
    return [
        f"case:{number}: {'over, but its clock runs' if ended_at else 'open, but no clock runs'}"
        for number, ended_at in rows
        if (clock_subject(number) in running) == (ended_at is not None)
    ]


INVARIANTS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("only ended matters are rated", rated_too_early),
    ("a matter is rated once", rated_twice),
    ("every ended matter is followed up", forgotten),
    ("a follow-up's clock stops when somebody is reached", still_counted),
)
