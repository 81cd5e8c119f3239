"""免申即享: freeze the list, hand it off, confirm each row; then each enterprise confirms its account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import queries as catalog
from catalog.conditions.parse import parse
from catalog.conditions.tree import Node
from catalog.conditions.verdict import Outcome, judge
from catalog.queries import ItemView
from foundation import audit, clock, numbering
from foundation.accounts import queries as accounts
from foundation.accounts import services as account_services
from foundation.accounts.reference import CITY
from foundation.deadlines import services as deadlines
from foundation.enterprises import queries as enterprises
from foundation.enterprises.queries import Profile
from foundation.enterprises.rules import Source
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from foundation.web.access import Actor
from matching.rules import fixed_amount
from notices import services as notices
from portal.payouts import services as payouts
from portal.window import limits
from portal.window.lists.models import ExemptList, ListRow
from portal.window.lists.papers import handoff
from portal.window.lists.queries import already_asking, visible_to
from portal.window.lists.rules import STARTS, STOPS, Doubt, ListAct, ListStage, take
from portal.window.models import Case, CasePersonal, Channel
from portal.window.rules import ENDED, Act, Stage
from portal.window.services import papers, review
from portal.window.services.intake import next_number
from portal.window.services.step import advance, locked

MODE = "exempt"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the department says of one row: taken in with an amount, or left out with a reason."""

    credit_code: str
    kept: bool
    amount_fen: int | None
    reason: str


def freeze(db: Session, actor: Actor, item_code: str) -> str:
    """Compute who is entitled from verified data alone and freeze it with the evidence; the list's number.

    What an enterprise declared of itself does not count here (only a register or an import does).
    """
    item = catalog.item(db, item_code)
    _check_freezable(db, item)
    _check_window(db, actor, item)
    now = clock.now()
    rows = _entitled(db, item, now)
    if not rows:
        raise Conflict("按现有的登记数据，没有企业符合这项政策的条件，不用列清单。数据更新后可以再比对。")
    frozen = ExemptList(
        number=f"QD-{now.year}-{numbering.take(db, 'list', now.year):03}",
        item_code=item.code,
        item_version_id=item.item_version_id,
        item_title=item.title,
        window_id=actor.organisation_id,
        department_id=item.department_id,
        stage=ListStage.FROZEN,
        version=0,
        as_of=now.date(),
        frozen_at=now,
        rows=rows,
    )
    db.add(frozen)
    db.flush()
    _advance(db, frozen, ListAct.FREEZE, actor, now, {"item": item.code, "rows": len(rows)})
    return frozen.number


def hand_off(db: Session, actor: Actor, number: str) -> str:
    """One 《交办通知书》 for the whole list; its number."""
    frozen = _locked(db, actor, number)
    now = clock.now()
    frozen.handed_off_at = now
    _advance(db, frozen, ListAct.HAND_OFF, actor, now, {})
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
    frozen = _locked(db, actor, number)
    _advance(db, frozen, ListAct.RESPOND, actor, clock.now(), {}, personal={"officer": actor.person_name})


def confirm(db: Session, actor: Actor, number: str, rulings: Sequence[Ruling]) -> None:
    """Every row decided: a case with its claim for each enterprise taken in, a reason for each left out."""
    frozen = _locked(db, actor, number)
    by_code = {ruling.credit_code: ruling for ruling in rulings}
    now = clock.now()
    for row in frozen.rows:
        ruling = by_code.get(row.credit_code)
        if ruling is None:
            raise Invalid.of(row.credit_code, f"{row.name} 还没有核对", "请逐户选择列入或不列入")
        _rule_on(row, ruling)
    frozen.confirmed_at = now
    kept = [row for row in frozen.rows if row.kept]
    _refuse_live(db, frozen, kept)
    _advance(
        db, frozen, ListAct.CONFIRM, actor, now, {"kept": len(kept), "left_out": len(frozen.rows) - len(kept)}
    )
    for row in kept:
        row.case_number = _open_case(db, actor, frozen, row, now)


