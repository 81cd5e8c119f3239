"""Questions and FAQ entries, for those who have to do with them; what must always hold."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from foundation.accounts.models import Organisation
from foundation.deadlines import queries as deadlines
from foundation.deadlines.models import Deadline
from foundation.deadlines.wording import ClockView
from foundation.enterprises.mandates.queries import in_scope
from foundation.errors import NotFound
from foundation.web.access import Actor, Role
from notices.codes import as_typed
from portal.window.queries import leading
from portal.window.questions.models import FaqEntry, Question, QuestionPersonal
from portal.window.questions.rules import (
    CHANNEL_NAMES,
    FAQ_STAGE_NAMES,
    KIND_NAMES,
    STAGE_NAMES,
    Act,
    Channel,
    FaqStage,
    Kind,
    Stage,
    clock_of,
    code_digest,
    possible,
    traces,
)

MOST = 200
WINDOW = aliased(Organisation)
DEPARTMENT = aliased(Organisation)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Who may see a question: its asker, the window that was asked, the department it was passed to, all."""
    match actor.role:
        case Role.ENTERPRISE:
            return _asked_by(actor)
        case Role.WINDOW:
            return Question.window_id == actor.organisation_id
        case Role.DEPARTMENT:
            return Question.department_id == actor.organisation_id
        case Role.SUPERVISOR:
            return true()
        case _:
            return false()


def _asked_by(actor: Actor) -> ColumnElement[bool]:
    return (Question.asker_code == actor.organisation_code) & in_scope(actor, Question.item_code)


def faq_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Which entries staff may see, proposed ones too: the item's department, the window, the supervisor."""
    match actor.role:
        case Role.WINDOW:
            return FaqEntry.window_id == actor.organisation_id
        case Role.DEPARTMENT:
            return FaqEntry.department_id == actor.organisation_id
        case Role.SUPERVISOR:
            return true()
        case _:
            return false()


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question with its clock; who asked is for those who work on it, and for the asker."""

    number: str
    subject: str
    kind: Kind
    channel: Channel
    stage: Stage
    item_code: str
    item_title: str
    window: str
    window_phone: str
    department: str
    department_id: int | None
    has_account: bool
    name: str
    phone: str
    words: str
    asked_at: datetime
    answered_at: datetime | None
    answer: str
    missed: int
    note: str
    clock: ClockView | None

    @property
    def stage_name(self) -> str:
        """待专窗答复."""
        return (
            "待回电" if self.kind is Kind.CALLBACK and self.stage is Stage.ASKED else STAGE_NAMES[self.stage]
        )

    @property
    def kind_name(self) -> str:
        """咨询, 请回电."""
        return KIND_NAMES[self.kind]

    @property
    def channel_name(self) -> str:
        """网上, 电话, 窗口."""
        return CHANNEL_NAMES[self.channel]

    @property
    def about(self) -> str:
        """The item's title, or that it is about none."""
        return self.item_title or "没有指明政策"

    def acts(self, role: Role) -> frozenset[Act]:
        """What somebody in *role* may do now."""
        return possible(self.kind, self.stage, role)


@dataclass(frozen=True, slots=True)
class Desk:
    """The questions before somebody, the most urgent first, with what waits and what is late."""

    rows: list[QuestionView]
    open: int
    late: int
    answered: int


@dataclass(frozen=True, slots=True)
class FaqView:
    """One entry of an item's FAQ."""

    number: str
    item_code: str
    item_title: str
    department: str
    department_id: int
    question_number: str
    question: str
    answer: str
    stage: FaqStage
    proposer_id: int
    proposed_at: datetime
    decided_at: datetime | None
    reason: str

    @property
    def stage_name(self) -> str:
        """待审核, 已公开, 没有采用, 已撤下."""
        return FAQ_STAGE_NAMES[self.stage]


Rows = Select[Question, QuestionPersonal, str, str | None, str | None]


def _select() -> Rows:
    return (
        select(
            Question,
            QuestionPersonal,
            WINDOW.short_name.label("window"),
            WINDOW.phone.label("window_phone"),
            DEPARTMENT.short_name.label("department"),
        )
        .join(QuestionPersonal, QuestionPersonal.question_id == Question.id)
        .join(WINDOW, WINDOW.id == Question.window_id)
        .outerjoin(DEPARTMENT, DEPARTMENT.id == Question.department_id)
    )


