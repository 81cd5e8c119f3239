"""免申即享: hand a list off, confirm its rows; then each enterprise confirms its account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts import queries as accounts
from foundation.errors import Conflict, Invalid, NotAllowed
from foundation.web.access import Actor
from notices import services as notices
from portal.payouts import services as payouts
from portal.payouts.accounts import BankAccount
from portal.window.lists import queries, settling, showing
from portal.window.lists.freezing import MODE
from portal.window.lists.models import ListRow
from portal.window.lists.papers import handoff
from portal.window.lists.rules import ListAct, after_ruling
from portal.window.lists.step import advance, locked
from portal.window.rules import Act
from portal.window.services import step


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the department says of one row: taken in with an amount, left out with a reason, or (None) later.

    *fault* is what is wrong with the ruling itself; the row then stays open and holds up no other.
    """

    credit_code: str
    kept: bool | None
    amount_fen: int | None
    reason: str
    fault: str = ""


def hand_off(db: Session, actor: Actor, number: str) -> str:
    """One 《交办通知书》 for the whole list; its number."""
    frozen = locked(db, actor, number)
    now = clock.now()
    frozen.handed_off_at = now
    advance(db, frozen, ListAct.HAND_OFF, actor, now, {})
    paper = handoff(db, actor, frozen, now)
    notices.tell(
        db,
        accounts.organisation(db, frozen.department_id).code,
        title=f"新交办清单：{frozen.item_title}",
        body=f"{len(frozen.rows)} 家企业，{paper.number}。请在 1 小时内响应。",
        link=f"/lists/{frozen.number}",
        key=f"{frozen.subject}:handoff",
        statutory=True,
        notice=paper,
    )
    return paper.number


def respond(db: Session, actor: Actor, number: str) -> None:
    """响应: the officer who signs in takes the list on."""
    frozen = locked(db, actor, number)
    advance(db, frozen, ListAct.RESPOND, actor, clock.now(), {}, personal={"officer": actor.person_name})


def confirm(db: Session, actor: Actor, number: str, rulings: Sequence[Ruling]) -> None:
    """Rule on rows, all or some: each that can be taken in goes on, without cover it waits for funds there.

    A row that cannot be taken in stays open with the reason beside it; it holds up no other.
    """
    frozen = locked(db, actor, number)
    if frozen.handed_off_at is None:
        raise Conflict("这份清单还没有交办，不能核对。请先交办。")
    now = clock.now()
    by_code = {ruling.credit_code: ruling for ruling in rulings if ruling.kept is not None or ruling.fault}
    asked = [row for row in frozen.rows if row.kept is None and row.credit_code in by_code]
    if not asked:
        raise Invalid.of("rows", "还没有核对任何一家", "请至少选择一家列入或不列入")
    pays = settling.pays(db, frozen)
    in_the_way = settling.obstacles(db, frozen, [row.credit_code for row in asked], now.year)
    for row in asked:
        ruling = by_code[row.credit_code]
        row.problem = _fault(row, ruling, pays) or (in_the_way.get(row.credit_code) if ruling.kept else None)
        if row.problem is None:
            _rule_on(row, ruling, actor, now)
    ruled = [row for row in asked if row.kept is not None]
    act = after_ruling(row for row in frozen.rows if row.kept is None)
    if act is ListAct.CONFIRM:
        frozen.confirmed_at = now
    kept = sum(bool(row.kept) for row in ruled)
    facts = {"kept": kept, "left_out": len(ruled) - kept, "open": len(asked) - len(ruled)}
    advance(db, frozen, act, actor, now, facts)
    shown = showing.publish(db, actor, frozen, [row for row in ruled if row.kept], now)
    settling.ask(db, frozen, [row for row in ruled if row not in shown], now)


def confirm_account(
    db: Session, actor: Actor, number: str, *, name: str, bank: str, account_number: str
) -> None:
    """The enterprise says where the money goes; where it has cover, the payout's day runs from here."""
    case = step.locked(db, actor, number)
    if case.mode != MODE:
        raise NotAllowed("这件不是免申即享，不需要确认账户。")
    if queries.account_of_another(db, account_number, case.applicant_code):
        raise Invalid.of(
            "account_number",
            "这个账号已经登记在另一家企业名下",
            "请填写本企业的账户；确实是本企业的，请到专窗办理",
        )
    personal = case.personal
    personal.account_name, personal.account_bank, personal.account_number = name, bank, account_number
    account = BankAccount(name, bank, account_number)
    funded = payouts.set_account(db, subject=case.subject, account=account)
    act = Act.CONFIRM_ACCOUNT if funded else Act.AWAIT_FUNDS
    step.advance(db, case, act, actor, at=clock.now(), personal={"account_tail": account_number[-4:]})


def _fault(row: ListRow, ruling: Ruling, pays: bool) -> str | None:
    if ruling.fault:
        return ruling.fault
    if ruling.kept and pays and not ruling.amount_fen:
        return "还没有填写金额，请填数字，单位是元，例如 80000"
    if not ruling.kept and not ruling.reason:
        return "不列入要写理由，企业会看到"
    if ruling.kept and row.doubts and not ruling.reason:
        return "有疑点，列入要写理由"
    return None


def _rule_on(row: ListRow, ruling: Ruling, actor: Actor, now: datetime) -> None:
    row.kept, row.reason = ruling.kept, ruling.reason or None
    row.ruled_by_id, row.ruled_at = actor.person_id, now
    row.amount_fen = ruling.amount_fen if ruling.kept else row.amount_fen
