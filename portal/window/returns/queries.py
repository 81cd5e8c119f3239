"""Returned payments, for those who see the case; what must always hold."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.deadlines import queries as deadlines
from foundation.deadlines.models import Deadline
from foundation.deadlines.wording import ClockView
from foundation.errors import NotFound
from foundation.web.access import Actor, Role
from portal.window.models import Case
from portal.window.queries import leading, visible_to
from portal.window.returns.models import BankReturn
from portal.window.returns.rules import CLOCKS, STAGE_NAMES, WAITING, Stage, subject

MOST = 200


@dataclass(frozen=True, slots=True)
class ReturnView:
    """One returned payment with its clock and the account that is to be checked."""

    number: str
    subject: str
    title: str
    applicant_name: str
    stage: Stage
    amount_fen: int
    reason: str
    returned_at: datetime
    told_at: datetime
    account_name: str
    account_bank: str
    account_number: str
    proposer_id: int | None
    proposed_at: datetime | None
    decline_reason: str
    clock: ClockView | None

    @property
    def stage_name(self) -> str:
        """退票，待更正账户."""
        return STAGE_NAMES[self.stage]

    @property
    def waiting(self) -> str:
        """What everybody waits for."""
        return WAITING[self.stage]


def of_case(db: Session, number: str, now: datetime) -> ReturnView | None:
    """What was sent back of a case and is not paid again; for whoever may see the case."""
    live = select(BankReturn, Case).join(Case, Case.number == BankReturn.case_number)
    row = db.execute(live.where(BankReturn.case_number == number, BankReturn.stage != Stage.REPAID)).first()
    return None if row is None else _view(db, row.BankReturn, row.Case, now)


def one(db: Session, actor: Actor, number: str, now: datetime) -> ReturnView:
    """The same; NotFound where there is none, or the case is not the actor's to see."""
    seen = db.scalar(select(Case.id).where(Case.number == number, visible_to(actor)))
    found = of_case(db, number, now) if seen is not None else None
    if found is None:
        raise NotFound("这件办件没有要更正的退票。请从“我的办件”或工作台重新进入。")
    return found


def desk(db: Session, actor: Actor, now: datetime) -> list[ReturnView]:
    """Every returned payment in sight that is not made again yet, the oldest first."""
    query = (
        select(BankReturn, Case)
        .join(Case, Case.number == BankReturn.case_number)
        .where(BankReturn.stage != Stage.REPAID, visible_to(actor))
        .order_by(BankReturn.returned_at, BankReturn.id)
        .limit(MOST)
    )
    return [_view(db, row.BankReturn, row.Case, now) for row in db.execute(query).all()]


def to_check(db: Session, actor: Actor) -> int:
    """How many corrected accounts the actor's window has to check."""
    if actor.role is not Role.WINDOW:
        return 0
    query = select(BankReturn.id).join(Case, Case.number == BankReturn.case_number)
    return len(db.scalars(query.where(BankReturn.stage == Stage.PROPOSED, visible_to(actor))).all())


def _view(db: Session, row: BankReturn, case: Case, now: datetime) -> ReturnView:
    clocks = deadlines.clocks(db, [row.subject], now)[row.subject]
    return ReturnView(
        number=row.case_number,
        subject=row.subject,
        title=case.item_title,
        applicant_name=case.applicant_name,
        stage=row.stage,
        amount_fen=row.amount_fen,
        reason=row.reason,
        returned_at=row.returned_at,
        told_at=row.told_at,
        account_name=row.account_name or "",
        account_bank=row.account_bank or "",
        account_number=row.account_number or "",
        proposer_id=row.proposer_id,
        proposed_at=row.proposed_at,
        decline_reason=row.decline_reason or "",
        clock=leading(clocks),
    )


def uncounted(db: Session) -> list[str]:
    """Invariant: a returned payment has the clock of whoever has to do the next thing."""
    running: dict[str, set[str]] = {}
    ticking = select(Deadline.subject, Deadline.limit_name).where(
        Deadline.stopped_at.is_(None), Deadline.subject.startswith("return:")
    )
    for name, limit in db.execute(ticking):
        running.setdefault(name, set()).add(limit)
    wanted = {
        subject(number): {CLOCKS[stage]}
        for number, stage in db.execute(
            select(BankReturn.case_number, BankReturn.stage).where(BankReturn.stage != Stage.REPAID)
        )
    }
    return [
        f"{name}: clocks {sorted(running.get(name, ()))}"
        for name in sorted(running.keys() | wanted.keys())
        if running.get(name, set()) != wanted.get(name, set())
    ]


INVARIANTS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("a returned payment has the clock of the next act", uncounted),
)
