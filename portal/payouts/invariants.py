"""What must always hold of money: each check returns what breaks it."""

from collections.abc import Callable

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.payouts.models import ClaimShare, LedgerEntry, PaymentBatch, PaymentLine, Pool, PoolClaim
from portal.payouts.rules import LIVE, Account, BatchState, LineState

IN_POOL = (Account.AVAILABLE, Account.RESERVED, Account.PAID)


def _offending(db: Session, query: Select[str]) -> list[str]:
    return [str(value) for value in db.scalars(query)]


def overspent(db: Session) -> list[str]:
    """Invariant I1: a pool never promises or pays more than it holds."""
    wrong = or_(Pool.reserved_fen + Pool.paid_fen > Pool.total_fen, Pool.reserved_fen < 0, Pool.paid_fen < 0)
    return _offending(db, select(Pool.code).where(wrong).order_by(Pool.code))


def counters_off(db: Session) -> list[str]:
    """Invariant I2: the counters of a pool are the sums of its ledger."""
    found = db.execute(
        select(LedgerEntry.pool_id, LedgerEntry.account, func.sum(LedgerEntry.amount_fen)).group_by(
            LedgerEntry.pool_id, LedgerEntry.account
        )
    )
    sums = {(pool_id, account): int(amount) for pool_id, account, amount in found}
    return [
        row.code
        for row in db.scalars(select(Pool).order_by(Pool.code))
        if (row.total_fen - row.reserved_fen - row.paid_fen, row.reserved_fen, row.paid_fen)
        != tuple(
            sums.get((row.id, account), 0) for account in (Account.AVAILABLE, Account.RESERVED, Account.PAID)
        )
    ]


def unbalanced(db: Session) -> list[str]:
    """Invariant I2: what leaves one account enters another."""
    total = func.sum(LedgerEntry.amount_fen)
    query = select(LedgerEntry.transfer_id).group_by(LedgerEntry.transfer_id).having(total != 0)
    return [f"transfer {number}" for number in db.scalars(query.order_by(LedgerEntry.transfer_id))]


def overpaid(db: Session) -> list[str]:
    """Invariant I3: live lines never sum to more than was decided, of a claim and of each share."""
    live = func.coalesce(func.sum(PaymentLine.amount_fen).filter(PaymentLine.state.in_(LIVE)), 0)
    by_claim = (
        select(PoolClaim.subject)
        .join(PaymentLine, PaymentLine.claim_id == PoolClaim.id)
        .group_by(PoolClaim.id, PoolClaim.subject, PoolClaim.decided_fen)
        .having(live > PoolClaim.decided_fen)
        .order_by(PoolClaim.subject)
    )
    by_share = (
        select(PoolClaim.subject)
        .join(ClaimShare, ClaimShare.claim_id == PoolClaim.id)
        .outerjoin(PaymentLine, PaymentLine.share_id == ClaimShare.id)
        .group_by(PoolClaim.subject, ClaimShare.id, ClaimShare.lined_fen, ClaimShare.amount_fen)
        .having(or_(live != ClaimShare.lined_fen, ClaimShare.lined_fen > ClaimShare.amount_fen))
        .order_by(PoolClaim.subject)
    )
    return _offending(db, by_claim) + _offending(db, by_share)


def badly_split(db: Session) -> list[str]:
    """Invariant: the shares of a claim sum to what was decided, what was paid is what its paid lines say."""
    decided = func.sum(ClaimShare.amount_fen)
    shares = (
        select(PoolClaim.subject)
        .join(ClaimShare)
        .group_by(PoolClaim.id, PoolClaim.subject, PoolClaim.decided_fen)
    )
    paid = func.coalesce(func.sum(PaymentLine.amount_fen).filter(PaymentLine.state == LineState.PAID), 0)
    lines = (
        select(PoolClaim.subject)
        .outerjoin(PaymentLine, PaymentLine.claim_id == PoolClaim.id)
        .group_by(PoolClaim.id, PoolClaim.subject, PoolClaim.paid_fen)
        .having(paid != PoolClaim.paid_fen)
    )
    return _offending(
        db, shares.having(decided != PoolClaim.decided_fen).order_by(PoolClaim.subject)
    ) + _offending(db, lines.order_by(PoolClaim.subject))


def twice_live(db: Session) -> list[str]:
    """Invariant I3: at most one live attempt an instalment."""
    key = (PaymentLine.claim_id, PaymentLine.source, PaymentLine.instalment)
    query = (
        select(*key).where(PaymentLine.state.in_(LIVE)).group_by(*key).having(func.count() > 1).order_by(*key)
    )
    return [f"claim {claim} {source} {instalment}" for claim, source, instalment in db.execute(query)]


def self_confirmed(db: Session) -> list[str]:
    """Invariant I12: nobody confirms a payment that they prepared."""
    wrong = or_(
        PaymentLine.payer_id == PaymentLine.maker_id,
        and_(PaymentLine.state == LineState.PAID, PaymentLine.payer_id.is_(None)),
    )
    return _offending(db, select(PaymentLine.payment_id).where(wrong).order_by(PaymentLine.payment_id))


def badly_batched(db: Session) -> list[str]:
    """Invariant: a batch sums to its lines, goes out by a second person, and is over when no line is out."""
    lines = (PaymentLine.batch_id == PaymentBatch.id,)
    total = select(func.coalesce(func.sum(PaymentLine.amount_fen), 0)).where(*lines).scalar_subquery()
    out = exists().where(*lines, PaymentLine.state == LineState.EXPORTED)
    wrong = or_(
        PaymentBatch.amount_fen != total,
        PaymentBatch.releaser_id == PaymentBatch.maker_id,
        and_(PaymentBatch.state == BatchState.SETTLED, out),
        and_(PaymentBatch.state.in_((BatchState.PREPARED, BatchState.VOID)), out),
    )
    return _offending(db, select(PaymentBatch.number).where(wrong).order_by(PaymentBatch.number))


INVARIANTS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("reserved and paid never exceed a pool", overspent),
    ("pool counters are the sums of the ledger", counters_off),
    ("every transfer balances", unbalanced),
    ("live lines never exceed the decided amount", overpaid),
    ("claims, shares and lines agree", badly_split),
    ("at most one live attempt an instalment", twice_live),
    ("two people stand behind each payment", self_confirmed),
    ("a batch is its lines, released by a second person", badly_batched),
)
