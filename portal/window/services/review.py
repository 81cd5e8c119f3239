"""In the department: respond or return, review, decide with four eyes; then the money."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from catalog import queries as catalog
from foundation import clock, four_eyes
from foundation.accounts import queries as accounts
from foundation.enterprises import queries as enterprises
from foundation.enterprises.rules import Kind
from foundation.errors import Conflict, Invalid, NotAllowed
from foundation.web.access import Actor
from notices import services as notices
from portal.payouts import queries as payout_queries
from portal.payouts import reserving
from portal.payouts.accounts import BankAccount
from portal.payouts.rules import FundSource, Share, split
from portal.window.models import Case, Handoff
from portal.window.publicity import queries as publicity_queries
from portal.window.publicity import services as publicity
from portal.window.publicity.rules import Shown, check_clear, masked
from portal.window.rules import Act, Ending, Stage
from portal.window.services import papers
from portal.window.services.step import advance, locked, tell_applicant

# how guides name who pays
SHARE_NAMES: Mapping[FundSource, str] = {
    FundSource.CITY: "市级",
    FundSource.COUNTY: "县级",
    FundSource.UPPER: "上级",
}
# pools by code, each with its weight
Bearers = tuple[tuple[str, int], ...]


def respond(db: Session, actor: Actor, number: str, *, officer_name: str, officer_phone: str) -> None:
    """响应: a named officer with a phone number; a click alone is no response."""
    case = locked(db, actor, number)
    now = clock.now()
    case.responded_at, case.officer_id = now, actor.person_id
    case.personal.officer_name, case.personal.officer_phone = officer_name, officer_phone
    advance(db, case, Act.RESPOND, actor, at=now, personal={"officer": officer_name, "phone": officer_phone})


def send_back_to_window(db: Session, actor: Actor, number: str, *, reason: str, basis: str) -> None:
    """退回 with reason and basis: response and review stop, a new handoff hour runs, *total* runs on."""
    case = locked(db, actor, number)
    now = clock.now()
    handoff = _live_handoff(case)
    handoff.returned_at, handoff.return_reason, handoff.return_basis = now, reason, basis
    advance(db, case, Act.RETURN, actor, at=now, facts={"reason": reason, "basis": basis})
    notices.tell(
        db,
        _code(db, case.window_id),
        title=f"部门退回：{case.item_title}",
        body=f"{case.applicant_name}。理由：{reason}。请在 1 小时内重新交办。",
        link=f"/cases/{case.number}",
        key=f"{case.subject}:returned:{case.version}",
    )


def review(
    db: Session, actor: Actor, number: str, *, checked_fen: int | None, opinion: str, reason: str
) -> None:
    """初核: the amount that the papers bear out, and why it is less than applied for, where it is."""
    case = locked(db, actor, number)
    if case.applied_fen is not None:
        if checked_fen is None:
            raise Invalid.of("checked_fen", "还没有填写初核金额", "请填写数字，单位是元，例如 62000")
        if checked_fen > case.applied_fen:
            raise Invalid.of("checked_fen", "初核金额超过了申请金额", "请核对；申请金额由企业更正")
        if checked_fen < case.applied_fen and not reason:
            raise Invalid.of(
                "reason", "初核金额少于申请金额，还没有写核减理由", "请写明核减了什么、依据哪一条"
            )
    case.checked_fen, case.check_reason, case.reviewer_id = checked_fen, reason or None, actor.person_id
    facts = {"checked_fen": checked_fen, "opinion": opinion, "reason": reason}
    advance(db, case, Act.REVIEW, actor, at=clock.now(), facts=facts)


def send_back_to_reviewer(db: Session, actor: Actor, number: str, *, reason: str) -> None:
    """退回重审: the one who decides is not satisfied; the review clock runs on."""
    case = locked(db, actor, number)
    check_second_person(case, actor)
    case.reviewer_id = None
    publicity.set_aside(db, case.subject, clock.now())
    advance(db, case, Act.SEND_BACK, actor, at=clock.now(), facts={"reason": reason})


def approve(db: Session, actor: Actor, number: str, *, decided_fen: int | None, reason: str) -> None:
    """审定通过: the claim is reserved in its pool in this transaction, or waits there for funds.

    A decision without cover is lawful, spending without cover is not (预算法 13): it queues, visibly.
    """
    case = locked(db, actor, number)
    check_second_person(case, actor)
    if case.applied_fen is not None:
        _check_decided(case, decided_fen, reason)
    check_clear(_is_public(db, case), *publicity_queries.standing(db, case.subject))
    now = clock.now()
    _decide(case, actor, now)
    case.decided_fen, case.decision_reason = decided_fen, reason or None
    funded = reserve(db, actor, case)
    act = Act.APPROVE if funded else Act.QUEUE_FOR_FUNDS
    advance(db, case, act, actor, at=now, facts={"decided_fen": decided_fen, "reason": reason})
    paper = papers.decision(db, actor, case, now)
    tell_applicant(db, case, "decided", f"审核通过：{case.item_title}", _next_step(case, funded), paper)


def publish(db: Session, actor: Actor, number: str) -> str:
    """公示 before the decision: who is to get how much, by the reviewer's opinion; its number."""
    case = locked(db, actor, number)
    check_second_person(case, actor)
    over, _ = publicity_queries.standing(db, case.subject)
    if not _is_public(db, case):
        raise NotAllowed("这项政策没有规定公示，可以直接审定。")
    if over:
        raise Conflict("这件已经公示期满，请审定。审核意见要改的，先退回重审。")
    now = clock.now()
    firm = enterprises.by_code(db, case.applicant_code)
    name, code = masked(case.applicant_name, case.applicant_code, firm.kind if firm else Kind.ENTERPRISE)
    matter = publicity.Matter(
        about=case.subject,
        item_title=case.item_title,
        limits=catalog.item_version(db, case.item_version_id).guide.limits,
        window_id=case.window_id,
        department_id=case.department_id,
        lines=[Shown(name, code, case.checked_fen)],
        readers=(case.applicant_code,),
    )
    shown, until = publicity.publish(db, actor, matter, now)
    advance(db, case, Act.PUBLISH, actor, at=now, until=until, facts={"publicity": shown.number})
    notices.tell(
        db,
        case.applicant_code,
        title=f"正在公示：{case.item_title}",
        body=f"公示到 {until:%m月%d日}，这段时间不计入审核时限。",
        link=f"/publicity/{shown.number}",
        key=f"{case.subject}:publicity:{shown.number}",
        statutory=True,
    )
    return shown.number


