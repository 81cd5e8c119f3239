"""Deciding reserves, finance prepares and pays, the bank returns, the treasury tops up.

Locks are taken in one order: pools by id, the claim, its shares and lines; the audit chain comes last.
"""

from datetime import datetime

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from catalog import queries as catalog
from foundation import audit, clock, four_eyes
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.outbox import emit
from foundation.web.access import Actor
from portal.payouts import events, ledger, queries, rules
from portal.payouts.accounts import BankAccount
from portal.payouts.held import Held, hold, locked, tell
from portal.payouts.models import ClaimAccount, ClaimShare, LineAccount, PaymentLine, Pool, PoolClaim
from portal.payouts.queries import visible_to
from portal.payouts.reserving import keep_account
from portal.payouts.rules import ClaimState, FundSource, LineAct, LineState, ShareState, Transfer
from portal.payouts.waiting import fund_queue


def set_account(db: Session, *, subject: str, account: BankAccount) -> bool:
    """Say where the money of a claim goes, once it is confirmed; returns whether all of it has cover."""
    claim = db.scalar(select(PoolClaim).where(PoolClaim.subject == subject).with_for_update())
    if claim is None:
        raise NotFound
    claim.account_reference = account.reference
    keep_account(db, claim, account, clock.now())
    return claim.funded_at is not None


def doubt_account(db: Session, *, subject: str) -> None:
    """The account of a claim is in doubt: no payment is prepared until `set_account` confirms one."""
    claim = db.scalar(select(PoolClaim).where(PoolClaim.subject == subject).with_for_update())
    if claim is None:
        raise NotFound
    claim.account_reference = ""


def prepare_line(
    db: Session, actor: Actor, *, subject: str, source: FundSource, amount_fen: int | None = None
) -> str:
    """Prepare the next payment of one source: what is left, an instalment of it, or a returned one anew."""
    found = db.execute(
        select(ClaimShare.id, ClaimShare.pool_id, ClaimShare.claim_id)
        .join(PoolClaim, PoolClaim.id == ClaimShare.claim_id)
        .join(Pool, Pool.id == ClaimShare.pool_id)
        .where(PoolClaim.subject == subject, ClaimShare.source == source, visible_to(actor))
    ).first()
    if found is None:
        raise NotFound
    ledger.lock(db, found.pool_id)
    claim, share = locked(db, PoolClaim, found.claim_id), locked(db, ClaimShare, found.id)
    if not claim.account_reference:
        raise NotAllowed("企业还没有确认收款账户，现在不能付款。确认后会自动列入待付款。")
    if share.state is not ShareState.RESERVED:
        raise NotAllowed("这一份现在没有资金保障，不能付款。请先补足资金池。")
    number = rules.next_line(share.amount_fen, queries.past_lines(db, share.id), amount_fen)
    share.lined_fen += number.amount_fen
    line = PaymentLine(
        payment_id=rules.payment_id(subject, source, number), claim_id=claim.id, share_id=share.id,
        source=source, instalment=number.instalment, attempt=number.attempt, amount_fen=number.amount_fen,
        state=LineState.PENDING, maker_id=actor.person_id, prepared_at=clock.now(),
    )  # fmt: skip
    db.add(line)
    db.flush()
    if kept := db.get(ClaimAccount, claim.id):
        db.add(LineAccount(line_id=line.id, holder=kept.holder, bank=kept.bank, number=kept.number))
    tell(db, actor, claim, "line_prepared", line.prepared_at, _line_facts(line))
    return line.payment_id


def pay(db: Session, actor: Actor, *, payment_id: str, paid_at: datetime, bank_reference: str) -> None:
    """Confirm by the bank's slip that a payment left; never by the person who prepared it."""
    held = hold(db, actor, payment_id)
    line, claim = held.line, held.claim
    state = rules.after(line.state, LineAct.PAY)
    four_eyes.check_other(actor, line.maker_id, rules.NOT_YOUR_OWN)
    paid_at = rules.on_slip("paid_at", paid_at, claim.funded_at or claim.decided_at, clock.now())
    if not bank_reference.strip():
        raise Invalid.of("bank_reference", "还没有填写银行回单号", "请按银行回单填写")
    line.state, line.payer_id, line.bank_reference = state, actor.person_id, bank_reference.strip()
    line.happened_at, line.recorded_at = paid_at, clock.now()
    _move(db, actor, held, Transfer.PAID, paid_at)
    _settle(db, held, +line.amount_fen, paid_at)
    tell(db, actor, claim, "line_paid", paid_at, {**_line_facts(line), "bank_reference": line.bank_reference})
    emit(db, events.LINE_PAID, events.line_paid(claim.subject, payment_id, line.amount_fen, paid_at))
    if claim.state is ClaimState.PAID:
        emit(db, events.PAID, events.paid(claim.subject, claim.paid_fen, paid_at))


