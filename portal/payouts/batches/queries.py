"""Batches as finance reads them, and what is ready to be one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from foundation.accounts.queries import names_of
from foundation.errors import NotFound
from foundation.web.access import Actor
from portal.payouts.batches.treasury import Order
from portal.payouts.models import (
    ClaimAccount,
    ClaimShare,
    LineAccount,
    PaymentBatch,
    PaymentLine,
    Pool,
    PoolClaim,
)
from portal.payouts.queries import LineView, lines_of_batch, number_of, sent_back, visible_to
from portal.payouts.rules import BATCH_LABELS, MOST_LINES, BatchState, FundSource, LineState, ShareState

RECENT = 30


@dataclass(frozen=True, slots=True)
class Ready:
    """Shares of one pool and one list that can be paid together now."""

    pool_code: str
    pool_name: str
    group: str
    count: int
    amount_fen: int

    @property
    def number(self) -> str:
        """QD-2026-001 of list:QD-2026-001."""
        return number_of(self.group)


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch; lines are empty in an overview."""

    number: str
    pool_name: str
    group: str
    state: BatchState
    count: int
    amount_fen: int
    maker_id: int
    maker: str
    prepared_at: datetime
    releaser: str
    released_at: datetime | None
    digest: str
    refused: list[dict[str, Any]]
    lines: tuple[LineView, ...] = ()

    @property
    def label(self) -> str:
        """待复核, 已送国库, 已结清, 已作废."""
        return BATCH_LABELS[self.state]

    def counted(self, state: LineState) -> int:
        """How many lines stand at *state*."""
        return sum(line.state is state for line in self.lines)


def _ready() -> ColumnElement[bool]:
    return and_(
        ClaimShare.state == ShareState.RESERVED,
        ClaimShare.lined_fen < ClaimShare.amount_fen,
        ~sent_back(),
    )


def ready(db: Session, actor: Actor) -> list[Ready]:
    """What could be paid together, by pool and list, the earliest decision first."""
    left = func.sum(ClaimShare.amount_fen - ClaimShare.lined_fen)
    query = (
        select(Pool.code, Pool.name, PoolClaim.group_subject, func.count(ClaimShare.id), left)
        .join(ClaimShare, ClaimShare.pool_id == Pool.id)
        .join(PoolClaim, PoolClaim.id == ClaimShare.claim_id)
        .join(ClaimAccount, ClaimAccount.claim_id == PoolClaim.id)
        .where(visible_to(actor), _ready())
        .group_by(Pool.code, Pool.name, PoolClaim.group_subject)
        .order_by(func.min(PoolClaim.decided_at), Pool.code, PoolClaim.group_subject)
    )
    return [Ready(code, name, group, count, int(fen)) for code, name, group, count, fen in db.execute(query)]


def ready_shares(db: Session, actor: Actor, pool_code: str, group: str) -> list[tuple[str, FundSource]]:
    """Subjects and sources of the shares to pay together, the earliest decision first, a file full."""
    query = (
        select(PoolClaim.subject, ClaimShare.source)
        .join(ClaimShare, ClaimShare.claim_id == PoolClaim.id)
        .join(Pool, Pool.id == ClaimShare.pool_id)
        .join(ClaimAccount, ClaimAccount.claim_id == PoolClaim.id)
        .where(visible_to(actor), Pool.code == pool_code, PoolClaim.group_subject == group, _ready())
        .order_by(PoolClaim.decided_at, ClaimShare.id)
        .limit(MOST_LINES)
    )
    return [(row.subject, row.source) for row in db.execute(query)]


def batches(db: Session, actor: Actor) -> list[BatchView]:
    """The latest batches in sight, the newest first."""
    query = select(PaymentBatch, Pool).join(Pool, Pool.id == PaymentBatch.pool_id)
    rows = db.execute(query.where(visible_to(actor)).order_by(PaymentBatch.id.desc()).limit(RECENT)).all()
    names = _names(db, [batch for batch, _ in rows])
    return [_view(batch, pool, names) for batch, pool in rows]


def batch(db: Session, actor: Actor, number: str) -> BatchView:
    """One batch with its lines; NotFound where it is not this actor's."""
    query = select(PaymentBatch, Pool).join(Pool, Pool.id == PaymentBatch.pool_id)
    row = db.execute(query.where(visible_to(actor), PaymentBatch.number == number)).first()
    if row is None:
        raise NotFound
    found, pool = row
    return _view(found, pool, _names(db, [found]), lines_of_batch(db, found.id))


def orders(db: Session, batch_id: int) -> list[Order]:
    """The lines of a batch as the treasury's file names them; those taken back are not in it."""
    query = (
        select(PaymentLine, PoolClaim, Pool, LineAccount)
        .join(PoolClaim, PoolClaim.id == PaymentLine.claim_id)
        .join(ClaimShare, ClaimShare.id == PaymentLine.share_id)
        .join(Pool, Pool.id == ClaimShare.pool_id)
        .join(LineAccount, LineAccount.line_id == PaymentLine.id)
        .where(PaymentLine.batch_id == batch_id, PaymentLine.state != LineState.VOID)
        .order_by(PaymentLine.id)
    )
    return [
        Order(
            line.payment_id, number_of(claim.subject), claim.payee_name, claim.payee_code, account.holder,
            account.bank, account.number, line.amount_fen, pool.name,
        )
        for line, claim, pool, account in db.execute(query)
    ]  # fmt: skip


def file_of(db: Session, actor: Actor, number: str) -> tuple[list[Order], str]:
    """What a released batch sends to the treasury, and the digest under which it was released."""
    query = select(PaymentBatch).join(Pool, Pool.id == PaymentBatch.pool_id)
    released = PaymentBatch.state.in_((BatchState.RELEASED, BatchState.SETTLED))
    found = db.scalar(query.where(visible_to(actor), PaymentBatch.number == number, released))
    if found is None or found.digest is None:
        raise NotFound("这一批还没有复核，没有文件可以下载。请先由另一位经办人复核。")
    return orders(db, found.id), found.digest


def _names(db: Session, found: list[PaymentBatch]) -> dict[int, str]:
    people = {person for row in found for person in (row.maker_id, row.releaser_id) if person is not None}
    return names_of(db, people) if people else {}


def _view(
    row: PaymentBatch, pool: Pool, names: dict[int, str], lines: tuple[LineView, ...] = ()
) -> BatchView:
    return BatchView(
        row.number, pool.name, number_of(row.group_subject), row.state, row.line_count, row.amount_fen,
        row.maker_id, names.get(row.maker_id, ""), row.prepared_at, names.get(row.releaser_id or 0, ""),
        row.released_at, row.digest or "", row.refused, lines,
    )  # fmt: skip
