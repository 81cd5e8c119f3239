"""What an actor may see of cases: desks, the case itself, its timeline."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import Session

from foundation.accounts.models import Organisation
from foundation.audit import AuditLine
from foundation.deadlines import queries as deadlines
from foundation.deadlines.models import Deadline
from foundation.deadlines.wording import ClockView
from foundation.enterprises.mandates.queries import in_scope
from foundation.errors import NotFound
from foundation.web.access import Actor, Role
from notices import scope
from notices.models import Notice
from portal.payouts.queries import borne_by
from portal.window.models import Case, Channel, Handoff
from portal.window.returns.standing import standings
from portal.window.rules import ENDED, STAGE_NAMES, Ending, Stage

PAGE_SIZE = 50
MINE_PAGE_SIZE = 10
AFTER_DECISION = (Stage.AWAITING_FUNDS, Stage.APPROVED, Stage.PAID)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Which cases an actor may see: its own, at its window, handed to it, to be paid by it, or all."""
    not_draft = Case.stage != Stage.DRAFT
    match actor.role:
        case Role.ENTERPRISE:
            own = Case.applicant_code == actor.organisation_code
            return not_draft & own & in_scope(actor, Case.item_code)
        case Role.WINDOW:
            return not_draft & (Case.window_id == actor.organisation_id)
        case Role.DEPARTMENT:
            handed = Handoff.case_id == Case.id, Handoff.department_id == actor.organisation_id
            listed = (Case.channel == Channel.LIST) & (Case.department_id == actor.organisation_id)
            return not_draft & (listed | exists().where(*handed))
        case Role.FINANCE:
            borne = ("case:" + Case.number).in_(borne_by(actor))
            return Case.stage.in_(AFTER_DECISION) & (Case.ending == Ending.PAYMENT) & borne
        case Role.SUPERVISOR:
            return not_draft
        case _:
            return false()


def _papers_in_scope(actor: Actor) -> ColumnElement[bool]:
    return Notice.subject.in_(select("case:" + Case.number).where(in_scope(actor, Case.item_code)))


scope.tell(_papers_in_scope)


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One case on a desk."""

    number: str
    title: str
    applicant: str
    stage: Stage
    mode: str
    ending: Ending
    department: str
    received_at: datetime
    clock: ClockView | None
    # what a payment that came back makes of it, where one did
    standing: str = ""

    @property
    def stage_name(self) -> str:
        """Where it stands, in words."""
        return self.standing or STAGE_NAMES[self.stage]

    @property
    def is_late(self) -> bool:
        """Whether its most urgent clock ran out."""
        return self.clock is not None and self.clock.state == "over"


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of a desk, the most urgent first, with the count of every tab."""

    rows: list[DeskRow]
    total: int
    counts: dict[Stage, int]
    late: int


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that was handed in."""

    material: str
    name: str
    key: str
    size: int
    media_type: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class GapView:
    """One thing that was told to be missing."""

    round: int
    material: str
    wanted: str
    supplied_at: datetime | None


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What came instead of money."""

    what: str
    document_number: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case with everything that its page shows; personal values are given to those who work on it."""

    number: str
    subject: str
    title: str
    item_code: str
    item_version_id: int
    mode: str
    ending: Ending
    stage: Stage
    version: int
    channel: str
    applicant_name: str
    applicant_code: str
    window_id: int
    department_id: int
    department: str
    department_code: str
    applied_fen: int | None
    checked_fen: int | None
    decided_fen: int | None
    check_reason: str | None
    decision_reason: str | None
    deemed_accepted: bool
    reviewer_id: int | None
    received_at: datetime
    decided_at: datetime | None
    form: dict[str, Any]
    contact_name: str
    contact_phone: str
    account_name: str
    account_bank: str
    account_tail: str
    officer_name: str
    officer_phone: str
    files: tuple[FileView, ...]
    gaps: tuple[GapView, ...]
    handed_off_before: bool
    outcome: OutcomeView | None

    @property
    def stage_name(self) -> str:
        """Where it stands, in words."""
        return STAGE_NAMES[self.stage]

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it."""
        return self.stage in ENDED


