"""Rows locked in the one order of this room, and the line that each act leaves on its claim."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.errors import NotFound
from foundation.web.access import Actor
from portal.payouts import ledger
from portal.payouts.models import ClaimShare, PaymentBatch, PaymentLine, Pool, PoolClaim
from portal.payouts.queries import visible_to

R = TypeVar("R", PoolClaim, ClaimShare, PaymentLine, PaymentBatch)


@dataclass(slots=True)
class Held:
    """A payment line and everything it touches, locked."""

    line: PaymentLine
    share: ClaimShare
    claim: PoolClaim
    pool: Pool


def hold(db: Session, actor: Actor, payment_id: str) -> Held:
    """The payment of *payment_id* with all it touches; NotFound where it is not this actor's."""
    found = db.execute(
        select(PaymentLine.id, PaymentLine.share_id, PaymentLine.claim_id, Pool.id.label("pool_id"))
        .join(ClaimShare, ClaimShare.id == PaymentLine.share_id)
        .join(Pool, Pool.id == ClaimShare.pool_id)
        .where(PaymentLine.payment_id == payment_id, visible_to(actor))
    ).first()
    if found is None:
        raise NotFound
    pool = ledger.lock(db, found.pool_id)[found.pool_id]
    claim, share = locked(db, PoolClaim, found.claim_id), locked(db, ClaimShare, found.share_id)
    return Held(locked(db, PaymentLine, found.id), share, claim, pool)


def locked(db: Session, table: type[R], row_id: int) -> R:
    """The row as it is now, locked."""
    return db.get_one(table, row_id, with_for_update=True, populate_existing=True)


def tell(
    db: Session, actor: Actor | None, claim: PoolClaim, act: str, at: datetime, facts: audit.Facts,
    personal: audit.Facts | None = None,
) -> None:  # fmt: skip
    """Put *act* on the claim's timeline."""
    subject = f"claim:{claim.subject}"
    audit.record(db, subject, act, actor=actor, happened_at=at, facts=facts, personal=personal)
