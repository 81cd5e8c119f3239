"""Lists and their rows, for those who have to do with them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, extract, false, func, select, true
from sqlalchemy.orm import Session

from foundation.accounts.models import Organisation
from foundation.deadlines import queries as deadlines
from foundation.deadlines.wording import ClockView
from foundation.errors import NotFound
from foundation.web.access import Actor, Role
from portal.window.lists.models import ExemptList, ListRow
from portal.window.lists.rules import DOUBTS, STAGE_NAMES, ListStage
from portal.window.models import Case
from portal.window.queries import leading
from portal.window.rules import Stage

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
    doubt: str
    amount_fen: int | None
    kept: bool | None
    reason: str
    case_number: str


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


def overview(db: Session, actor: Actor, now: datetime) -> list[ListView]:
    """Every list in sight, the newest first."""
    found = db.scalars(select(ExemptList).where(visible_to(actor)).order_by(ExemptList.id.desc())).all()
    return [_view(db, each, now) for each in found]


def one(db: Session, actor: Actor, number: str, now: datetime) -> ListView:
    """A list with its rows; NotFound where it is not the actor's to see."""
    found = db.scalar(select(ExemptList).where(ExemptList.number == number, visible_to(actor)))
    if found is None:
        raise NotFound
    return _view(db, found, now, tuple(_row(row) for row in found.rows))


def already_asking(db: Session, item_code: str, year: int) -> set[str]:
    """Credit codes with a case for the item this year that did not fail: no money is given twice."""
    query = select(Case.applicant_code).where(
        Case.item_code == item_code,
        Case.stage.not_in([Stage.DRAFT, *FAILED]),
        extract("year", Case.created_at) == year,
    )
    return set(db.scalars(query))


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


def _row(row: ListRow) -> RowView:
    return RowView(
        row.credit_code,
        row.name,
        row.evidence,
        DOUBTS[row.doubt],
        row.amount_fen,
        row.kept,
        row.reason or "",
        row.case_number or "",
    )