def desk(db: Session, actor: Actor, *, tab: str, search: str, page: int, now: datetime) -> Desk:
    """The cases before an actor: *tab* is a stage, `live`, `late` or `all`; *search* number, firm, item."""
    seen = visible_to(actor)
    by_stage = select(Case.stage, func.count()).where(seen).group_by(Case.stage)
    counts = dict(db.execute(by_stage).all())
    late = db.scalar(select(func.count()).select_from(Case).where(seen, _late(now))) or 0
    chosen = select(Case, Organisation.short_name).join(Organisation, Organisation.id == Case.department_id)
    chosen = chosen.where(seen, _in_tab(tab, now), _matches(search))
    total = db.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    due = (
        select(func.min(Deadline.due_at))
        .where(
            Deadline.subject == "case:" + Case.number,
            Deadline.stopped_at.is_(None),
            Deadline.limit_name != "total",
        )
        .scalar_subquery()
    )
    ordered = chosen.order_by(due.is_(None), due, Case.received_at.desc(), Case.id)
    rows = _rows(db, ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE), now)
    return Desk(rows, total, counts, late)


def chosen(db: Session, actor: Actor, numbers: Collection[str], now: datetime) -> list[DeskRow]:
    """The cases of these numbers, the oldest first; NotFound where one is not the actor's to see."""
    query = select(Case, Organisation.short_name).join(Organisation, Organisation.id == Case.department_id)
    query = query.where(Case.number.in_(numbers), visible_to(actor)).order_by(Case.id)
    rows = _rows(db, query, now)
    if len(rows) != len(set(numbers)):
        raise NotFound
    return rows


def mine(db: Session, actor: Actor, now: datetime) -> list[DeskRow]:
    """An enterprise's own cases, the newest first."""
    query = select(Case, Organisation.short_name).join(Organisation, Organisation.id == Case.department_id)
    return _rows(db, query.where(visible_to(actor)).order_by(Case.received_at.desc(), Case.id.desc()), now)


def drafts(db: Session, actor: Actor) -> list[tuple[str, str]]:
    """Codes and titles of the items for which the actor's enterprise has a draft."""
    own = Case.applicant_code == actor.organisation_code
    waiting = (Case.stage == Stage.DRAFT, own, in_scope(actor, Case.item_code))
    rows = db.execute(
        select(Case.item_code, Case.item_title).where(*waiting).order_by(Case.created_at, Case.id)
    )
    return [(row.item_code, row.item_title) for row in rows]


def live(db: Session, actor: Actor) -> dict[str, str]:
    """The numbers of an enterprise's cases under way, by item: for the pages that would offer to apply."""
    own = Case.applicant_code == actor.organisation_code, in_scope(actor, Case.item_code)
    under_way = select(Case.item_code, Case.number).where(Case.stage.not_in([Stage.DRAFT, *ENDED]), *own)
    rows = db.execute(under_way.order_by(Case.id))
    return {item_code: number for item_code, number in rows if number is not None}


def case(db: Session, actor: Actor, number: str) -> CaseView:
    """The case of *number*; NotFound where it is not the actor's to see."""
    row = db.scalar(select(Case).where(Case.number == number, visible_to(actor)))
    if row is None:
        raise NotFound
    return _view(db, row)


def unanswered(db: Session) -> list[tuple[str, datetime]]:
    """Cases on which the window has not said a word, with the moment they were (last) handed in."""
    acceptance = (
        Deadline.subject == "case:" + Case.number,
        Deadline.limit_name == "acceptance",
        Deadline.stopped_at.is_(None),
    )
    query = select(Case.number, Deadline.started_at).join(Deadline, and_(*acceptance))
    rows = db.execute(query.where(Case.stage == Stage.SUBMITTED).order_by(Case.id))
    return [(number or "", since) for number, since in rows]


def file(db: Session, actor: Actor, number: str, key: str) -> FileView:
    """One file of a case that the actor may see."""
    found = [file for file in case(db, actor, number).files if file.key == key]
    if not found:
        raise NotFound
    return found[0]