def confirm_account(
    db: Session, actor: Actor, number: str, *, name: str, bank: str, account_number: str
) -> None:
    """The enterprise says where the money goes; where it has cover, the payout's day runs from here."""
    case = locked(db, actor, number)
    if case.mode != MODE:
        raise NotAllowed("这件不是免申即享，不需要确认账户。")
    personal = case.personal
    personal.account_name, personal.account_bank, personal.account_number = name, bank, account_number
    funded = payouts.set_account(db, subject=case.subject, account=f"尾号 {account_number[-4:]}")
    act = Act.CONFIRM_ACCOUNT if funded else Act.AWAIT_FUNDS
    advance(db, case, act, actor, at=clock.now(), personal={"account_tail": account_number[-4:]})


def _check_freezable(db: Session, item: ItemView) -> None:
    if item.mode != MODE:
        raise NotAllowed("这项政策不是免申即享，不能列清单。请在列表中选择免申即享的事项。")
    if item.foreign or item.department_id is None or item.conditions is None:
        raise NotAllowed("这项政策不在本市兑现，或没有主管部门、没有可比对的条件，不能列清单。")
    under_way = select(ExemptList.number).where(
        ExemptList.item_code == item.code, ExemptList.stage != ListStage.CONFIRMED
    )
    if existing := db.scalar(under_way.limit(1)):
        raise Conflict(f"这项政策的清单 {existing} 还没有确认完。请先办完，再列新的清单。")


def _check_window(db: Session, actor: Actor, item: ItemView) -> None:
    """A county's item is its own window's to list, every other the city's."""
    region = item.region_code or ""
    window = accounts.window_of(db, region if region.startswith(CITY[:4]) else CITY)
    if window.id != actor.organisation_id:
        raise NotAllowed(f"这项政策的清单由{window.name}列。需要时请联系该专窗。")


def _entitled(db: Session, item: ItemView, now: datetime) -> list[ListRow]:
    tree = parse(item.conditions)
    asking = already_asking(db, item.code, now.year)
    amount = fixed_amount(item.benefit)
    rows = []
    for profile in enterprises.profiles(db):
        verified = {
            name: fact.value for name, fact in profile.facts.items() if fact.source is not Source.DECLARED
        }
        if judge(tree, verified).outcome is Outcome.ELIGIBLE:
            rows.append(
                _row(
                    profile,
                    _evidence(tree, verified, profile),
                    profile.enterprise.credit_code in asking,
                    amount,
                )
            )
    return rows


def _row(profile: Profile, evidence: list[dict[str, Any]], asks_already: bool, amount: int | None) -> ListRow:
    enterprise = profile.enterprise
    return ListRow(
        enterprise_id=enterprise.id,
        credit_code=enterprise.credit_code,
        name=enterprise.name,
        region_code=enterprise.region_code or "",
        evidence=evidence,
        doubt=Doubt.DUPLICATE if asks_already else Doubt.NONE,
        amount_fen=amount,
    )


def _evidence(tree: Node, verified: Mapping[str, Any], profile: Profile) -> list[dict[str, Any]]:
    return [
        {
            "text": finding.text,
            "holds": finding.holds,
            "shown": finding.shown,
            "source": profile.facts[finding.field].source.value if finding.field in profile.facts else "",
            "as_of": profile.facts[finding.field].as_of.isoformat() if finding.field in profile.facts else "",
        }
        for finding in judge(tree, verified).findings
    ]


def _rule_on(row: ListRow, ruling: Ruling) -> None:
    if ruling.kept and not ruling.amount_fen:
        raise Invalid.of(row.credit_code, f"{row.name} 还没有填写金额", "请填写数字，单位是元，例如 80000")
    if not ruling.kept and not ruling.reason:
        raise Invalid.of(row.credit_code, f"{row.name} 不列入，还没有写理由", "请写明理由，企业会看到")
    if ruling.kept and row.doubt is not Doubt.NONE and not ruling.reason:
        raise Invalid.of(
            row.credit_code, f"{row.name} 有重复的疑点，列入要写理由", "请核对后写明理由，或不列入"
        )
    row.kept, row.reason = ruling.kept, ruling.reason or None
    row.amount_fen = ruling.amount_fen if ruling.kept else row.amount_fen


