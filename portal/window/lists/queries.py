"""Lists and their rows, for those who have to do with them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, extract, false, func, select, true
from sqlalchemy.orm import Session

from foundation.accounts.models import Organisation
from foundation.deadlines import queries as deadlines
from foundation.deadlines.models import Deadline
from foundation.deadlines.wording import ClockView
from foundation.errors import NotFound
from foundation.web.access import Actor, Role
from portal.payouts import queries as payouts
from portal.window.lists.models import ExemptList, ListRow
from portal.window.lists.rules import STAGE_NAMES, Doubt, Finding, ListStage
from portal.window.models import Case, CasePersonal
from portal.window.queries import leading
from portal.window.rules import ENDED, Stage

FAILED = (Stage.REJECTED, Stage.REFUSED, Stage.WITHDRAWN)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Which lists an actor may see: the window's own, those handed to it, or all."""
    match actor.role:
        case Role.WINDOW:
            return ExemptList.window_id == actor.organisation_id
        case Role.DEPARTMENT:
            handed = ExemptList.stage != ListStage.FROZEN
            return handed & (ExemptList.department_id == actor.organisation_id)
        case Role.SUPERVISOR:
            return true()
        case _:
            return false()


@dataclass(frozen=True, slots=True)
class RowView:
    """One enterprise on a list."""

    credit_code: str
    name: str
    evidence: list[dict[str, Any]]
    doubts: tuple[Finding, ...]
    amount_fen: int | None
    kept: bool | None
    reason: str
    case_number: str
    problem: str
    funded: bool | None
    in_publicity: bool

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        if self.kept is None:
            return "待核对"
        if not self.kept:
            return "不列入"
        if not self.case_number:
            return "公示中" if self.in_publicity else "正在列入"
        return "排队等资金" if self.funded is False else "已列入"


@dataclass(frozen=True, slots=True)
class ListView:
    """One list; rows are empty in an overview."""

    number: str
    subject: str
    title: str
    item_code: str
    department: str
    stage: ListStage
    as_of: date
    frozen_at: datetime
    count: int
    clock: ClockView | None
    rows: tuple[RowView, ...] = ()

    @property
    def stage_name(self) -> str:
        """Where it stands, in words."""
        return STAGE_NAMES[self.stage]

    @property
    def open(self) -> int:
        """How many rows nobody has ruled on."""
        return sum(row.kept is None for row in self.rows)

    @property
    def tally(self) -> list[tuple[str, int]]:
        """How many rows stand where, in words."""
        return list(Counter(row.state for row in self.rows).items())


def overview(db: Session, actor: Actor, now: datetime) -> list[ListView]:
    """Every list in sight, the newest first."""
    found = db.scalars(select(ExemptList).where(visible_to(actor)).order_by(ExemptList.id.desc())).all()
    return [_view(db, each, now) for each in found]


def one(db: Session, actor: Actor, number: str, now: datetime) -> ListView:
    """A list with its rows; NotFound where it is not the actor's to see."""
    found = db.scalar(select(ExemptList).where(ExemptList.number == number, visible_to(actor)))
    if found is None:
        raise NotFound
    waiting = payouts.waiting_of(db, found.subject)
    return _view(db, found, now, tuple(_row(row, waiting) for row in found.rows))


def had_already(db: Session, item_codes: Sequence[str], year: int) -> dict[str, str]:
    """Firms with a case of one of the items this year that did not fail, with its number."""
    query = select(Case.applicant_code, Case.number).where(
        Case.item_code.in_(item_codes),
        Case.stage.not_in([Stage.DRAFT, *FAILED]),
        extract("year", Case.created_at) == year,
    )
    return {code: number or "" for code, number in db.execute(query.order_by(Case.id))}


def live_cases(db: Session, item_code: str, codes: Sequence[str]) -> dict[str, str]:
    """Those of the firms that have a case of the item under way, with its number."""
    query = select(Case.applicant_code, Case.number).where(
        Case.item_code == item_code,
        Case.applicant_code.in_(codes),
        Case.stage.not_in([Stage.DRAFT, *ENDED]),
    )
    return {code: number or "" for code, number in db.execute(query.order_by(Case.id))}


def known_accounts(db: Session) -> dict[str, str]:
    """The account that each firm named last, by credit code."""
    query = select(Case.applicant_code, CasePersonal.account_number).join(
        CasePersonal, CasePersonal.case_id == Case.id
    )
    named = (Case.stage != Stage.DRAFT, CasePersonal.account_number != "")
    return dict(db.execute(query.where(*named).order_by(Case.id)).all())


@dataclass(frozen=True, slots=True)
class Waiting:
    """A granted case whose firm has not named its account."""

    number: str
    credit_code: str
    firm: str
    item_title: str
    window_id: int
    asked_at: datetime
    due_at: datetime


def awaiting_account(db: Session) -> list[Waiting]:
    """Every firm that is still to name its account, with the moment it was asked and the limit."""
    clock = (Deadline.subject == "case:" + Case.number, Deadline.limit_name == "account")
    query = (
        select(Case, Deadline.started_at, Deadline.due_at)
        .join(Deadline, clock[0] & clock[1] & Deadline.stopped_at.is_(None))
        .where(Case.stage == Stage.AWAITING_ACCOUNT)
        .order_by(Case.id)
    )
    return [
        Waiting(
            case.number or "", case.applicant_code, case.applicant_name, case.item_title, case.window_id,
            asked_at, due_at or asked_at,
        )
        for case, asked_at, due_at in db.execute(query)
    ]  # fmt: skip


def account_of_another(db: Session, account_number: str, credit_code: str) -> bool:
    """Whether another firm named this account."""
    same = (Case.stage != Stage.DRAFT, CasePersonal.account_number == account_number)
    query = select(Case.id).join(CasePersonal, CasePersonal.case_id == Case.id)
    return db.scalar(query.where(*same, Case.applicant_code != credit_code).limit(1)) is not None


def _view(db: Session, row: ExemptList, now: datetime, rows: tuple[RowView, ...] = ()) -> ListView:
    department = db.get_one(Organisation, row.department_id)
    clocks = deadlines.clocks(db, [row.subject], now)[row.subject]
    return ListView(
        number=row.number,
        subject=row.subject,
        title=row.item_title,
        item_code=row.item_code,
        department=department.short_name,
        stage=row.stage,
        as_of=row.as_of,
        frozen_at=row.frozen_at,
        count=db.scalar(select(func.count()).where(ListRow.list_id == row.id)) or 0,
        clock=leading(clocks),
        rows=rows,
    )


def _row(row: ListRow, waiting: set[str]) -> RowView:
    findings = tuple(
        Finding(Doubt(each["doubt"]), each["basis"], each["source"], each["as_of"]) for each in row.doubts
    )
    funded = f"case:{row.case_number}" not in waiting if row.case_number else None
    return RowView(
        row.credit_code, row.name, row.evidence, findings, row.amount_fen, row.kept, row.reason or "",
        row.case_number or "", row.problem or "", funded,
        row.publicity_id is not None and not row.settled,
    )  # fmt: skip
