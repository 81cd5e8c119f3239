"""A case's timeline in words: who did what, when, and how long it took against the limit. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalog.guide import Step
from foundation.audit import SIGNATURE, AuditLine
from foundation.deadlines.queries import Ledger
from foundation.deadlines.wording import amount
from foundation.money import yuan
from portal.window.returns.rules import Act as Returned
from portal.window.rules import CLOCKS, STAGE_NAMES, Act, Stage

# what each act reads like, done by {who}
SAID: Mapping[str, str] = {
    Act.SUBMIT: "{who}提交了申请",
    Act.ASK_SUPPLEMENT: "{who}一次性告知要补的材料",
    Act.SUPPLY: "{who}补交了材料",
    Act.ACCEPT: "{who}已受理",
    Act.DEEM_ACCEPTED: "专窗 5 个工作日没有答复，依法视为受理",
    Act.REFUSE: "{who}不予受理",
    Act.HAND_OFF: "{who}已交办",
    Act.RESPOND: "{who}已响应",
    Act.RETURN: "{who}退回专窗",
    Act.REVIEW: "{who}提出审核意见",
    Act.SEND_BACK: "{who}退回重审",
    Act.APPROVE: "{who}审定通过",
    Act.QUEUE_FOR_FUNDS: "{who}审定通过，排队等资金",
    Act.FUND: "资金已落实",
    Act.REJECT: "{who}审定不予兑现",
    Act.PAY: "款项已到账",
    Act.WITHDRAW: "{who}撤回了申请",
    Act.LIST: "{who}核对清单，准予兑现",
    Act.CONFIRM_ACCOUNT: "{who}确认了收款账户",
    Act.AWAIT_FUNDS: "{who}确认了收款账户，排队等资金",
    Returned.BANK_RETURN: "银行退回了一笔款",
    Returned.PROPOSE: "{who}更正了收款账户",
    Returned.DECLINE: "{who}核对没有通过",
    Returned.APPROVE: "{who}核对了更正的账户",
    Returned.REPAY: "已重新付款",
    Act.PUBLISH: "{who}开始公示",
    Act.END_PUBLICITY: "公示期满",
    Act.DELIVER: "{who}已送达",
    Act.REPORT: "{who}已上报",
}
WAITING: Mapping[Stage, str] = {
    Stage.SUBMITTED: "专窗正在核对材料，决定是否受理。",
    Stage.SUPPLEMENT_ASKED: "等您补交材料。",
    Stage.ACCEPTED: "专窗正在交办主管部门。",
    Stage.HANDED_OFF: "主管部门已收到交办通知书，正在确定承办人。",
    Stage.IN_REVIEW: "主管部门正在审核。",
    Stage.REVIEW_SUPPLEMENT_ASKED: "等您补交材料，这段时间不计入审核时限。",
    Stage.REVIEWED: "审核意见已提出，等负责人审定。",
    Stage.PUBLICITY: "正在公示，这段时间不计入审核时限。期满后由负责人审定。",
    Stage.AWAITING_ACCOUNT: "不用申请，已经准予兑现。请确认收款账户，确认后 1 个工作日内付款。",
    Stage.AWAITING_FUNDS: "已审定，正在排队等资金，落实后自动继续。",
    Stage.APPROVED: "已审定，财政部门正在付款。",
    Stage.PAID: "款项已到账，办结。",
    Stage.DELIVERED: "已经送达，办结。",
    Stage.REPORTED: "已上报上级部门，由上级作出决定。",
    Stage.REJECTED: "不予兑现，决定书写明了理由和救济途径。",
    Stage.REFUSED: "不予受理，通知书写明了理由和救济途径。",
    Stage.WITHDRAWN: "您已撤回，材料仍然保留，可以重新申请。",
}
ASKED_OF_APPLICANT = frozenset({Stage.SUPPLEMENT_ASKED, Stage.REVIEW_SUPPLEMENT_ASKED})
# how many steps of the usual way lie behind a case, or how many are left at its end
_BEHIND: Mapping[Stage, int] = {
    Stage.ACCEPTED: 1,
    Stage.HANDED_OFF: 2,
    Stage.IN_REVIEW: 3,
    Stage.REVIEW_SUPPLEMENT_ASKED: 3,
    Stage.REVIEWED: 3,
    Stage.PUBLICITY: 4,
    Stage.AWAITING_ACCOUNT: -2,
    Stage.AWAITING_FUNDS: -1,
    Stage.APPROVED: -1,
}
_USUAL_STARTS = frozenset({"专窗受理", "数据比对"})


@dataclass(frozen=True, slots=True)
class Happened:
    """One step of the story."""

    at: datetime | None
    title: str
    text: str = ""
    took: str = ""
    late: bool = False
    now: bool = False


def waiting(stage: Stage, department: str, *, for_applicant: bool) -> str:
    """What everybody waits for, the department by its name; said to the applicant, or about it."""
    words = WAITING[stage].replace("主管部门", department)
    return words if for_applicant else _about(words)


def standing(stage: Stage, *, for_applicant: bool) -> str:
    """What the present is called where the stage's own name would not tell the applicant what to do."""
    return "等您补交材料" if for_applicant and stage in ASKED_OF_APPLICANT else ""


