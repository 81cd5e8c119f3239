"""The papers of a case, in the name of the competent department; the window signs on its behalf."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalog import item_form
from catalog.queries import ItemView
from foundation.accounts import queries as accounts
from foundation.accounts.queries import OrganisationView
from foundation.deadlines import queries as deadlines
from foundation.deadlines.queries import Due
from foundation.money import in_capitals, yuan
from foundation.web.access import Actor
from notices import services as notices
from notices.documents import Contact, Document, DueTime, Fact, Kind, Material, Receipt
from notices.services import IssuedNotice, Paper
from portal.window.models import Case, Gap

# the signs under which each kind of paper is numbered (机关代字)
SERIES = {
    Kind.HANDOFF: "广惠企交",
    Kind.ACCEPTANCE: "广惠企受",
    Kind.SUPPLEMENT: "广惠企补",
    Kind.REFUSAL: "广惠企不受",
    Kind.APPROVAL: "广惠企准",
    Kind.REJECTION: "广惠企不准",
    Kind.PUBLICITY: "广惠企公示",
    Kind.APPLICATION: "广惠企申",
    Kind.COMMITMENT: "广惠企诺",
}
# the limits that a decision prints
DECIDED = ("payout", "account")
COPY_TO = ("广元市政务服务和资源交易中心",)


def handoff(db: Session, actor: Actor, case: Case, at: datetime) -> IssuedNotice:
    """《交办通知书》: number, due hours, papers handed over, slip and stub (方案 二(五)(六))."""
    window, department = _window(db, case), _department(db, case)
    document = Document(
        kind=Kind.HANDOFF,
        issuer=window.name,
        addressee=department.name,
        dated=at.date(),
        paragraphs=(
            f"{case.applicant_name}申请兑现“{case.item_title}”，本专窗已经受理。现交由贵单位办理，"
            "请在下列时限内响应、审核，并将办理结果反馈本专窗。",
        ),
        facts=_facts(case),
        due_times=due_times(db, case.subject, ("response", "review", "total")),
        materials=_materials(case),
        requirements=(
            "响应：确定承办人和联系电话；不属于本单位职责的，写明理由和依据退回。",
            "审核：按办事指南审核报批，通过或不通过都作出书面决定。",
        ),
        contacts=(Contact(actor.person_name, window.phone or "12345", window.name),),
        copy_to=COPY_TO,
        signer=actor.person_name,
        receipt=Receipt(back_to=window.name),
        stub=_facts(case),
    )
    readers = (department.code, window.code, case.applicant_code)
    paper = Paper(_signed(actor, document), case.subject, window.code, readers, window.code)
    return _issue(db, actor, paper, at)


def application(db: Session, actor: Actor, case: Case, item: ItemView, at: datetime) -> None:
    """《申请表》 and 《承诺书》 of an item that has a form of its own, in the applicant's name."""
    form, answers = item_form.of(item.source), case.form.get("answers") or {}
    if not form:
        return
    filled = [Fact(label, words) for label, words in item_form.shown(form, answers)]
    filled += [
        Fact(f"{table.label}第 {number} 行", "；".join(map("：".join, zip(table.heads, row, strict=True))))
        for table in item_form.tables(form, answers)
        for number, row in enumerate(table.rows, 1)
    ]
    said = f"本单位申请兑现“{case.item_title}”，所填内容如下。"
    _issue_by_applicant(db, actor, case, Kind.APPLICATION, at, said, facts=(*_facts(case), *filled))
    if form.declarations:
        said = f"本单位申请兑现“{case.item_title}”，郑重承诺下列各项；不属实的，退回资金并承担责任。"
        more = {"facts": _facts(case), "requirements": form.declarations}
        _issue_by_applicant(db, actor, case, Kind.COMMITMENT, at, said, **more)