def _rows(db: Session, query: Select[Any, Any], now: datetime) -> list[DeskRow]:
    found = db.execute(query).all()
    clocks = deadlines.clocks(db, [row.Case.subject for row in found], now)
    returned = standings(db, [row.Case.number or "" for row in found])
    return [
        DeskRow(
            number=row.Case.number or "",
            title=row.Case.item_title,
            applicant=row.Case.applicant_name,
            stage=row.Case.stage,
            mode=row.Case.mode,
            ending=row.Case.ending,
            department=row.short_name,
            received_at=row.Case.received_at,
            clock=leading(clocks[row.Case.subject]),
            standing=returned.get(row.Case.number or "", ""),
        )
        for row in found
    ]


def leading(clocks: Iterable[ClockView]) -> ClockView | None:
    """The clock that a list shows: the most urgent running one, the outer one only if alone."""
    running = [clock for clock in clocks if clock.state not in {"done", "done_late"}]
    return min(running, key=lambda clock: (clock.limit == "total", clock.most_urgent_key), default=None)


def _in_tab(tab: str, now: datetime) -> ColumnElement[bool]:
    if tab == "all":
        return true()
    if tab == "late":
        return _late(now)
    if tab in set(Stage):
        return Case.stage == Stage(tab)
    return Case.stage.not_in(ENDED)


def _late(now: datetime) -> ColumnElement[bool]:
    overdue = (
        Deadline.subject == "case:" + Case.number,
        Deadline.stopped_at.is_(None),
        Deadline.suspended_at.is_(None),
        Deadline.due_at < now,
    )
    return exists().where(*overdue)


def _matches(search: str) -> ColumnElement[bool]:
    if not search:
        return true()
    return or_(
        *(
            column.contains(search, autoescape=True)
            for column in (Case.number, Case.applicant_name, Case.item_title)
        )
    )


def _view(db: Session, row: Case) -> CaseView:
    department = db.get_one(Organisation, row.department_id)
    personal = row.personal
    return CaseView(
        number=row.number or "", subject=row.subject, title=row.item_title, item_code=row.item_code,
        item_version_id=row.item_version_id, mode=row.mode, ending=row.ending, stage=row.stage,
        version=row.version, channel=row.channel.value, applicant_name=row.applicant_name,
        applicant_code=row.applicant_code, window_id=row.window_id, department_id=row.department_id,
        department=department.name, department_code=department.code, applied_fen=row.applied_fen,
        checked_fen=row.checked_fen, decided_fen=row.decided_fen, check_reason=row.check_reason,
        decision_reason=row.decision_reason, deemed_accepted=row.deemed_accepted,
        reviewer_id=row.reviewer_id, received_at=row.received_at or row.created_at,
        decided_at=row.decided_at, form=row.form, contact_name=personal.contact_name,
        contact_phone=personal.contact_phone, account_name=personal.account_name,
        account_bank=personal.account_bank, account_tail=personal.account_number[-4:],
        officer_name=personal.officer_name, officer_phone=personal.officer_phone, files=_files(row),
        gaps=tuple(GapView(gap.round, gap.material, gap.wanted, gap.supplied_at) for gap in row.gaps),
        handed_off_before=bool(row.handoffs), outcome=_outcome(row),
    )  # fmt: skip


def _outcome(row: Case) -> OutcomeView | None:
    kept = row.outcome
    return OutcomeView(kept.what, kept.document_number, kept.happened_at) if kept else None


def _files(row: Case) -> tuple[FileView, ...]:
    kept = (file for file in row.files if file.removed_at is None)
    return tuple(
        FileView(file.material, file.name, file.key, file.size, file.media_type, file.added_at)
        for file in kept
    )


def organisation_names(db: Session, lines: Iterable[AuditLine]) -> dict[str, str]:
    """Short names of the organisations that acted, by code."""
    codes = {line.organisation_code for line in lines if line.organisation_code}
    rows = db.execute(select(Organisation.code, Organisation.short_name).where(Organisation.code.in_(codes)))
    return dict(rows.all())


def live_applicants(db: Session, item_code: str) -> frozenset[int]:
    """The enterprises whose application for an item is under way or was paid: they need no reminder."""
    over = (Stage.DRAFT, Stage.REFUSED, Stage.REJECTED, Stage.WITHDRAWN)
    query = select(Case.applicant_id).where(Case.item_code == item_code, Case.stage.not_in(over))
    return frozenset(db.scalars(query))