def ahead(stage: Stage, steps: Sequence[Step], *, for_applicant: bool) -> Sequence[Step]:
    """The steps that still come, said to the applicant or about it; a way of its own is shown whole."""
    usual = bool(steps) and steps[0].title in _USUAL_STARTS
    left = steps[_BEHIND.get(stage, 0) :] if usual else steps
    if for_applicant:
        return left
    return [replace(step, title=_about(step.title), why=_about(step.why)) for step in left]


def _about(words: str) -> str:
    """What is said to the applicant, as it is said of it."""
    return words.replace("请确认", "等企业确认").replace("您", "企业")


def tell(
    lines: Sequence[AuditLine],
    ledgers: Sequence[Ledger],
    names: Mapping[str, str],
    stage: Stage,
    *,
    ended: bool,
    said: str = "",
    standing: str = "",
) -> list[Happened]:
    """The story, the newest first; *names* are of organisations by code, *said* is what is waited for."""
    told = [_happened(line, ledgers, names) for line in reversed(lines)]
    return (
        told
        if ended
        else [Happened(None, standing or STAGE_NAMES[stage], said or WAITING[stage], now=True), *told]
    )


def _happened(line: AuditLine, ledgers: Sequence[Ledger], names: Mapping[str, str]) -> Happened:
    who = names.get(line.organisation_code or "", "系统")
    ledger = _stopped_by(line, ledgers)
    late = ledger is not None and bool(ledger.reckoning.late)
    return Happened(
        at=line.happened_at,
        title=SAID.get(line.act, line.act).format(who=who),
        text=_details(line),
        took=_took(ledger) if ledger else "",
        late=late,
    )


def _stopped_by(line: AuditLine, ledgers: Sequence[Ledger]) -> Ledger | None:
    stopped = {use.limit for use in CLOCKS if line.act in use.stops and use.limit != "total"}
    found = (
        led for led in ledgers if led.limit.name in stopped and led.reckoning.clock.stop == line.happened_at
    )
    return next(found, None)


def _took(ledger: Ledger) -> str:
    verdict = "超时" if ledger.reckoning.late else "按时"
    used = amount(ledger.limit, ledger.reckoning.used, ledger.hours)
    return f"用时 {used}，时限 {ledger.limit.length}，{verdict}"


def _details(line: AuditLine) -> str:
    facts = line.facts
    said = []
    if facts.get("gaps"):
        said.append("涉及：" + "、".join(facts["gaps"]))
    if line.act == Act.REVIEW and facts.get("checked_fen") is not None:
        said.append(f"初核 {yuan(facts['checked_fen'])} 元")
    if facts.get("decided_fen"):
        said.append(f"审定 {yuan(facts['decided_fen'])} 元")
    if facts.get("amount_fen"):
        said.append(f"{yuan(facts['amount_fen'])} 元")
    if facts.get("paid_fen"):
        said.append(f"到账 {yuan(facts['paid_fen'])} 元")
    if facts.get("reason"):
        said.append(f"理由：{facts['reason']}")
    if line.personal.get(SIGNATURE):
        said.append(f"由{line.personal[SIGNATURE]}办理")
    return "；".join(said)


def opinion(lines: Sequence[AuditLine]) -> str:
    """What the last reviewer wrote; nothing where nobody reviewed."""
    written = [line for line in lines if line.act == Act.REVIEW]
    return str(written[-1].facts.get("opinion") or "") if written else ""