def _refuse_live(db: Session, frozen: ExemptList, kept: Sequence[ListRow]) -> None:
    """Whoever has an application for the item under way cannot be paid from the list as well."""
    live = select(Case.applicant_code, Case.number).where(
        Case.item_code == frozen.item_code,
        Case.applicant_code.in_([row.credit_code for row in kept]),
        Case.stage.not_in([Stage.DRAFT, *ENDED]),
    )
    problems = [
        Problem(code, f"同一事项有在办的办件 {number}", "请先办结那一件，或这次不列入")
        for code, number in db.execute(live.order_by(Case.applicant_code))
    ]
    if problems:
        raise Invalid(problems)


def _open_case(db: Session, actor: Actor, frozen: ExemptList, row: ListRow, now: datetime) -> str:
    organisation = account_services.enterprise_organisation(db, row.credit_code, row.name, row.region_code)
    case = Case(
        number=next_number(db, now),
        item_code=frozen.item_code,
        item_version_id=frozen.item_version_id,
        item_title=frozen.item_title,
        mode=MODE,
        channel=Channel.LIST,
        stage=Stage.DRAFT,
        version=0,
        applicant_id=row.enterprise_id,
        applicant_code=row.credit_code,
        applicant_name=row.name,
        applicant_organisation_id=organisation,
        window_id=frozen.window_id,
        department_id=frozen.department_id,
        form={"list": frozen.number},
        applied_fen=row.amount_fen,
        checked_fen=row.amount_fen,
        decided_fen=row.amount_fen,
        decider_id=actor.person_id,
        created_at=now,
        received_at=frozen.frozen_at,
        decided_at=now,
        personal=CasePersonal(),
    )
    db.add(case)
    db.flush()
    review.reserve(db, actor, case, account="")
    advance(db, case, Act.LIST, actor, at=now, facts={"list": frozen.number, "decided_fen": row.amount_fen})
    paper = papers.decision(db, actor, case, now)
    review.tell_decision(db, case, "免申即享", "贵公司符合条件，不用申请。请确认收款账户。", paper)
    return case.number or ""


def _locked(db: Session, actor: Actor, number: str) -> ExemptList:
    query = select(ExemptList).where(ExemptList.number == number, visible_to(actor)).with_for_update()
    frozen = db.scalar(query)
    if frozen is None:
        raise NotFound
    return frozen


def _advance(
    db: Session,
    frozen: ExemptList,
    act: ListAct,
    actor: Actor,
    at: datetime,
    facts: dict[str, Any],
    personal: dict[str, Any] | None = None,
) -> None:
    """Stage, version, clocks and timeline of a list."""
    if act is not ListAct.FREEZE:
        frozen.stage = take(frozen.stage, act)
    frozen.version += 1
    for name in STOPS.get(act, ()):
        deadlines.stop_if_running(db, subject=frozen.subject, limit=name, at=at)
    for name in STARTS.get(act, ()):
        _start_clock(db, frozen, name, at)
    db.flush()
    audit.record(
        db,
        frozen.subject,
        act.value,
        actor=actor,
        happened_at=at,
        facts={"stage": frozen.stage.value, **facts},
        personal=personal,
        version=frozen.version,
    )


def _start_clock(db: Session, frozen: ExemptList, name: str, at: datetime) -> None:
    item = catalog.item_version(db, frozen.item_version_id)
    limit = limits.limit_for(name, item.guide.limits)
    if limit is None:
        return
    holder = accounts.organisation(db, frozen.window_id if name == "handoff" else frozen.department_id)
    deadlines.start(
        db,
        subject=frozen.subject,
        limit=limit,
        at=at,
        holder_id=holder.id,
        opening_hours=holder.opening_hours,
    )
