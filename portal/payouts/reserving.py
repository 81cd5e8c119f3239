"""Deciding reserves: amounts are set aside in their pools, or wait in the queue of a pool, whole.

Locks are taken in one order: pools by id, the claim, its shares and lines; the audit chain comes last.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.enterprises import queries as enterprises
from foundation.enterprises.queries import EnterpriseView
from foundation.errors import Conflict, Invalid
from foundation.web.access import Actor
from portal.payouts import ledger, queries, rules
from portal.payouts.accounts import BankAccount
from portal.payouts.held import tell
from portal.payouts.models import ClaimAccount, ClaimShare, Pool, PoolClaim
from portal.payouts.rules import Share, ShareState, Transfer


@dataclass(frozen=True, slots=True)
class Claim:
    """A decided amount for a subject (case:GY-2026-0001) and a payee (credit code).

    *split* says how several pools share it. *group* is what it may be paid together with. It was decided just
    now where *decided_at* does not say otherwise.
    """

    subject: str
    payee: str
    pool: str
    amount_fen: int
    split: tuple[Share, ...] = ()
    account: BankAccount | None = None
    group: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """Whether a decided amount is covered now, and its place in the queue where it is not."""

    funded: bool
    position: int | None


def reserve(db: Session, actor: Actor, claim: Claim) -> Reservation:
    """Set a decided amount aside in its pools; what a pool does not cover waits in its queue, whole."""
    return reserve_all(db, actor, [claim])[0]


def reserve_all(db: Session, actor: Actor, claims: Sequence[Claim]) -> list[Reservation]:
    """As `reserve` for each, in this order."""
    now = clock.now()
    shares = _shares(db, claims)
    _check_new(db, claims)
    wanted = sorted(
        ((pool, number, amount) for number, parts in enumerate(shares) for pool, amount in parts),
        key=lambda each: each[0].id,
    )
    enough = ledger.cover_all(db, [(pool.id, amount) for pool, _, amount in wanted])
    covered = {(pool.id, number): held for (pool, number, _), held in zip(wanted, enough, strict=True)}
    states = [
        [ShareState.RESERVED if covered[pool.id, number] else ShareState.QUEUED for pool, _ in parts]
        for number, parts in enumerate(shares)
    ]
    payees = enterprises.views(db, [claim.payee for claim in claims])
    rows = [_claim(each, payees, its, now) for each, its in zip(claims, states, strict=True)]
    db.add_all(rows)
    db.flush()
    for row, claim in zip(rows, claims, strict=True):
        if claim.account:
            keep_account(db, row, claim.account, now)
    _add_shares(db, actor, zip(rows, shares, states, strict=True), now)
    for row, parts, its in zip(rows, shares, states, strict=True):
        tell(db, actor, row, "reserved" if row.funded_at else "queued", now, _amounts(parts, its))
    return [
        Reservation(bool(row.funded_at), None if row.funded_at else queries.position(db, row.id))
        for row in rows
    ]


def _shares(db: Session, claims: Sequence[Claim]) -> list[list[tuple[Pool, int]]]:
    """Which pool bears how much of each claim, in the order in which pools are locked."""
    stated = [claim.split or (Share(claim.pool, claim.amount_fen),) for claim in claims]
    for claim, parts in zip(claims, stated, strict=True):
        rules.check_shares(parts, claim.amount_fen)
    pools = _pools_named(db, {part.pool for parts in stated for part in parts})
    shares = [
        sorted(((pools[part.pool], part.amount_fen) for part in parts), key=lambda pair: pair[0].id)
        for parts in stated
    ]
    if any(len({pool.source for pool, _ in parts}) != len(parts) for parts in shares):
        raise Invalid.of("split", "同一级资金出现了两次", "每一级资金只从一个资金池分担")
    return shares


def _check_new(db: Session, claims: Sequence[Claim]) -> None:
    subjects = [claim.subject for claim in claims]
    known = select(PoolClaim.id).where(PoolClaim.subject.in_(subjects)).limit(1)
    if db.scalar(known) is not None:
        raise Conflict("这一件已经审定过金额，不能重复兑付。请刷新后核对。")


def _claim(
    claim: Claim, payees: Mapping[str, EnterpriseView], states: Sequence[ShareState], now: datetime
) -> PoolClaim:
    payee = payees.get(claim.payee)
    return PoolClaim(
        subject=claim.subject, payee_code=claim.payee, payee_name=payee.name if payee else claim.payee,
        account_reference=claim.account.reference if claim.account else "",
        group_subject=claim.group, decided_fen=claim.amount_fen,
        state=rules.claim_state(claim.amount_fen, 0, states), decided_at=claim.decided_at or now,
        funded_at=None if ShareState.QUEUED in states else now,
    )  # fmt: skip


def _add_shares(
    db: Session,
    actor: Actor,
    claims: Iterable[tuple[PoolClaim, list[tuple[Pool, int]], list[ShareState]]],
    now: datetime,
) -> None:
    rows = [
        ClaimShare(
            claim_id=claim.id, pool_id=pool.id, source=pool.source, amount_fen=amount, state=state,
            queued_at=now if state is ShareState.QUEUED else None,
        )
        for claim, parts, states in claims
        for (pool, amount), state in zip(parts, states, strict=True)
    ]  # fmt: skip
    db.add_all(rows)
    db.flush()
    reserved = [row for row in rows if row.state is ShareState.RESERVED]
    moved = [(row.pool_id, row.amount_fen, ledger.Why(actor, now, row.id)) for row in reserved]
    ledger.write_all(db, Transfer.RESERVED, moved)


def keep_account(db: Session, claim: PoolClaim, account: BankAccount, now: datetime) -> None:
    """Say where the money of a claim goes."""
    row = db.get(ClaimAccount, claim.id) or ClaimAccount(claim_id=claim.id)
    row.holder, row.bank, row.number, row.confirmed_at = account.holder, account.bank, account.number, now
    db.add(row)
    db.flush()


def _pools_named(db: Session, codes: Collection[str]) -> dict[str, Pool]:
    pools = {pool.code: pool for pool in db.scalars(select(Pool).where(Pool.code.in_(codes)))}
    if missing := sorted(set(codes) - pools.keys()):
        raise Invalid.of("pool", f"没有资金池 {missing[0]}", "请先由财政部门设立资金池")
    return pools


def _amounts(ordered: list[tuple[Pool, int]], states: list[ShareState]) -> audit.Facts:
    shares = [[pool.code, amount, state.value] for (pool, amount), state in zip(ordered, states, strict=True)]
    return {"amount_fen": sum(amount for _, amount in ordered), "shares": shares}