def _issue_by_applicant(
    db: Session, actor: Actor, case: Case, kind: Kind, at: datetime, said: str, **fields: Any
) -> None:
    window, department = _window(db, case), _department(db, case)
    document = Document(
        kind=kind,
        issuer=case.applicant_name,
        addressee=department.name,
        dated=at.date(),
        paragraphs=(said,),
        materials=_materials(case) if kind is Kind.APPLICATION else (),
        **fields,
    )
    readers = (department.code, window.code, case.applicant_code)
    _issue(db, actor, Paper(document, case.subject, window.code, readers, window.code), at)


def acceptance(db: Session, actor: Actor | None, case: Case, at: datetime) -> IssuedNotice:
    """《受理通知书》."""
    document = _to_applicant(
        db,
        case,
        Kind.ACCEPTANCE,
        at,
        paragraphs=(
            f"您于{_said(case.received_at or at)}提交的“{case.item_title}”申请，材料齐全，现予受理。"
            "专窗将在 1 个小时内交办主管部门，办理进度可以随时在线查看。",
        ),
        facts=_facts(case),
        due_times=due_times(db, case.subject, ("handoff", "total")),
        materials=_materials(case),
    )
    return _issue_to_applicant(db, actor, case, document, at)


def supplement(db: Session, actor: Actor, case: Case, gaps: Sequence[Gap], at: datetime) -> IssuedNotice:
    """《补正材料一次性告知书》: everything that is missing, at once (行政许可法 32(4) by analogy)."""
    document = _to_applicant(
        db,
        case,
        Kind.SUPPLEMENT,
        at,
        paragraphs=(
            f"您提交的“{case.item_title}”申请，还缺 {len(gaps)} 样材料，现一次告知，请按下列要求补齐。",
        ),
        facts=_facts(case),
        due_times=due_times(db, case.subject, ("supplement",)),
        materials=tuple(Material(gap.material, note=gap.wanted) for gap in gaps),
    )
    return _issue_to_applicant(db, actor, case, document, at)


def refusal(db: Session, actor: Actor, case: Case, ground: str, reason: str, at: datetime) -> IssuedNotice:
    """《不予受理通知书》 on a formal ground, with the remedy (行政许可法 32, 38(2) by analogy)."""
    document = _to_applicant(
        db,
        case,
        Kind.REFUSAL,
        at,
        paragraphs=(f"您提交的“{case.item_title}”申请，不予受理。", f"理由：{ground}。{reason}"),
        facts=_facts(case),
        remedy=remedy(_competent(db, case)),
    )
    return _issue_to_applicant(db, actor, case, document, at)


def decision(db: Session, actor: Actor, case: Case, at: datetime) -> IssuedNotice:
    """The decision: what was decided and why; a rejection or a cut carries the remedy."""
    document = _decision(db, case, at, due_times(db, case.subject, DECIDED))
    return _issue_to_applicant(db, actor, case, document, at)


def granted(db: Session, actor: Actor, cases: Sequence[Case], at: datetime) -> list[IssuedNotice]:
    """《准予兑现决定书》 for each of the cases."""
    dues = deadlines.dues(db, [case.subject for case in cases])
    issued = [
        _paper(db, actor, case, _decision(db, case, at, _printed(dues[case.subject], DECIDED)))
        for case in cases
    ]
    return notices.issue_all(db, actor, issued, series=SERIES[Kind.APPROVAL], year=at.year, happened_at=at)


def _decision(db: Session, case: Case, at: datetime, due: tuple[DueTime, ...]) -> Document:
    decided = case.decided_fen or 0
    approved = case.stage.value != "rejected"
    cut = approved and case.applied_fen is not None and decided < case.applied_fen
    amount = f"兑现金额 {yuan(decided)} 元（{in_capitals(decided)}）。" if approved and decided else ""
    said = "审核通过，准予兑现。" if approved else "审核未通过，不予兑现。"
    reason = case.decision_reason or case.check_reason or ""
    exempt = case.mode == "exempt"
    about = "按登记数据，贵公司符合“{}”的条件，免申即享，" if exempt else "您提交的“{}”申请，"
    return _to_applicant(
        db,
        case,
        Kind.APPROVAL if approved else Kind.REJECTION,
        at,
        paragraphs=(
            f"{about.format(case.item_title)}{said}{amount}",
            *((f"理由：{reason}",) if reason else ()),
        ),
        facts=_facts(case),
        due_times=due,
        remedy=remedy(_competent(db, case)) if cut or not approved else "",
    )


