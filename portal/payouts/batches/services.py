"""Payments that go to the treasury together: prepared by one, released by another, answered row by row."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit, clock, four_eyes, numbering
from foundation.errors import Invalid, NotFound, PortalError
from foundation.web.access import Actor
from portal.payouts import rules, services
from portal.payouts.batches import queries, treasury
from portal.payouts.batches.treasury import Answer
from portal.payouts.held import locked
from portal.payouts.models import PaymentBatch, PaymentLine, Pool
from portal.payouts.queries import visible_to
from portal.payouts.rules import BatchState, LineAct, LineState


def prepare(db: Session, actor: Actor, *, pool_code: str, group: str) -> str:
    """Prepare a payment for every share of a pool and list that is covered and has its account."""
    found = queries.ready_shares(db, actor, pool_code, group)
    if not found:
        raise Invalid.of("pool", "没有可以一起付的款", "资金预留、企业确认账户以后再做")
    pool_id = db.scalar(select(Pool.id).where(Pool.code == pool_code, visible_to(actor)))
    payments = [services.prepare_line(db, actor, subject=subject, source=source) for subject, source in found]
    lines = _lines(db, payments)
    now = clock.now()
    batch = PaymentBatch(
        number=f"FK-{now.year}-{numbering.take(db, 'batch', now.year):03}",
        pool_id=pool_id,
        group_subject=group,
        state=BatchState.PREPARED,
        line_count=len(lines),
        amount_fen=sum(line.amount_fen for line in lines),
        maker_id=actor.person_id,
        prepared_at=now,
    )
    db.add(batch)
    db.flush()
    for line in lines:
        line.batch_id = batch.id
    db.flush()
    _record(db, actor, batch, "prepared", {"lines": batch.line_count, "amount_fen": batch.amount_fen})
    return batch.number


def release(db: Session, actor: Actor, number: str) -> None:
    """复核: a second person releases the file to the treasury; its digest is fixed here."""
    batch = _batch(db, actor, number, BatchState.PREPARED)
    four_eyes.check_other(actor, batch.maker_id, rules.NOT_YOUR_OWN)
    for line in _of(db, batch, LineState.PENDING):
        line.state = rules.after(line.state, LineAct.EXPORT)
    db.flush()
    batch.digest = treasury.digest(queries.orders(db, batch.id))
    batch.releaser_id, batch.released_at = actor.person_id, clock.now()
    batch.state = BatchState.RELEASED
    _record(db, actor, batch, "released", {"digest": batch.digest})


def withdraw(db: Session, actor: Actor, number: str, *, reason: str) -> None:
    """作废: take a batch back before it was released; its shares may be prepared anew."""
    batch = _batch(db, actor, number, BatchState.PREPARED)
    for line in _of(db, batch, LineState.PENDING):
        services.void_line(db, actor, payment_id=line.payment_id, reason=reason)
    batch.state = BatchState.VOID
    _record(db, actor, batch, "void", {}, {"reason": reason})


def take_results(db: Session, actor: Actor, number: str, answers: Sequence[Answer]) -> None:
    """Book what the bank says, row by row: what cannot be taken is told and stops no other; again is no more.

    A payment that the bank sent back is set apart until its account was looked at.
    """
    batch = _batch(db, actor, number, BatchState.RELEASED, BatchState.SETTLED)
    four_eyes.check_other(actor, batch.maker_id, rules.NOT_YOUR_OWN)
    known = {line.payment_id: line for line in _of(db, batch)}
    refused = []
    for answer in answers:
        problem = answer.fault or _take(db, actor, known.get(answer.payment_id), answer)
        if problem:
            refused.append({"row": answer.row, "payment_id": answer.payment_id[:36], "said": problem})
    batch.refused = refused
    still_out = [line for line in known.values() if line.state is LineState.EXPORTED]
    batch.state = BatchState.RELEASED if still_out else BatchState.SETTLED
    facts = {"rows": len(answers), "refused": len(refused), "still_out": len(still_out)}
    _record(db, actor, batch, "results", facts)


def _take(db: Session, actor: Actor, line: PaymentLine | None, answer: Answer) -> str:
    """Book one row; what is wrong with it, or nothing."""
    if line is None:
        return "这一批里没有这个支付编号"
    if _again(line, answer):
        return ""
    at = answer.at or clock.now()
    try:
        if answer.paid:
            services.pay(db, actor, payment_id=line.payment_id, paid_at=at, bank_reference=answer.reference)
        else:
            services.return_line(
                db, actor, payment_id=line.payment_id, returned_at=at, reason=answer.reason or "银行退票"
            )
    except PortalError as refusal:
        return refusal.message
    return ""


def _again(line: PaymentLine, answer: Answer) -> bool:
    """Whether the row says what is booked already."""
    if answer.paid:
        return line.state is LineState.PAID and line.bank_reference == answer.reference
    return line.state is LineState.RETURNED


def _lines(db: Session, payments: Sequence[str]) -> list[PaymentLine]:
    query = select(PaymentLine).where(PaymentLine.payment_id.in_(payments)).order_by(PaymentLine.id)
    return list(db.scalars(query))


def _of(db: Session, batch: PaymentBatch, *states: LineState) -> list[PaymentLine]:
    query = select(PaymentLine).where(PaymentLine.batch_id == batch.id)
    if states:
        query = query.where(PaymentLine.state.in_(states))
    return list(db.scalars(query.order_by(PaymentLine.id)))


def _batch(db: Session, actor: Actor, number: str, *states: BatchState) -> PaymentBatch:
    query = select(PaymentBatch.id).join(Pool, Pool.id == PaymentBatch.pool_id)
    found = db.scalar(query.where(visible_to(actor), PaymentBatch.number == number))
    if found is None:
        raise NotFound
    batch = locked(db, PaymentBatch, found)
    rules.check_batch(batch.state, states)
    return batch


def _record(
    db: Session,
    actor: Actor,
    batch: PaymentBatch,
    act: str,
    facts: audit.Facts,
    personal: audit.Facts | None = None,
) -> None:
    db.flush()
    subject = f"batch:{batch.number}"
    audit.record(db, subject, act, actor=actor, happened_at=clock.now(), facts=facts, personal=personal)
