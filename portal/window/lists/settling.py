"""What follows from a ruling, row by row: a case with its claim, or a paper that says why not."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import queries as catalog
from foundation import log, outbox
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
from portal.window.services.intake import next_numbers
from portal.window.services.step import advance_all, letter

# so many rows a transaction: nobody else waits long
CHUNK = 25

logger = log.get(__name__)


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


def ask(db: Session, frozen: ExemptList, rows: Sequence[ListRow], at: datetime, some: int = CHUNK) -> None:
    """Have the rows settled as of *at*, *some* at a time."""
    ids = [row.id for row in rows]
    for start in range(0, len(ids), some):
        outbox.emit(
            db,
            events.ROWS_RULED,
            {"list": frozen.number, "rows": ids[start : start + some], "at": at.isoformat()},
        )


def settle(db: Session, payload: Payload) -> None:
    """Carry out what was ruled of some rows; one that is settled is left alone.

    Where one of them fails, all are asked for anew, each by itself: it holds up no other.
    """
    at = datetime.fromisoformat(payload["at"])
    rows = _unsettled(db, payload["rows"])
    try:
        with db.begin_nested():
            _settle(db, rows, at)
    except Exception as error:
        if len(rows) < 2:
            raise
        logger.warning("rows are settled one by one", error=type(error).__name__, rows=len(rows))
        ask(db, rows[0].list, rows, at, some=1)


def _settle(db: Session, rows: Sequence[ListRow], at: datetime) -> None:
    kept = [row.credit_code for row in rows if row.kept]
    in_the_way = obstacles(db, rows[0].list, kept, at.year) if kept else {}
    for row in rows:
        if problem := in_the_way.get(row.credit_code):
            row.kept, row.problem = None, problem
    for ruler in sorted({row.ruled_by_id or 0 for row in rows}):
        _carry_out(db, [row for row in rows if (row.ruled_by_id or 0) == ruler], at)
    for row in rows:
        row.settled = row.kept is not None


def _carry_out(db: Session, rows: Sequence[ListRow], at: datetime) -> None:
    """What one officer ruled."""
    actor = _ruler(db, rows[0])
    for row in rows:
        if row.kept is False:
            _refuse(db, actor, row, at)
    taken_in = [row for row in rows if row.kept]
    if taken_in:
        _open_cases(db, actor, taken_in, at)


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


def _open_cases(db: Session, actor: Actor, rows: Sequence[ListRow], now: datetime) -> None:
    """One case a row, decided: with its claim, its clock, its paper and a message to the firm."""
    frozen = rows[0].list
    money = pays(db, frozen)
    firms = [(row.credit_code, row.name, row.region_code) for row in rows]
    organisations = account_services.enterprise_organisations(db, firms)
    numbers = next_numbers(db, now, len(rows))
    cases = [
        _case(
            row,
            actor,
            number,
            organisations[row.credit_code],
            Ending.PAYMENT if money else Ending.DELIVERY,
            now,
        )
        for row, number in zip(rows, numbers, strict=True)
    ]
    db.add_all(cases)
    db.flush()
    if money:
        bearing = review.bearers(db, frozen.item_code, frozen.item_version_id, now.year)
        review.reserve_all(db, actor, cases, bearing, group=frozen.subject)
    told = [(case, {"list": frozen.number, "decided_fen": case.decided_fen}) for case in cases]
    advance_all(db, told, Act.LIST, actor, at=now)
    issued = case_papers.granted(db, actor, cases, now)
    asked = f"贵公司符合条件，不用申请。{'请确认收款账户。' if money else '将在 1 个工作日内送达。'}"
    letters = [
        letter(case, "decided", f"免申即享：{case.item_title}", asked, paper)
        for case, paper in zip(cases, issued, strict=True)
    ]
    notices.tell_all(db, letters)
    for row, case in zip(rows, cases, strict=True):
        row.case_number = case.number


def _case(row: ListRow, actor: Actor, number: str, organisation: int, ending: Ending, now: datetime) -> Case:
    frozen = row.list
    return Case(
        number=number,
        item_code=frozen.item_code,
        item_version_id=frozen.item_version_id,
        item_title=frozen.item_title,
        mode=MODE,
        ending=ending,
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
