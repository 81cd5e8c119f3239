"""At the window: accept, tell what is missing, refuse on formal grounds, hand off."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts import queries as accounts
from foundation.accounts.rules import OrganisationKind
from foundation.errors import Invalid, NotAllowed
from foundation.web.access import Actor, Role
from foundation.web.uploads import Upload
from notices import services as notices
from portal.window.models import Case, CaseFile, Gap, Handoff
from portal.window.rules import FORMAL_GROUNDS, Act, Stage
from portal.window.services import papers
from portal.window.services.step import advance, locked, tell_applicant

SUPPLEMENT_ROUNDS = 1


def accept(db: Session, actor: Actor, number: str) -> None:
    """受理: the hour to hand off begins; the enterprise gets its 受理通知书."""
    case = locked(db, actor, number)
    case.accepted_at = now = clock.now()
    advance(db, case, Act.ACCEPT, actor, at=now)
    paper = papers.acceptance(db, actor, case, now)
    tell_applicant(db, case, "accepted", "申请已受理", f"专窗已受理您的“{case.item_title}”申请。", paper)


def deem_accepted(db: Session, number: str, at: datetime) -> None:
    """Five working days without a word: accepted by law as of receipt, marked as the window's omission.

    Nothing is handed off by a machine: the hour runs from the deeming and a person hands off.
    """
    case = locked(db, None, number)
    case.accepted_at, case.deemed_accepted = at, True
    facts = {"legally_accepted_at": case.received_at.isoformat() if case.received_at else ""}
    advance(db, case, Act.DEEM_ACCEPTED, None, at=at, facts=facts)
    paper = papers.acceptance(db, None, case, at)
    tell_applicant(db, case, "accepted", "申请视为已受理", "专窗 5 个工作日内没有答复，依法视为受理。", paper)


def ask_supplement(
    db: Session,
    actor: Actor,
    number: str,
    wanted: Sequence[tuple[str, str]],
    *,
    until: datetime | None = None,
) -> None:
    """一次性告知: all gaps at once, (material, what is wanted) each; again only for what was asked before."""
    case = locked(db, actor, number)
    _only_holder_asks(case, actor)
    now = clock.now()
    gaps = _new_gaps(case, wanted, now)
    advance(
        db,
        case,
        Act.ASK_SUPPLEMENT,
        actor,
        at=now,
        until=until,
        facts={"gaps": [gap.material for gap in gaps]},
    )
    paper = papers.supplement(db, actor, case, gaps, now)
    said = "、".join(gap.material for gap in gaps)
    tell_applicant(db, case, f"supplement-{gaps[0].round}", "还缺材料，请补交", f"还缺：{said}。", paper)


def supply(db: Session, actor: Actor, number: str, uploads: Sequence[Upload], note: str) -> None:
    """补交: the enterprise, or the window for it, hands in what was asked for."""
    case = locked(db, actor, number)
    open_gaps = [gap for gap in case.gaps if gap.supplied_at is None]
    if not uploads and not note:
        raise Invalid.of("files", "还没有选择文件", "请选择要补交的文件，或写明已经线下补交")
    now = clock.now()
    for upload in uploads:
        material = upload.field.removeprefix("file:")
        case.files.append(
            CaseFile(
                material=material,
                name=upload.name,
                key=upload.key,
                size=upload.size,
                media_type=upload.media_type,
                added_at=now,
                added_by=actor.person_id,
            )
        )
    for gap in open_gaps:
        gap.supplied_at = now
    facts = {"files": len(uploads), "gaps": [gap.material for gap in open_gaps]}
    advance(db, case, Act.SUPPLY, actor, at=now, facts=facts, personal={"note": note} if note else None)


def refuse(db: Session, actor: Actor, number: str, ground: str, reason: str) -> None:
    """不予受理, on a formal ground of the closed list, in writing, with the remedy."""
    if ground not in FORMAL_GROUNDS:
        raise Invalid.of("ground", "请从列出的理由中选择", "其他理由由主管部门审核后决定，请先受理并交办")
    case = locked(db, actor, number)
    now = clock.now()
    case.decision_reason = f"{FORMAL_GROUNDS[ground]}。{reason}"
    advance(db, case, Act.REFUSE, actor, at=now, facts={"ground": ground})
    paper = papers.refusal(db, actor, case, FORMAL_GROUNDS[ground], reason, now)
    tell_applicant(db, case, "refused", "申请不予受理", case.decision_reason, paper)


def hand_off(db: Session, actor: Actor, number: str, department_code: str, override_reason: str = "") -> str:
    """交办 with a 《交办通知书》; returns its number. Another department than the item's needs a reason."""
    case = locked(db, actor, number)
    department = accounts.organisation_by_code(db, department_code)
    if department.kind is not OrganisationKind.DEPARTMENT:
        raise Invalid.of("department", "只能交办给行业主管部门", "请从列表中选择部门")
    if department.id != case.department_id and not override_reason:
        raise Invalid.of("override_reason", "改交其他部门，还没有写理由", "请写明为什么不交给事项的主管部门")
    case.department_id, case.handed_off_at = department.id, (now := clock.now())
    facts = {"department": department.code, "override_reason": override_reason}
    advance(db, case, Act.HAND_OFF, actor, at=now, facts=facts)
    paper = papers.handoff(db, actor, case, now)
    case.handoffs.append(
        Handoff(department_id=department.id, notice_number=paper.number, received_at=now, recorded_at=now)
    )
    notices.tell(
        db,
        department.code,
        title=f"新交办：{case.item_title}",
        body=f"{case.applicant_name}，{paper.number}。请在 1 小时内响应。",
        link=f"/cases/{case.number}",
        key=f"{case.subject}:handoff:{paper.number}",
        statutory=True,
        notice=paper,
    )
    return paper.number


def withdraw(db: Session, actor: Actor, number: str, reason: str) -> None:
    """撤回 by the applicant, before a decision; papers and files are kept."""
    case = locked(db, actor, number)
    advance(db, case, Act.WITHDRAW, actor, at=clock.now(), personal={"reason": reason} if reason else None)


def _only_holder_asks(case: Case, actor: Actor) -> None:
    holder = Role.WINDOW if case.stage is Stage.SUBMITTED else Role.DEPARTMENT
    if actor.role is not holder:
        raise NotAllowed("这件办件现在不在您手上，不能要求补正。请刷新后再看。")


def _new_gaps(case: Case, wanted: Sequence[tuple[str, str]], now: datetime) -> list[Gap]:
    if not wanted:
        raise Invalid.of("material", "还没有写缺什么材料", "请逐项写明材料名称和要求")
    asked_before = {gap.material for gap in case.gaps}
    new = [material for material, _ in wanted if asked_before and material not in asked_before]
    if new:
        raise Invalid.of(
            "material",
            f"第二次告知只能限于第一次列出的材料，不能新增“{new[0]}”",
            "请只就已告知的材料说明还差什么",
        )
    round_ = max((gap.round for gap in case.gaps), default=0) + 1
    gaps = [Gap(round=round_, material=material, wanted=want, asked_at=now) for material, want in wanted]
    case.gaps.extend(gaps)
    return gaps
