"""The only place that moves money: one conditional UPDATE of the counters, one transfer that balances."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, exists, select, update
from sqlalchemy.orm import Session

from foundation import clock
from foundation.web.access import Actor
from portal.payouts.models import ClaimShare, LedgerEntry, LedgerTransfer, Pool
from portal.payouts.rules import ROUTES, Account, ShareState, Transfer


@dataclass(frozen=True, slots=True)
class Why:
    """Who moved money, when, and what for."""

    actor: Actor | None
    happened_at: datetime
    share_id: int | None = None
    payment_id: str | None = None
    document_number: str | None = None


def cover(db: Session, pool_id: int, amount_fen: int) -> bool:
    """Reserve *amount_fen* if the pool covers it and nobody waits in its queue.

    Where the first try fails, the pool is locked and asked again, so that no top-up slips in between: after
    False the caller holds the lock and may queue.
    """
    nobody_waits = ~exists().where(ClaimShare.pool_id == Pool.id, ClaimShare.state == ShareState.QUEUED)
    if count(db, Transfer.RESERVED, pool_id, amount_fen, nobody_waits):
        return True
    lock(db, pool_id)
    return count(db, Transfer.RESERVED, pool_id, amount_fen, nobody_waits)


def cover_all(db: Session, wanted: Sequence[tuple[int, int]]) -> list[bool]:
    """As `cover` for each (pool id, amount), sorted by pool; one statement where a pool covers all of them.

    Behind the first that is not covered nobody overtakes.
    """
    covered: list[bool] = []
    for pool_id, group in groupby(wanted, key=itemgetter(0)):
        amounts = [amount for _, amount in group]
        all_at_once, enough = cover(db, pool_id, sum(amounts)), True
        for amount in amounts:
            enough = all_at_once or (enough and cover(db, pool_id, amount))
            covered.append(enough)
    return covered


def count(db: Session, kind: Transfer, pool_id: int, amount_fen: int, *also: ColumnElement[bool]) -> bool:
    """Change the counters as *kind* does, if they stay covered; one statement decides and acts."""
    source, target = ROUTES[kind]
    reserved = Pool.reserved_fen + _delta(Account.RESERVED, source, target) * amount_fen
    paid = Pool.paid_fen + _delta(Account.PAID, source, target) * amount_fen
    total = Pool.total_fen - _delta(Account.TREASURY, source, target) * amount_fen
    return _change(db, pool_id, reserved, paid, total, also)


def count_total(db: Session, pool_id: int, delta_fen: int) -> bool:
    """Change what a pool holds in all, as one side of a carry-over does."""
    return _change(db, pool_id, Pool.reserved_fen, Pool.paid_fen, Pool.total_fen + delta_fen, ())


def _change(db: Session, pool_id: int, reserved: Any, paid: Any, total: Any, also: Any) -> bool:
    statement = (
        update(Pool)
        .where(Pool.id == pool_id, reserved >= 0, paid >= 0, reserved + paid <= total, *also)
        .values(reserved_fen=reserved, paid_fen=paid, total_fen=total)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], db.execute(statement)).rowcount == 1


def _delta(account: Account, source: Account, target: Account) -> int:
    return (account is target) - (account is source)


def write(db: Session, kind: Transfer, pool_id: int, amount_fen: int, why: Why, *, to_pool: int = 0) -> None:
    """Write the transfer that `count` counted: what leaves one account enters the other."""
    write_all(db, kind, [(pool_id, amount_fen, why)], to_pool=to_pool)


def write_all(
    db: Session, kind: Transfer, moved: Sequence[tuple[int, int, Why]], *, to_pool: int = 0
) -> None:
    """As `write` for each (pool id, amount, why)."""
    transfers = [_transfer(kind, why) for _, _, why in moved]
    db.add_all(transfers)
    db.flush()
    source, target = ROUTES[kind]
    for transfer, (pool_id, amount_fen, _) in zip(transfers, moved, strict=True):
        moves = ((pool_id, source, -amount_fen), (to_pool or pool_id, target, amount_fen))
        db.add_all(
            LedgerEntry(transfer_id=transfer.id, pool_id=pool, account=account, amount_fen=amount)
            for pool, account, amount in moves
        )
    db.flush()


def _transfer(kind: Transfer, why: Why) -> LedgerTransfer:
    return LedgerTransfer(
        kind=kind, share_id=why.share_id, payment_id=why.payment_id, document_number=why.document_number,
        person_id=why.actor.person_id if why.actor else None, happened_at=why.happened_at,
        recorded_at=clock.now(),
    )  # fmt: skip


def lock(db: Session, *pool_ids: int) -> dict[int, Pool]:
    """The pools, locked in one order for everybody, as they are now."""
    rows = db.scalars(
        select(Pool)
        .where(Pool.id.in_(pool_ids))
        .order_by(Pool.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}