def _views(db: Session, query: Rows, now: datetime) -> list[QuestionView]:
    found = db.execute(query).all()
    clocks = deadlines.clocks(db, [row.Question.subject for row in found], now)
    return [_view(row, leading(clocks[row.Question.subject])) for row in found]


def _view(row: Row[Any, Any, Any, Any, Any], clock: ClockView | None) -> QuestionView:
    asked, personal = row.Question, row.QuestionPersonal
    return QuestionView(
        number=asked.number,
        subject=asked.subject,
        kind=asked.kind,
        channel=asked.channel,
        stage=asked.stage,
        item_code=asked.item_code or "",
        item_title=asked.item_title,
        window=row.window,
        window_phone=row.window_phone or "12345",
        department=row.department or "",
        department_id=asked.department_id,
        has_account=asked.asker_code is not None,
        name=personal.name,
        phone=personal.phone,
        words=personal.words,
        asked_at=asked.asked_at,
        answered_at=asked.answered_at,
        answer=asked.answer or "",
        missed=asked.missed,
        note=asked.note or "",
        clock=clock,
    )


def desk(db: Session, actor: Actor, *, answered: bool, now: datetime) -> Desk:
    """What waits for *actor* first; with *answered* what was answered last."""
    seen = visible_to(actor)
    is_open = Question.stage != Stage.ANSWERED
    order = (
        (Question.answered_at.desc(), Question.id.desc()) if answered else (Question.asked_at, Question.id)
    )
    chosen = _select().where(seen, ~is_open if answered else is_open).order_by(*order).limit(MOST)
    rows = _views(db, chosen, now)
    counted = select(
        func.count().filter(is_open), func.count().filter(is_open, _late(now)), func.count().filter(~is_open)
    )
    opened, late, done = db.execute(counted.where(seen)).one()
    return Desk(rows if answered else sorted(rows, key=_urgency), opened, late, done)


def waiting(db: Session, actor: Actor, now: datetime) -> tuple[int, int]:
    """How many questions wait for *actor*'s own organisation, and how many of them are late."""
    stages = [Stage.PASSED] if actor.role is Role.DEPARTMENT else [Stage.ASKED, Stage.TO_TELL]
    mine = and_(visible_to(actor), Question.stage.in_(stages))
    counted = select(func.count(), func.count().filter(_late(now))).where(mine)
    found, late = db.execute(counted).one()
    return found, late


def _late(now: datetime) -> ColumnElement[bool]:
    overdue = (
        Deadline.subject == "question:" + Question.number,
        Deadline.stopped_at.is_(None),
        Deadline.due_at < now,
    )
    return exists().where(*overdue)


def _urgency(view: QuestionView) -> tuple[tuple[int, float], str]:
    return view.clock.most_urgent_key if view.clock else (9, 0.0), view.number


def one(db: Session, actor: Actor, number: str, now: datetime) -> QuestionView:
    """The question of *number*; NotFound where it is not the actor's to see."""
    found = _views(db, _select().where(Question.number == number, visible_to(actor)), now)
    if not found:
        raise NotFound
    return found[0]


def mine(db: Session, actor: Actor, now: datetime) -> list[QuestionView]:
    """What the actor's enterprise asked, the latest first."""
    asked = _select().where(_asked_by(actor))
    return _views(db, asked.order_by(Question.asked_at.desc(), Question.id.desc()).limit(MOST), now)


def by_code(db: Session, code: str, now: datetime) -> QuestionView | None:
    """The question whose lookup code somebody typed; what the holder of the code may know."""
    digest = code_digest(as_typed(code))
    found = _views(db, _select().where(Question.code_digest == digest), now)
    return found[0] if found else None


def anonymous_since(db: Session, since: datetime, origin: str) -> tuple[int, int]:
    """How many questions of visitors came since a moment: from one origin, and from all."""
    came = select(
        func.count().filter(QuestionPersonal.origin == origin), func.count(QuestionPersonal.origin)
    ).join(Question, Question.id == QuestionPersonal.question_id)
    from_one, from_all = db.execute(came.where(Question.asked_at > since)).one()
    return from_one, from_all


