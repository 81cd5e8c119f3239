"""What a reader of a case can do now, and its papers, as the page lists them. Pure but for addresses."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from foundation.web.access import Actor, Role
from notices.queries import Paper
from portal.window.queries import CaseView
from portal.window.rules import Act, Stage, possible


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to do: a page to go to."""

    href: str
    icon: str
    label: str
    help: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class _Offer:
    role: Role
    act: Act
    endpoint: str
    icon: str
    label: str
    help: str
    primary: bool = False


OFFERS = (
    *(
        _Offer(role, Act.DELIVER, "window.deliver_form", "check", "登记送达", "送达了什么、凭证文号", True)
        for role in (Role.DEPARTMENT, Role.WINDOW)
    ),
    _Offer(
        Role.DEPARTMENT,
        Act.PUBLISH,
        "window.publish_form",
        icon="eye",
        label="公示",
        help="公示期不计入审核时限",
    ),
    _Offer(
        Role.DEPARTMENT,
        Act.REPORT,
        "window.report_form",
        icon="send",
        label="上报上级",
        help="由另一人办理，登记文号",
        primary=True,
    ),
    _Offer(
        Role.ENTERPRISE,
        Act.CONFIRM_ACCOUNT,
        "window.account_form",
        icon="check",
        label="确认收款账户",
        help="确认后 1 个工作日内付款",
        primary=True,
    ),
    _Offer(
        Role.ENTERPRISE,
        Act.SUPPLY,
        "window.supply_form",
        icon="upload",
        label="补交材料",
        help="只补列出的几样",
        primary=True,
    ),
    _Offer(
        Role.ENTERPRISE,
        Act.WITHDRAW,
        "window.withdraw_form",
        icon="arrow-back-up",
        label="撤回申请",
        help="审定前可以撤回",
    ),
    _Offer(
        Role.WINDOW,
        Act.HAND_OFF,
        "window.hand_off_form",
        icon="send",
        label="交办",
        help="出具交办通知书",
        primary=True,
    ),
    _Offer(
        Role.WINDOW,
        Act.ASK_SUPPLEMENT,
        "window.supplement_form",
        icon="list-check",
        label="一次性告知补正",
        help="一次说清缺什么",
    ),
    _Offer(
        Role.WINDOW,
        Act.REFUSE,
        "window.refuse_form",
        icon="circle-x",
        label="不予受理",
        help="只限法定的形式理由",
    ),
    _Offer(
        Role.WINDOW,
        Act.SUPPLY,
        "window.supply_form",
        icon="upload",
        label="代企业补交",
        help="柜台收到的材料",
    ),
    _Offer(
        Role.DEPARTMENT,
        Act.RESPOND,
        "window.respond_form",
        icon="check",
        label="响应",
        help="确定承办人和电话",
        primary=True,
    ),
    _Offer(
        Role.DEPARTMENT,
        Act.REVIEW,
        "window.review_form",
        icon="clipboard-check",
        label="提出审核意见",
        help="对照条件，初核金额",
        primary=True,
    ),
    _Offer(
        Role.DEPARTMENT,
        Act.APPROVE,
        "window.decide_form",
        icon="gavel",
        label="审定",
        help="由另一人审定",
        primary=True,
    ),
    _Offer(
        Role.DEPARTMENT,
        Act.ASK_SUPPLEMENT,
        "window.supplement_form",
        icon="list-check",
        label="一次性告知补正",
        help="补正时间不计入审核时限",
    ),
    _Offer(
        Role.DEPARTMENT,
        Act.RETURN,
        "window.return_form",
        icon="arrow-back-up",
        label="退回专窗",
        help="写明理由和依据",
    ),
)


def menu(case: CaseView, actor: Actor, *, to_publish: bool = False) -> list[Choice]:
    """The acts that fit the case and the actor's role, the main one first; *to_publish*: 公示 comes next."""
    fitting = set(possible(case.mode, case.stage, case.ending))
    if not to_publish:
        fitting.discard(Act.PUBLISH)
    if actor.role is Role.WINDOW and case.stage is Stage.IN_REVIEW:
        fitting.discard(Act.ASK_SUPPLEMENT)
    offered = [offer for offer in OFFERS if offer.role is actor.role and offer.act in fitting]
    # where nobody's opinion has to come before the decision (即申即享), the decision comes first
    at_once = Act.APPROVE in fitting and case.stage is not Stage.REVIEWED
    offered.sort(key=lambda offer: at_once and offer.act is not Act.APPROVE)
    main = next((offer for offer in offered if offer.primary), None)
    return [
        Choice(
            url_for(offer.endpoint, number=case.number), offer.icon, offer.label, offer.help, offer is main
        )
        for offer in offered
    ]


def papers_of(papers: Sequence[Paper]) -> list[dict[str, object]]:
    """The papers as the list of documents shows them."""
    return [
        {
            "href": paper.path,
            "name": paper.heading,
            "detail": f"{paper.number}，{paper.dated.month}月{paper.dated.day}日，可扫码核验",
            "void": paper.state != "valid",
            "successor_href": f"/notices/{paper.successor_code}" if paper.successor_code else "",
        }
        for paper in papers
    ]
