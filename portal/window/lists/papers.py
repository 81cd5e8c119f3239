"""The one 《交办通知书》 of an exempt list, with every enterprise on it."""

from datetime import datetime

from sqlalchemy.orm import Session

from foundation.accounts import queries as accounts
from foundation.accounts.queries import OrganisationView
from foundation.money import yuan
from foundation.web.access import Actor
from foundation.web.filters import full_day
from notices import services as notices
from notices.documents import Contact, Document, DueTime, Fact, Kind, Material, Receipt
from notices.services import IssuedNotice
from portal.window.lists.models import ExemptList, ListRow
from portal.window.services.papers import COPY_TO, SERIES, due_times, remedy


def handoff(db: Session, actor: Actor, frozen: ExemptList, at: datetime) -> IssuedNotice:
    """Issue it: department and window may read it."""
    window = accounts.organisation(db, frozen.window_id)
    department = accounts.organisation(db, frozen.department_id)
    due = due_times(db, frozen.subject, ("response", "review"))
    return notices.issue(
        db,
        actor,
        _document(actor, frozen, window, department.name, at, due),
        series=SERIES[Kind.HANDOFF],
        organisation=window.code,
        year=at.year,
        subject=frozen.subject,
        readers=(department.code, window.code),
        happened_at=at,
        competent=window.code,
    )


def left_out(db: Session, actor: Actor, row: ListRow, at: datetime) -> IssuedNotice:
    """Tell a firm that it is not on the list: the reason, and how to contest it."""
    frozen = row.list
    window = accounts.organisation(db, frozen.window_id)
    department = accounts.organisation(db, frozen.department_id)
    document = Document(
        kind=Kind.REJECTION,
        issuer=department.name,
        agent=window.name,
        addressee=row.name,
        dated=at.date(),
        paragraphs=(f"经核对，贵公司没有列入“{frozen.item_title}”免申即享清单。", f"理由：{row.reason}"),
        facts=(
            Fact("清单编号", frozen.number),
            Fact("事项", f"{frozen.item_title}（{frozen.item_code}）"),
            Fact("统一社会信用代码", row.credit_code),
        ),
        remedy=remedy(department),
        contacts=(Contact("惠企政策兑现专窗", window.phone or "12345", window.name),),
    )
    return notices.issue(
        db,
        actor,
        document,
        series=SERIES[Kind.REJECTION],
        organisation=window.code,
        year=at.year,
        subject=frozen.subject,
        readers=(row.credit_code, department.code, window.code),
        happened_at=at,
        competent=department.code,
    )


def _document(
    actor: Actor,
    frozen: ExemptList,
    window: OrganisationView,
    addressee: str,
    at: datetime,
    due: tuple[DueTime, ...],
) -> Document:
    facts = (
        Fact("清单编号", frozen.number),
        Fact("事项", f"{frozen.item_title}（{frozen.item_code}）"),
        Fact("企业", f"{len(frozen.rows)} 家，数据截至 {full_day(frozen.as_of)}"),
    )
    return Document(
        kind=Kind.HANDOFF,
        issuer=window.name,
        addressee=addressee,
        dated=at.date(),
        paragraphs=(
            f"按登记数据比对，下列 {len(frozen.rows)} 家企业符合“{frozen.item_title}”的条件，免申即享。"
            "现将清单交由贵单位核对，请在下列时限内响应、确认，并反馈本专窗。",
        ),
        facts=facts,
        due_times=due,
        materials=tuple(_line(row) for row in frozen.rows),
        requirements=("逐户核对，列入的写明金额，不列入的写明理由。",),
        contacts=(Contact(actor.person_name, window.phone or "12345", window.name),),
        copy_to=COPY_TO,
        signer=actor.person_name,
        receipt=Receipt(back_to=window.name),
        stub=facts,
    )


def _line(row: ListRow) -> Material:
    amount = f"{yuan(row.amount_fen)} 元" if row.amount_fen else "金额待核定"
    return Material(f"{row.name}（{row.credit_code}）", note=amount)
