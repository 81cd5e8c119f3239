"""What follows from a ruling, row by row: a case with its claim, or a paper that says why not."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import queries as catalog
from foundation import outbox
from foundation.accounts import queries as accounts
from foundation.accounts import services as account_services
from foundation.outbox import Payload
from foundation.web.access import Actor, Role
from notices import services as notices
from portal.payouts import queries as payouts
from portal.window import events
from portal.window.lists import papers, queries
from portal.window.lists.freezing import MODE
from portal.window.lists.models import ExemptList, ListRow
from portal.window.models import Case, CasePersonal, Channel
from portal.window.rules import Act, Ending, Stage, ending_of
from portal.window.services import papers as case_papers
from portal.window.services import review
from portal.window.services.intake import next_number
from portal.window.services.step import advance

# so many rows a transaction: nobody else waits long, and what fails is tried again alone
CHUNK = 25


def obstacles(db: Session, frozen: ExemptList, codes: Sequence[str], year: int) -> dict[str, str]:
    """Why some of these firms cannot be taken in now, by credit code; never for want of cover."""
    if pays(db, frozen) and not payouts.pools_of_item(db, frozen.item_code, year):
        return dict.fromkeys(codes, "这项政策今年还没有设立资金池，请联系财政部门设立后再确认")
    live = queries.live_cases(db, frozen.item_code, codes)
    return {code: f"同一事项有在办的办件 {number}，请先办结那一件" for code, number in live.items()}


def pays(db: Session, frozen: ExemptList) -> bool:
    """Whether the list's item gives money."""
    item = catalog.item_version(db, frozen.item_version_id)
    return ending_of(item.scope, item.outcome) is Ending.PAYMENT


def ask(db: Session, frozen: ExemptList, rows: Sequence[ListRow], at: datetime) -> None:
    """Have the rows settled as of *at*, some at a time."""
    ids = [row.id for row in rows]
    for start in range(0, len(ids), CHUNK):
        outbox.emit(
            db,
            events.ROWS_RULED,
            {"list": frozen.number, "rows": ids[start : start + CHUNK], "at": at.isoformat()},
        )


def settle(db: Session, payload: Payload) -> None:
    """Carry out what was ruled of some rows; one that is settled is left alone."""
    at = datetime.fromisoformat(payload["at"])
    rows = _unsettled(db, payload["rows"])
    kept = [row.credit_code for row in rows if row.kept]
    in_the_way = obstacles(db, rows[0].list, kept, at.year) if kept else {}
    for row in rows:
        actor = _ruler(db, row)
        if not row.kept:
            _refuse(db, actor, row, at)
        elif problem := in_the_way.get(row.credit_code):
            row.kept, row.problem = None, problem
        else:
            row.case_number = _open_case(db, actor, row, at)
        row.settled = row.kept is not None


def _unsettled(db: Session, ids: Sequence[int]) -> list[ListRow]:
    waiting = (ListRow.id.in_(ids), ListRow.kept.is_not(None), ~ListRow.settled)
    return list(db.scalars(select(ListRow).where(*waiting).order_by(ListRow.id).with_for_update()))


def _ruler(db: Session, row: ListRow) -> Actor:
    """Whose act it is: the officer who ruled on the row, for the department."""
    department = accounts.organisation(db, row.list.department_id)
    person = row.ruled_by_id or 0
    name = accounts.names_of(db, {person}).get(person, department.name)
    return Actor(person, name, department.id, department.code, department.name, Role.DEPARTMENT)


def _refuse(db: Session, actor: Actor, row: ListRow, at: datetime) -> None:
    """Tell the firm in writing why it is not on the list, and its remedy."""
    account_services.enterprise_organisation(db, row.credit_code, row.name, row.region_code)
    paper = papers.left_out(db, actor, row, at)
    notices.tell(
        db,
        row.credit_code,
        title=f"没有列入免申即享清单：{row.list.item_title}",
        body=f"理由：{row.reason}。通知书写明了救济途径。",
        link=paper.path,
        key=f"{row.list.subject}:{row.credit_code}:left_out",
        statutory=True,
        notice=paper,
    )


def _open_case(db: Session, actor: Actor, row: ListRow, now: datetime) -> str:
    frozen = row.list
    organisation = account_services.enterprise_organisation(db, row.credit_code, row.name, row.region_code)
    case = Case(
        number=next_number(db, now),
        item_code=frozen.item_code,
        item_version_id=frozen.item_version_id,
        item_title=frozen.item_title,
        mode=MODE,
        ending=Ending.PAYMENT if pays(db, frozen) else Ending.DELIVERY,
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
    review.reserve(db, actor, case, group=frozen.subject)
    advance(db, case, Act.LIST, actor, at=now, facts={"list": frozen.number, "decided_fen": row.amount_fen})
    paper = case_papers.decision(db, actor, case, now)
    asked = "请确认收款账户。" if case.ending is Ending.PAYMENT else "将在 1 个工作日内送达。"
    review.tell_decision(db, case, "免申即享", f"贵公司符合条件，不用申请。{asked}", paper)
    return case.number or ""