def due_times(db: Session, subject: str, names: Sequence[str]) -> tuple[DueTime, ...]:
    """The limits of *names* that run for a case or a list, as papers print them."""
    return _printed(deadlines.dues(db, [subject])[subject], names)


def _printed(dues: Mapping[str, Due], names: Sequence[str]) -> tuple[DueTime, ...]:
    bound = (dues[name] for name in names if name in dues)
    return tuple(
        DueTime(each.limit.label, each.due, each.counted, each.provisional)
        for each in bound
        if each.due is not None
    )


def remedy(authority: OrganisationView) -> str:
    """How to contest: 行政复议法(2023) 20, 60 days; 行政诉讼法 46, six months."""
    review = authority.review_authority or "本级人民政府"
    court = authority.court or "有管辖权的人民法院"
    return (
        f"如不服本决定，可以自收到之日起 60 日内向{review}申请行政复议，"
        f"或者自收到之日起 6 个月内向{court}起诉。"
    )


def _facts(case: Case) -> tuple[Fact, ...]:
    amount = (Fact("申请金额", f"{yuan(case.applied_fen)} 元"),) if case.applied_fen else ()
    return (
        Fact("办件编号", case.number or ""),
        Fact("事项", f"{case.item_title}（{case.item_code}）"),
        Fact("申请企业", case.applicant_name),
        Fact("统一社会信用代码", case.applicant_code),
        *amount,
    )


def _materials(case: Case) -> tuple[Material, ...]:
    kept = (file for file in case.files if file.removed_at is None)
    return tuple(Material(f"{file.material}：{file.name}", digest=file.key[:16]) for file in kept)


def _to_applicant(db: Session, case: Case, kind: Kind, at: datetime, **fields: Any) -> Document:
    window = _window(db, case)
    return Document(
        kind=kind,
        issuer=_competent(db, case).name,
        agent=window.name,
        addressee=case.applicant_name,
        dated=at.date(),
        contacts=(Contact("惠企政策兑现专窗", window.phone or "12345", window.name),),
        **fields,
    )


def _issue_to_applicant(
    db: Session, actor: Actor | None, case: Case, document: Document, at: datetime
) -> IssuedNotice:
    return _issue(db, actor, _paper(db, actor, case, document), at)


def _paper(db: Session, actor: Actor | None, case: Case, document: Document) -> Paper:
    window, department = _window(db, case).code, _department(db, case).code
    readers = (case.applicant_code, window, department)
    return Paper(_signed(actor, document), case.subject, window, readers, _competent(db, case).code)


def _signed(actor: Actor | None, document: Document) -> Document:
    """Who decides in another's place says so (代)."""
    if actor is None or actor.stands_in_for is None:
        return document
    return replace(document, signer=actor.person_name)


def _issue(db: Session, actor: Actor | None, paper: Paper, at: datetime) -> IssuedNotice:
    series = SERIES[paper.document.kind]
    return notices.issue_all(db, actor, [paper], series=series, year=at.year, happened_at=at)[0]


def _window(db: Session, case: Case) -> OrganisationView:
    return accounts.organisation(db, case.window_id)


def _department(db: Session, case: Case) -> OrganisationView:
    return accounts.organisation(db, case.department_id)


# the item's department is the authority whoever happens to hold the case
_competent = _department


def _said(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日{moment:%H时%M分}"