def end_publicity(db: Session, number: str, at: datetime) -> None:
    """The last day passed: the review goes on, a person decides. Nothing happens a second time."""
    case = locked(db, None, number)
    if case.stage is Stage.PUBLICITY:
        advance(db, case, Act.END_PUBLICITY, None, at=at)


def _is_public(db: Session, case: Case) -> bool:
    return catalog.item_version(db, case.item_version_id).guide.limits.publicity


def reject(db: Session, actor: Actor, number: str, *, reason: str) -> None:
    """不予兑现: in writing, with the reason and the remedy (行政许可法 38(2) by analogy)."""
    case = locked(db, actor, number)
    check_second_person(case, actor)
    now = clock.now()
    _decide(case, actor, now)
    case.decision_reason = reason
    advance(db, case, Act.REJECT, actor, at=now, facts={"reason": reason})
    paper = papers.decision(db, actor, case, now)
    tell_applicant(db, case, "decided", f"审核未通过：{case.item_title}", f"理由：{reason}", paper)


def fund(db: Session, number: str, at: datetime) -> None:
    """The pool covers the claim now: the payout clock starts. Nothing happens a second time."""
    case = locked(db, None, number)
    if case.stage is Stage.AWAITING_FUNDS:
        advance(db, case, Act.FUND, None, at=at)


def paid(db: Session, number: str, at: datetime, paid_fen: int) -> None:
    """All lines of the claim are paid: the case is. Nothing happens a second time."""
    case = locked(db, None, number)
    if case.stage is Stage.PAID:
        return
    case.paid_at = at
    advance(db, case, Act.PAY, None, at=at, facts={"paid_fen": paid_fen})