def faq_of(db: Session, item_code: str) -> list[FaqView]:
    """What anyone may read on an item's page, in the order of publication."""
    shown = FaqEntry.stage == FaqStage.PUBLISHED
    return _entries(db, [FaqEntry.item_code == item_code, shown], FaqEntry.decided_at)


def faq_desk(db: Session, actor: Actor) -> list[FaqView]:
    """Every entry in sight: what waits for approval first, then the latest."""
    waits = FaqEntry.stage != FaqStage.PROPOSED
    return _entries(db, [faq_visible_to(actor)], waits, FaqEntry.proposed_at.desc())


def faq_entry(db: Session, actor: Actor, number: str) -> FaqView:
    """One entry; NotFound where it is not the actor's to see."""
    found = _entries(db, [FaqEntry.number == number, faq_visible_to(actor)], FaqEntry.id)
    if not found:
        raise NotFound
    return found[0]


def faq_from(db: Session, question_number: str) -> FaqView | None:
    """The entry that a question led to and that was not turned down."""
    live = FaqEntry.stage.in_([FaqStage.PROPOSED, FaqStage.PUBLISHED])
    found = _entries(db, [FaqEntry.question_number == question_number, live], FaqEntry.id)
    return found[0] if found else None


def _entries(db: Session, which: Sequence[ColumnElement[bool]], *order: Any) -> list[FaqView]:
    query = (
        select(FaqEntry, Organisation.short_name)
        .join(Organisation, Organisation.id == FaqEntry.department_id)
        .where(*which)
        .order_by(*order, FaqEntry.id)
        .limit(MOST)
    )
    return [
        FaqView(
            number=row.number, item_code=row.item_code, item_title=row.item_title, department=department,
            department_id=row.department_id, question_number=row.question_number, question=row.question,
            answer=row.answer, stage=row.stage, proposer_id=row.proposer_id, proposed_at=row.proposed_at,
            decided_at=row.decided_at, reason=row.reason or "",
        )
        for row, department in db.execute(query)
    ]  # fmt: skip


def uncounted(db: Session) -> list[str]:
    """Invariant: what waits for somebody has exactly that one's clock, what is answered has none."""
    ticking = select(Deadline.subject, Deadline.limit_name).where(
        Deadline.stopped_at.is_(None), Deadline.subject.startswith("question:")
    )
    running: dict[str, set[str]] = {}
    for subject, limit in db.execute(ticking):
        running.setdefault(subject, set()).add(limit)
    return [
        f"{row.subject}: {row.stage.value}, clocks {sorted(running.get(row.subject, ()))}"
        for row in db.scalars(select(Question).order_by(Question.id))
        if running.get(row.subject, set()) != _wanted(clock_of(row.kind, row.stage))
    ]


def _wanted(limit: str | None) -> set[str]:
    return set() if limit is None else {limit}


def let_out_alone(db: Session) -> list[str]:
    """Invariant: what is public was let out by a second person."""
    alone = or_(FaqEntry.approver_id.is_(None), FaqEntry.approver_id == FaqEntry.proposer_id)
    public = FaqEntry.stage.in_([FaqStage.PUBLISHED, FaqStage.WITHDRAWN])
    query = select(FaqEntry.number).where(public, alone).order_by(FaqEntry.id)
    return [f"{number}: let out without a second person" for number in db.scalars(query)]


def telling_entries(db: Session) -> list[str]:
    """Invariant: nothing public tells who asked."""
    query = (
        select(FaqEntry, QuestionPersonal.name, QuestionPersonal.phone)
        .join(Question, Question.number == FaqEntry.question_number)
        .join(QuestionPersonal, QuestionPersonal.question_id == Question.id)
        .where(FaqEntry.stage == FaqStage.PUBLISHED)
        .order_by(FaqEntry.id)
    )
    return [
        f"{entry.number}: tells of its asker"
        for entry, *known in db.execute(query)
        if _tells(entry.question, entry.answer, known)
    ]


def _tells(question: str, answer: str, known: Iterable[str]) -> bool:
    return bool(traces(f"{question}\n{answer}", known))


INVARIANTS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("a question's clock is that of whoever holds it", uncounted),
    ("an answer is public after a second pair of eyes", let_out_alone),
    ("a public answer tells nothing of who asked", telling_entries),
)
