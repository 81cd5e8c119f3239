"""Publicities and objections, for the public and for the department that decides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, false, func, or_, select, true
from sqlalchemy.orm import Session

from foundation.clock import BEIJING
from foundation.deadlines import queries as deadlines
from foundation.deadlines.models import Deadline
from foundation.errors import NotFound
from foundation.web.access import Actor, Role
from notices.documents import Document
from portal.window.publicity.models import Objection, ObjectionPersonal, Publicity
from portal.window.publicity.rules import DECIDED, STATE_NAMES, State

LIMIT = "publicity"
MOST = 100


@dataclass(frozen=True, slots=True)
class Answered:
    """An objection as the public reads it: no person, the decision in words."""

    number: str
    state: State
    received_at: datetime
    decision: str

    @property
    def state_name(self) -> str:
        """待核查, 异议成立."""
        return STATE_NAMES[self.state]


@dataclass(frozen=True, slots=True)
class PublicityView:
    """One publicity as everybody may read it."""

    number: str
    about: str
    title: str
    notice_number: str
    document: Document
    digest: str
    published_at: datetime
    first_day: str  # as its paper says it
    last_day: date
    until: datetime
    provisional: bool
    over: bool
    set_aside: bool
    objections: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """One objection as those who decide it read it."""

    number: str
    publicity: str
    title: str
    credit_code: str
    state: State
    received_at: datetime
    name: str
    phone: str
    statement: str
    examiner_id: int | None
    opinion: str
    decision: str
    decided_at: datetime | None

    @property
    def state_name(self) -> str:
        """待核查, 异议成立."""
        return STATE_NAMES[self.state]


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Whose objections an actor may read: its own department's, a supervisor all."""
    match actor.role:
        case Role.DEPARTMENT:
            return Publicity.department_id == actor.organisation_id
        case Role.SUPERVISOR:
            return true()
        case _:
            return false()


def published(db: Session, now: datetime) -> list[PublicityView]:
    """What is or was on show, the latest first."""
    rows = db.scalars(select(Publicity).order_by(Publicity.id.desc()).limit(MOST))
    return [_view(db, row, now) for row in rows]


def one(db: Session, number: str, now: datetime) -> PublicityView:
    """The publicity of *number*."""
    row = db.scalar(select(Publicity).where(Publicity.number == number))
    if row is None:
        raise NotFound("没有这份公示。请从公示列表进入。")
    return _view(db, row, now)


def of(db: Session, about: str, now: datetime) -> list[PublicityView]:
    """Every publicity of a case or list, the latest first."""
    rows = db.scalars(select(Publicity).where(Publicity.about == about).order_by(Publicity.id.desc()))
    return [_view(db, row, now) for row in rows]


def standing(db: Session, about: str) -> tuple[bool, list[State]]:
    """Whether the publicity that counts for a case is over, and where its objections stand."""
    counts = (Publicity.about == about, Publicity.set_aside_at.is_(None))
    row = db.scalar(select(Publicity).where(*counts).order_by(Publicity.id.desc()).limit(1))
    if row is None:
        return False, []
    states = select(Objection.state).where(Objection.publicity_id == row.id).order_by(Objection.id)
    return row.ended_at is not None, list(db.scalars(states))


def objected(db: Session, publicity_id: int, states: Sequence[State]) -> tuple[set[str], bool]:
    """Credit codes that objections of these states are about, and whether one is about all."""
    query = select(Objection.credit_code).where(
        Objection.publicity_id == publicity_id, Objection.state.in_(states)
    )
    codes = set(db.scalars(query))
    return codes - {""}, "" in codes


def due(db: Session, now: datetime) -> list[tuple[str, datetime]]:
    """Publicities whose last day has passed, with the moment it ended."""
    clock = (Deadline.subject == "publicity:" + Publicity.number, Deadline.limit_name == LIMIT)
    query = (
        select(Publicity.number, Deadline.due_at)
        .join(Deadline, clock[0] & clock[1])
        .where(Publicity.ended_at.is_(None), Deadline.stopped_at.is_(None), Deadline.due_at <= now)
        .order_by(Publicity.id)
    )
    return [(number, at) for number, at in db.execute(query) if at is not None]