def _next_step(case: Case, funded: bool) -> str:
    if case.ending is not Ending.PAYMENT:
        return "将在 1 个工作日内送达。"
    return "款项将在 1 个工作日内兑付。" if funded else "资金落实后 1 个工作日内兑付。"


def _decide(case: Case, actor: Actor, now: datetime) -> None:
    """Who decided and when; a decision straight from the handoff is the response as well."""
    case.decider_id, case.decided_at = actor.person_id, now
    case.responded_at = case.responded_at or now


def _check_decided(case: Case, decided_fen: int | None, reason: str) -> None:
    if not decided_fen:
        raise Invalid.of("decided_fen", "还没有填写审定金额", "请填写数字，单位是元；不予兑现请选“不予兑现”")
    if decided_fen > (case.applied_fen or 0):
        raise Invalid.of("decided_fen", "审定金额超过了申请金额", "请核对后再提交")
    opinion = case.applied_fen if case.checked_fen is None else case.checked_fen
    if decided_fen != opinion and not reason:
        raise Invalid.of(
            "reason", "审定金额与初核（没有初核的，与申请）不同，还没有写理由", "请写明调整的理由和依据"
        )


def reserve(db: Session, actor: Actor, case: Case) -> bool:
    """Whether the decided amount is covered; outcomes without money need no cover."""
    if case.ending is not Ending.PAYMENT or not case.decided_fen:
        return True
    claim = _claim(
        case, bearers(db, case.item_code, case.item_version_id, (case.decided_at or clock.now()).year)
    )
    return reserving.reserve(db, actor, claim).funded


def reserve_all(db: Session, actor: Actor, cases: Sequence[Case], bearing: Bearers, group: str) -> None:
    """Set aside what was decided of cases of one item; *group* names what they may be paid together with."""
    reserving.reserve_all(db, actor, [replace(_claim(case, bearing), group=group) for case in cases])


def _claim(case: Case, bearing: Bearers) -> reserving.Claim:
    return reserving.Claim(
        subject=case.subject,
        payee=case.applicant_code,
        pool=bearing[0][0],
        amount_fen=case.decided_fen or 0,
        split=_split(case.decided_fen or 0, bearing),
        account=_account(case),
        decided_at=case.decided_at,
    )


def bearers(db: Session, item_code: str, item_version_id: int, year: int) -> Bearers:
    """Which pools bear what is decided on an item, and with which weights; one pool bears all."""
    pools = payout_queries.pools_of_item(db, item_code, year)
    if not pools:
        raise Conflict("这项政策今年还没有设立资金池，暂时不能审定金额。请联系财政部门设立后再审定。")
    if len(pools) == 1:
        return ((pools[0].code, 1),)
    stated = catalog.item_version(db, item_version_id).guide.shares
    percents = {share.source: round(share.percent) for share in stated}
    weights = [percents.get(SHARE_NAMES[pool.source], 0) for pool in pools]
    if not any(weights):
        raise Conflict("这项政策有几个资金池，办事指南没有写明各级分担比例。请联系财政部门核对后再审定。")
    return tuple((pool.code, weight) for pool, weight in zip(pools, weights, strict=True))


def _account(case: Case) -> BankAccount | None:
    own = case.personal
    if not own.account_number:
        return None
    return BankAccount(own.account_name, own.account_bank, own.account_number)


def _split(decided_fen: int, bearing: Bearers) -> tuple[Share, ...]:
    parts = split(decided_fen, [weight for _, weight in bearing])
    return tuple(Share(pool, amount) for (pool, _), amount in zip(bearing, parts, strict=True) if amount)


def check_second_person(case: Case, actor: Actor) -> None:
    """Four eyes: who gave the opinion does not decide on it."""
    refusal = "您（或您代班的同事）提出了这件的审核意见，审定要由另一个人办理。请交给本单位负责人。"
    four_eyes.check_other(actor, case.reviewer_id, refusal)


def _live_handoff(case: Case) -> Handoff:
    return next(handoff for handoff in reversed(case.handoffs) if handoff.returned_at is None)


def _code(db: Session, organisation_id: int) -> str:
    return accounts.organisation(db, organisation_id).code
