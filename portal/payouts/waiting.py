"""The queue of decided amounts that a pool does not cover yet."""

from datetime import datetime

from sqlalchemy.orm import Session

from foundation import clock
from foundation.outbox import emit
from foundation.web.access import Actor
from portal.payouts import events, ledger, queries, rules
from portal.payouts.held import locked, tell
from portal.payouts.models import ClaimShare, Pool, PoolClaim
from portal.payouts.rules import ShareState, Transfer


def fund_queue(db: Session, actor: Actor | None, pool: Pool) -> int:
    """Cover whoever waits for *pool* (locked by the caller), first come first served; returns how many.

    It stops at the first that is not covered: a smaller one behind it does not overtake.
    """
    now = clock.now()
    funded = 0
    for share_id in queries.queue_of(db, pool.id):
        share = locked(db, ClaimShare, share_id)
        if not ledger.count(db, Transfer.RESERVED, pool.id, share.amount_fen):
            break
        share.state, share.queued_at = ShareState.RESERVED, None
        ledger.write(db, Transfer.RESERVED, pool.id, share.amount_fen, ledger.Why(actor, now, share.id))
        funded += 1
        _fund_claim(db, actor, locked(db, PoolClaim, share.claim_id), pool, share, now)
    return funded


def _fund_claim(
    db: Session, actor: Actor | None, claim: PoolClaim, pool: Pool, share: ClaimShare, now: datetime
) -> None:
    states = queries.share_states(db, claim.id)
    claim.state = rules.claim_state(claim.decided_fen, claim.paid_fen, states)
    tell(db, actor, claim, "funded", now, {"pool": pool.code, "amount_fen": share.amount_fen})
    if ShareState.QUEUED not in states:
        claim.funded_at = now
        emit(db, events.FUNDED, events.funded(claim.subject, now))
    db.flush()