def came_from(db: Session, origin: str, now: datetime) -> int:
    """How many objections came from one address within the hour."""
    recent = (Objection.origin == origin, Objection.received_at > now - timedelta(hours=1))
    return db.scalar(select(func.count()).select_from(Objection).where(*recent)) or 0


def objections(db: Session, actor: Actor) -> list[ObjectionView]:
    """Every objection in sight, what is undecided first."""
    query = (
        select(Objection, ObjectionPersonal, Publicity)
        .join(ObjectionPersonal, ObjectionPersonal.objection_id == Objection.id)
        .join(Publicity, Publicity.id == Objection.publicity_id)
        .where(visible_to(actor))
    )
    ordered = query.order_by(Objection.state.in_(DECIDED), Objection.received_at, Objection.id).limit(MOST)
    return [_objection(*row) for row in db.execute(ordered)]


def objection(db: Session, actor: Actor, number: str) -> ObjectionView:
    """One objection; NotFound where it is not the actor's to read."""
    query = (
        select(Objection, ObjectionPersonal, Publicity)
        .join(ObjectionPersonal, ObjectionPersonal.objection_id == Objection.id)
        .join(Publicity, Publicity.id == Objection.publicity_id)
        .where(visible_to(actor), Objection.number == number)
    )
    row = db.execute(query).first()
    if row is None:
        raise NotFound
    return _objection(*row)


def _view(db: Session, row: Publicity, now: datetime) -> PublicityView:
    (ledger,) = deadlines.ledger(db, row.subject, now)
    until = ledger.reckoning.due or row.published_at
    answered = db.scalars(select(Objection).where(Objection.publicity_id == row.id).order_by(Objection.id))
    document = Document.from_json(row.text)
    first_day = next(fact.value for fact in document.facts if fact.label == "公示首日")
    return PublicityView(
        row.number, row.about, row.item_title, row.notice_number, document, row.digest, row.published_at,
        first_day, until.astimezone(BEIJING).date(), until, ledger.reckoning.provisional,
        row.ended_at is not None, row.set_aside_at is not None,
        tuple(Answered(each.number, each.state, each.received_at, each.decision or "") for each in answered),
    )  # fmt: skip


def _objection(row: Objection, personal: ObjectionPersonal, publicity: Publicity) -> ObjectionView:
    return ObjectionView(
        row.number, publicity.number, publicity.item_title, row.credit_code, row.state, row.received_at,
        personal.name, personal.phone, personal.statement, row.examiner_id, row.opinion or "",
        row.decision or "", row.decided_at,
    )  # fmt: skip


def ended_early(db: Session) -> list[str]:
    """Invariant: a publicity lasts until its last day."""
    clock = (Deadline.subject == "publicity:" + Publicity.number) & (Deadline.limit_name == LIMIT)
    wrong = or_(Publicity.ended_at < Deadline.due_at, Publicity.ended_at > Deadline.stopped_at)
    query = select(Publicity.number).join(Deadline, clock).where(wrong).order_by(Publicity.number)
    return [f"{number}: ended before its last day" for number in db.scalars(query)]


def decided_alone(db: Session) -> list[str]:
    """Invariant: two people stand behind the decision on an objection, and it is in writing."""
    decided = Objection.state.in_(DECIDED)
    wrong = or_(
        Objection.decider_id == Objection.examiner_id,
        decided & or_(Objection.decision.is_(None), Objection.decided_at.is_(None)),
    )
    return list(db.scalars(select(Objection.number).where(wrong).order_by(Objection.number)))


def nameless(db: Session) -> list[str]:
    """Invariant: behind every objection stands somebody who can be answered."""
    named = exists().where(
        ObjectionPersonal.objection_id == Objection.id,
        ObjectionPersonal.name != "",
        ObjectionPersonal.phone != "",
    )
    return list(db.scalars(select(Objection.number).where(~named).order_by(Objection.number)))


INVARIANTS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("a publicity lasts until its last day", ended_early),
    ("two people decide an objection in writing", decided_alone),
    ("every objection has a name and a telephone", nameless),
)
