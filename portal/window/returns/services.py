"""The bank sent a payment back: the enterprise corrects its account, another person checks. Never commits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit, clock, four_eyes
from foundation.accounts import queries as accounts
from foundation.accounts.queries import OrganisationView
from foundation.deadlines import services as deadlines
from foundation.deadlines.limits import LIMITS
from foundation.enterprises import queries as enterprises
from foundation.enterprises.mandates import queries as mandates
from foundation.enterprises.mandates.rules import Power
from foundation.enterprises.rules import Kind
from foundation.errors import Invalid, NotFound
from foundation.money import yuan
from foundation.web.access import Actor
from notices import services as notices
from portal.payouts import queries as payout_queries
from portal.payouts import services as payouts
from portal.payouts.accounts import BankAccount
from portal.window.models import Case
from portal.window.returns import rules
from portal.window.returns.models import BankReturn
from portal.window.returns.rules import Act, Stage
from portal.window.services.step import locked

# whose account may be in a person's own name
PERSONS = frozenset({Kind.SOLE_TRADER, Kind.PERSON})
HOLD_REASON, HOLD_BASIS = "银行退票，等企业更正账户", "兑付到企业确认的账户（《实施方案》二（六））"


def bank_returned(db: Session, number: str, payment_id: str, amount_fen: int, at: datetime) -> None:
    """A payment came back: none is made until the account is confirmed anew; the enterprise hears why."""
    case, now = locked(db, None, number), clock.now()
    claim = payout_queries.claim_of(db, case.subject)
    lines = claim.lines if claim else ()
    reason = next((line.end_reason for line in lines if line.payment_id == payment_id), "")
    row = _live(db, number)
    before = row.stage if row else None
    if row is None:
        row = BankReturn(
            case_number=number, stage=Stage.OPEN, amount_fen=amount_fen, reason=reason, returned_at=at,
            told_at=now,
        )  # fmt: skip
        db.add(row)
    else:
        row.amount_fen = amount_fen if row.stage is Stage.CORRECTED else row.amount_fen + amount_fen
        row.stage, row.reason = rules.take(row.stage, Act.BANK_RETURN), reason
    payouts.doubt_account(db, subject=case.subject)
    _record(db, None, row, Act.BANK_RETURN, before, at, {"amount_fen": amount_fen}, {"reason": reason})
    notices.tell(
        db,
        case.applicant_code,
        title=f"银行退回了一笔款，请更正收款账户：{case.item_title}",
        body=f"{yuan(amount_fen)} 元没有到账，银行说明：{reason}。更正并核对后，1 个工作日内重新支付。",
        link=f"/cases/{number}/correction",
        key=f"{row.subject}:{payment_id}",
        statutory=True,
    )


def propose(db: Session, actor: Actor, number: str, *, name: str, bank: str, account_number: str) -> None:
    """Enter the account to which the money shall go: by the enterprise, or at the counter for it."""
    case, row = _held(db, actor, number)
    mandates.check_may(db, actor, Power.CONFIRM_ACCOUNT, case.item_code)
    firm = enterprises.by_code(db, case.applicant_code)
    may_differ = firm is not None and firm.kind in PERSONS
    if not may_differ and not rules.same_name(name, case.applicant_name):
        raise Invalid.of("account_name", "户名与企业名称不一致", f"请填写以“{case.applicant_name}”开立的账户")
    before = row.stage
    row.stage = rules.take(row.stage, Act.PROPOSE)
    row.account_name, row.account_bank, row.account_number = name, bank, account_number
    row.proposer_id, row.proposed_at, row.checker_id = actor.person_id, clock.now(), None
    row.decline_reason = None
    _record(db, actor, row, Act.PROPOSE, before, clock.now(), {}, {"account_tail": account_number[-4:]})
    notices.tell(
        db,
        accounts.organisation(db, case.window_id).code,
        title=f"请核对更正的收款账户：{case.applicant_name}",
        body=f"办件 {number}，退票 {yuan(row.amount_fen)} 元。请由没有填写它的人核对。",
        link=f"/cases/{number}/correction/check",
        key=f"{row.subject}:proposed:{row.proposed_at.isoformat()}",
    )


def approve(db: Session, actor: Actor, number: str) -> None:
    """The account was checked by a second person: finance may pay again, within a working day."""
    case, row = _held(db, actor, number)
    four_eyes.check_other(actor, row.proposer_id, rules.NOT_YOUR_OWN)
    before, now, personal = row.stage, clock.now(), case.personal
    row.stage = rules.take(row.stage, Act.APPROVE)
    personal.account_name = row.account_name or ""
    personal.account_bank = row.account_bank or ""
    personal.account_number = row.account_number or ""
    tail = personal.account_number[-4:]
    row.account_number, row.checker_id, row.checked_at = tail, actor.person_id, now
    account = BankAccount(personal.account_name, personal.account_bank, personal.account_number)
    payouts.set_account(db, subject=case.subject, account=account)
    _record(db, actor, row, Act.APPROVE, before, now, {}, {"account_tail": tail})


def decline(db: Session, actor: Actor, number: str, *, reason: str) -> None:
    """The account cannot be right: back to the enterprise, with the reason."""
    case, row = _held(db, actor, number)
    four_eyes.check_other(actor, row.proposer_id, rules.NOT_YOUR_OWN)
    before = row.stage
    row.stage, row.decline_reason = rules.take(row.stage, Act.DECLINE), reason
    _record(db, actor, row, Act.DECLINE, before, clock.now(), {}, {"reason": reason})
    notices.tell(
        db,
        case.applicant_code,
        title=f"收款账户还要更正：{case.item_title}",
        body=f"{reason}。请重新填写。",
        link=f"/cases/{number}/correction",
        key=f"{row.subject}:declined:{clock.now().isoformat()}",
        statutory=True,
    )


def paid_again(db: Session, number: str, at: datetime) -> None:
    """A payment left: where nothing of the case is still returned, it has been made again."""
    row = _live(db, number)
    subject = f"case:{number}"
    if row is None or row.stage is not Stage.CORRECTED or payout_queries.returned_fen(db, subject):
        return
    before = row.stage
    row.stage, row.repaid_at = rules.take(row.stage, Act.REPAY), at
    _record(db, None, row, Act.REPAY, before, at, {"amount_fen": row.amount_fen}, None)
    case = locked(db, None, number)
    notices.tell(
        db,
        case.applicant_code,
        title=f"已重新付款：{case.item_title}",
        body=f"{yuan(row.amount_fen)} 元已付到尾号 {row.account_number} 的账户。",
        link=f"/cases/{number}",
        key=f"{row.subject}:repaid:{row.id}",
    )


def _live(db: Session, number: str) -> BankReturn | None:
    query = select(BankReturn).where(BankReturn.case_number == number, BankReturn.stage != Stage.REPAID)
    return db.scalar(query.with_for_update())


def _held(db: Session, actor: Actor, number: str) -> tuple[Case, BankReturn]:
    case = locked(db, actor, number)
    row = _live(db, number)
    if row is None:
        raise NotFound("这件办件没有要更正的退票。请刷新后再看。")
    return case, row


def _record(
    db: Session,
    actor: Actor | None,
    row: BankReturn,
    act: Act,
    before: Stage | None,
    at: datetime,
    facts: audit.Facts,
    personal: audit.Facts | None,
) -> None:
    db.flush()
    _turn_clock(db, row, before, max(at, row.returned_at))
    whole = {"stage": row.stage.value, **facts}
    audit.record(db, row.subject, act.value, actor=actor, happened_at=at, facts=whole, personal=personal)


def _turn_clock(db: Session, row: BankReturn, before: Stage | None, at: datetime) -> None:
    """The next act's clock runs; meanwhile the clock of an incomplete payout stands still."""
    case = db.scalars(select(Case).where(Case.number == row.case_number)).one()
    old, new = rules.CLOCKS[before] if before else None, rules.CLOCKS[row.stage]
    if old != new and old is not None:
        deadlines.stop(db, subject=row.subject, limit=old, at=at)
    if old != new and new is not None:
        holder = _holder(db, case, new)
        reckoning = deadlines.start(
            db, subject=row.subject, limit=LIMITS[new], at=at, holder_id=holder.id,
            opening_hours=holder.opening_hours,
        )  # fmt: skip
        if new == rules.CORRECTION:
            deadlines.suspend_if_running(
                db, subject=case.subject, limit="payout", at=at, reason=HOLD_REASON, basis=HOLD_BASIS,
                planned_end=reckoning.due or at,
            )  # fmt: skip
    if row.stage is Stage.CORRECTED:
        deadlines.resume_if_suspended(db, subject=case.subject, limit="payout", at=at)


def _holder(db: Session, case: Case, limit: str) -> OrganisationView:
    if limit == rules.CORRECTION:
        return accounts.organisation(db, case.applicant_organisation_id)
    window = accounts.organisation(db, case.window_id)
    return window if limit == rules.CHECK else accounts.finance_of(db, window.region_code)