def return_line(db: Session, actor: Actor, *, payment_id: str, returned_at: datetime, reason: str) -> None:
    """The bank sent a payment back: the money is reserved again, `prepare_line` makes the next attempt."""
    held = hold(db, actor, payment_id)
    line, claim = held.line, held.claim
    had_left = line.state is LineState.PAID
    state = rules.after(line.state, LineAct.RETURN)
    now = clock.now()
    returned_at = rules.on_slip("returned_at", returned_at, line.happened_at or line.prepared_at, now)
    was_paid = claim.state is ClaimState.PAID
    _end(line, returned_at, reason)
    line.state = state
    if had_left:
        _move(db, actor, held, Transfer.RETURNED, returned_at)
    held.share.lined_fen -= line.amount_fen
    _settle(db, held, -line.amount_fen if had_left else 0, returned_at)
    tell(db, actor, claim, "line_returned", returned_at, _line_facts(line), {"reason": line.end_reason})
    payload = events.returned(claim.subject, payment_id, line.amount_fen, returned_at, was_paid)
    emit(db, events.RETURNED, payload)


def void_line(db: Session, actor: Actor, *, payment_id: str, reason: str) -> None:
    """Take a prepared payment back before any money left."""
    held = hold(db, actor, payment_id)
    held.line.state = rules.after(held.line.state, LineAct.VOID)
    now = clock.now()
    _end(held.line, now, reason)
    held.share.lined_fen -= held.line.amount_fen
    db.flush()
    personal = {"reason": held.line.end_reason}
    tell(db, actor, held.claim, "line_voided", now, _line_facts(held.line), personal)


def release(db: Session, actor: Actor, *, subject: str, reason: str) -> None:
    """Take a decided amount back before any of it was paid; the money goes to whoever waits."""
    row = db.scalar(select(PoolClaim).where(PoolClaim.subject == subject))
    if row is None:
        raise NotFound
    shares = db.scalars(
        select(ClaimShare).where(ClaimShare.claim_id == row.id).order_by(ClaimShare.pool_id)
    ).all()
    pools = ledger.lock(db, *(share.pool_id for share in shares))
    claim = locked(db, PoolClaim, row.id)
    shares = [locked(db, ClaimShare, share.id) for share in shares]
    if claim.state is ClaimState.CANCELLED or any(share.lined_fen for share in shares):
        raise NotAllowed("这一件已经做了付款申请或已撤销，不能撤回金额。请先作废付款申请。")
    now = clock.now()
    claim.state, claim.closed_at = ClaimState.CANCELLED, now
    freed = [share for share in shares if share.state is ShareState.RESERVED]
    for share in shares:
        share.state = ShareState.CANCELLED
    db.flush()
    for share in freed:
        ledger.count(db, Transfer.RELEASED, share.pool_id, share.amount_fen)
        ledger.write(db, Transfer.RELEASED, share.pool_id, share.amount_fen, ledger.Why(actor, now, share.id))
    facts = {"amount_fen": claim.decided_fen, "pools": [pool.code for pool in pools.values()]}
    tell(db, actor, claim, "released", now, facts, {"reason": reason})
    for pool in pools.values():
        fund_queue(db, actor, pool)


def open_pool(
    db: Session, actor: Actor | None, *, code: str, name: str, item_code: str, year: int, source: FundSource,
    organisation_id: int,
) -> None:  # fmt: skip
    """Set up the pool of one source for an item and a year; it is empty until `top_up`."""
    taken = select(Pool.code).where(
        (Pool.code == code)
        | (
            (Pool.item_code == item_code) & (Pool.year == year) & (Pool.source == source)
            & (Pool.organisation_id == organisation_id)
        )
    )  # fmt: skip
    if existing := db.scalar(taken.order_by(Pool.id).limit(1)):
        raise Conflict(f"已经有资金池 {existing}。请直接使用。")
    now = clock.now()
    pool = Pool(
        code=code, name=name, item_code=item_code, year=year, source=source, organisation_id=organisation_id,
        opened_at=now,
    )  # fmt: skip
    db.add(pool)
    db.flush()
    facts = {"item": item_code, "year": year, "source": source.value}
    audit.record(db, f"pool:{code}", "opened", actor=actor, happened_at=now, facts=facts)


def open_own_pool(
    db: Session, actor: Actor, *, code: str, name: str, item_code: str, year: int, source: FundSource
) -> None:
    """As `open_pool`, by a bureau of finance for itself and for an item of the catalogue."""
    try:
        item = catalog.item(db, item_code)
    except NotFound:
        remedy = "事项编号写在办事指南的地址里，请核对"
        raise Invalid.of("item_code", f"没有编号是 {item_code} 的事项", remedy) from None
    open_pool(
        db, actor, code=code, name=name, item_code=item.code, year=year, source=source,
        organisation_id=actor.organisation_id,
    )  # fmt: skip


def top_up(db: Session, actor: Actor | None, *, pool_code: str, amount_fen: int, document_number: str) -> int:
    """Appropriate money to a pool by a treasury document; returns how many waiting shares it covered."""
    pool = _pool_to_book(db, actor, pool_code, amount_fen, document_number)
    _book(db, actor, pool, Transfer.APPROPRIATED, amount_fen, document_number)
    return fund_queue(db, actor, pool)


def withdraw(db: Session, actor: Actor, *, pool_code: str, amount_fen: int, document_number: str) -> None:
    """Take uncommitted money back to the treasury."""
    pool = _pool_to_book(db, actor, pool_code, amount_fen, document_number)
    _book(db, actor, pool, Transfer.WITHDRAWN, amount_fen, document_number)


def carry_over(
    db: Session, actor: Actor, *, pool_code: str, to_code: str, amount_fen: int, document_number: str
) -> None:
    """Move uncommitted money of one pool to another, as at the year's end."""
    ids = [_pool_to_book(db, actor, code, amount_fen, document_number).id for code in (pool_code, to_code)]
    pools = ledger.lock(db, *ids)
    if ids[0] == ids[1]:
        raise Invalid.of("to_code", "不能结转到同一个资金池", "请选择另一个资金池")
    if not ledger.count_total(db, ids[0], -amount_fen) or not ledger.count_total(db, ids[1], amount_fen):
        raise NotAllowed(f"{pool_code} 没有这么多未使用的资金，不能结转。")
    why = ledger.Why(actor, clock.now(), document_number=document_number)
    ledger.write(db, Transfer.CARRIED_OVER, ids[0], amount_fen, why, to_pool=ids[1])
    facts = {"from": pool_code, "to": to_code, "amount_fen": amount_fen, "document_number": document_number}
    for pool in pools.values():
        audit.record(
            db, f"pool:{pool.code}", "carried_over", actor=actor, happened_at=why.happened_at, facts=facts
        )
    fund_queue(db, actor, pools[ids[1]])


def _pool_to_book(db: Session, actor: Actor | None, code: str, amount_fen: int, document_number: str) -> Pool:
    if amount_fen <= 0:
        raise Invalid.of("amount", "金额要大于 0", "请填写金额，单位是元")
    if not document_number.strip():
        raise Invalid.of("document_number", "还没有填写文号", "请填写指标文件的文号")
    mine = visible_to(actor) if actor else true()
    pool_id = db.scalar(select(Pool.id).where(Pool.code == code, mine))
    if pool_id is None:
        raise NotFound
    return ledger.lock(db, pool_id)[pool_id]


def _book(
    db: Session, actor: Actor | None, pool: Pool, kind: Transfer, amount_fen: int, document_number: str
) -> None:
    now = clock.now()
    if not ledger.count(db, kind, pool.id, amount_fen):
        raise NotAllowed(f"{pool.name} 没有这么多未使用的资金，不能收回。")
    ledger.write(db, kind, pool.id, amount_fen, ledger.Why(actor, now, document_number=document_number))
    facts = {"amount_fen": amount_fen, "document_number": document_number}
    audit.record(db, f"pool:{pool.code}", kind.value, actor=actor, happened_at=now, facts=facts)


def _move(db: Session, actor: Actor, held: Held, kind: Transfer, at: datetime) -> None:
    db.flush()
    amount = held.line.amount_fen
    if not ledger.count(db, kind, held.pool.id, amount):
        raise Conflict("资金池的余额对不上，没有入账。请联系系统管理员核对。")
    ledger.write(db, kind, held.pool.id, amount, ledger.Why(actor, at, held.share.id, held.line.payment_id))


def _settle(db: Session, held: Held, amount_fen: int, at: datetime) -> None:
    claim = held.claim
    held.share.paid_fen += amount_fen
    claim.paid_fen += amount_fen
    claim.state = rules.claim_state(claim.decided_fen, claim.paid_fen, queries.share_states(db, claim.id))
    claim.closed_at = at if claim.state is ClaimState.PAID else None
    db.flush()


def _end(line: PaymentLine, at: datetime, reason: str) -> None:
    if not reason.strip():
        raise Invalid.of("reason", "还没有填写原因", "请写明原因，例如“户名不符”")
    line.ended_at, line.end_reason = at, reason.strip()[:200]


def _line_facts(line: PaymentLine) -> audit.Facts:
    return {
        "payment_id": line.payment_id, "source": line.source.value, "instalment": line.instalment,
        "attempt": line.attempt, "amount_fen": line.amount_fen,
    }  # fmt: skip
