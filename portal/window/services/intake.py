"""An application: drafted, handed in online or at the counter, on the same case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import item_form
from catalog import queries as catalog
from catalog.queries import ItemView
from catalog.rules import OutcomeKind
from foundation import clock, numbering
from foundation.accounts import queries as accounts
from foundation.accounts import services as account_services
from foundation.accounts.queries import OrganisationView
from foundation.accounts.reference import CITY
from foundation.enterprises import queries as enterprises
from foundation.enterprises.mandates import queries as mandates
from foundation.enterprises.mandates.rules import Power
from foundation.enterprises.queries import EnterpriseView
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from foundation.web.access import Actor, Role
from foundation.web.uploads import Upload
from portal.window.models import Case, CaseFile, CasePersonal, Channel
from portal.window.rules import ENDED, Act, Stage, ending_of
from portal.window.services import papers
from portal.window.services.step import advance

PREFIX = "GY"


@dataclass(frozen=True, slots=True)
class Application:
    """What the application form holds."""

    contact_name: str
    contact_phone: str
    account_name: str
    account_bank: str
    account_number: str
    applied_fen: int | None
    statement: str
    # what the item's own form was answered, and whether its promises were made
    answers: Mapping[str, Any] = field(default_factory=dict)
    declared: bool = False


def applicant(db: Session, actor: Actor, credit_code: str | None) -> EnterpriseView:
    """For whom *actor* applies: its own enterprise, or at the counter the one of *credit_code*."""
    code = actor.organisation_code if actor.role is Role.ENTERPRISE else credit_code or ""
    found = enterprises.by_code(db, code)
    if found is None:
        raise NotFound("没有找到这家企业。请核对统一社会信用代码，或先登记企业。")
    return found


def applicable(db: Session, item_code: str, at: datetime) -> ItemView:
    """The item, where one may apply for it here and now; NotAllowed says why not."""
    item = catalog.item(db, item_code)
    if item.foreign:
        raise NotAllowed("这是他地政策，仅供查阅，不能在本市申请。请在列表中筛选本市的政策。")
    if item.department_id is None:
        raise NotAllowed("这项政策的主管部门还没有核定，暂时不能在线申请。请咨询兑现专窗。")
    if not item.can_apply(at.date()):
        raise NotAllowed(
            "这项政策现在不能在这里申请：不在申报时限内，或者不需要申请。请看办事指南或咨询专窗。"
        )
    return item


def draft_of(db: Session, item_code: str, enterprise_id: int) -> Case | None:
    """The draft that waits, if there is one."""
    waiting = (Case.item_code == item_code, Case.applicant_id == enterprise_id, Case.stage == Stage.DRAFT)
    return db.scalar(select(Case).where(*waiting))


def own_draft(db: Session, actor: Actor, item_code: str, enterprise_id: int) -> Case | None:
    """The draft that waits, where it is *actor*'s to go on with: another window's holds a firm's account."""
    draft = draft_of(db, item_code, enterprise_id)
    if draft is not None and actor.role is Role.WINDOW and draft.window_id != actor.organisation_id:
        window = accounts.organisation(db, draft.window_id).name
        raise NotAllowed(f"这家企业的草稿在{window}。请由该专窗接着办，或请企业登录后自己提交。")
    return draft


def live_of(db: Session, item_code: str, enterprise_id: int) -> str | None:
    """The number of the case that is under way for this firm and item, if there is one."""
    live = (Case.item_code == item_code, Case.applicant_id == enterprise_id)
    return db.scalar(select(Case.number).where(*live, Case.stage.not_in([Stage.DRAFT, *ENDED])))


def last_of(db: Session, enterprise_id: int) -> Case | None:
    """The firm's newest application, whose contact and account the next one starts from."""
    handed_in = (Case.applicant_id == enterprise_id, Case.received_at.is_not(None))
    return db.scalar(
        select(Case).where(*handed_in).order_by(Case.received_at.desc(), Case.id.desc()).limit(1)
    )


def save_draft(
    db: Session,
    actor: Actor,
    item_code: str,
    *,
    application: Application,
    prefilled: Mapping[str, Any],
    uploads: Sequence[Upload] = (),
    credit_code: str | None = None,
) -> Case:
    """Keep what was filled in so far; the same firm and item always come back to the same draft."""
    now = clock.now()
    mandates.check_may(db, actor, Power.APPLY, item_code)
    item = applicable(db, item_code, now)
    enterprise = applicant(db, actor, credit_code)
    case = own_draft(db, actor, item_code, enterprise.id) or _new_draft(db, actor, item, enterprise, now)
    _under(case, item)
    _fill(case, application, prefilled)
    for upload in uploads:
        case.files.append(_file(upload, actor, now))
    db.flush()
    return case


def remove_file(db: Session, actor: Actor, item_code: str, key: str, credit_code: str | None = None) -> None:
    """Take a file out of a draft; its row stays for the record."""
    mandates.check_may(db, actor, Power.APPLY, item_code)
    case = own_draft(db, actor, item_code, applicant(db, actor, credit_code).id)
    files = [file for file in case.files if file.key == key and file.removed_at is None] if case else []
    if not files:
        raise NotFound
    for file in files:
        file.removed_at = clock.now()


def gaps(case: Case, item: ItemView) -> list[Problem]:
    """What an application still lacks before it can be handed in."""
    personal = case.personal
    wanted = [("contact_name", "还没有填写联系人"), ("contact_phone", "还没有填写联系电话")]
    if item.outcome is OutcomeKind.MONEY:
        wanted += [
            ("account_name", "还没有填写收款户名"),
            ("account_bank", "还没有填写开户银行"),
            ("account_number", "还没有填写收款账号"),
        ]
    problems = [Problem(name, said, "请填写后再提交") for name, said in wanted if not getattr(personal, name)]
    if item.outcome is OutcomeKind.MONEY and not case.applied_fen:
        problems.append(Problem("applied_fen", "还没有填写申请金额", "请填写数字，单位是元，例如 62000"))
    form = item_form.of(item.source)
    problems += item_form.missing(form, case.form.get("answers") or {})
    if form.declarations and not case.form.get("declared"):
        problems.append(Problem("declared", "还没有作出承诺", "请看过承诺内容，打勾后再提交"))
    return problems


def submit(db: Session, actor: Actor, case: Case) -> str:
    """Hand a draft in and return its number; Invalid names every gap, Conflict a case that is under way."""
    item = catalog.item_version(db, case.item_version_id)
    problems = gaps(case, item)
    if problems:
        raise Invalid(problems)
    _refuse_second(db, case)
    now = clock.now()
    (case.number,) = next_numbers(db, now, 1)
    case.received_at = now
    facts = {
        "item": case.item_code,
        "channel": case.channel.value,
        "files": sum(file.removed_at is None for file in case.files),
        "applied_fen": case.applied_fen,
    }
    advance(db, case, Act.SUBMIT, actor, at=now, facts=facts)
    papers.application(db, actor, case, item, now)
    return case.number


def next_numbers(db: Session, now: datetime, count: int) -> list[str]:
    """The next case numbers of the year, without gaps."""
    return [f"{PREFIX}-{now.year}-{each:04}" for each in numbering.take_many(db, "case", now.year, count)]


def window_for(db: Session, item: ItemView | None, region: str) -> OrganisationView:
    """Where an application for *item*, or a question about it, goes: its own window, else *region*'s."""
    own = (item.region_code if item else None) or ""
    return accounts.window_of(db, own if own.startswith(CITY[:4]) else region)


def _new_draft(db: Session, actor: Actor, item: ItemView, enterprise: EnterpriseView, now: datetime) -> Case:
    region = enterprise.region_code or ""
    window = window_for(db, item, region)
    organisation = account_services.enterprise_organisation(
        db, enterprise.credit_code, enterprise.name, region
    )
    case = Case(
        item_code=item.code,
        channel=Channel.ONLINE if actor.role is Role.ENTERPRISE else Channel.COUNTER,
        stage=Stage.DRAFT,
        version=0,
        applicant_id=enterprise.id,
        applicant_code=enterprise.credit_code,
        applicant_name=enterprise.name,
        applicant_organisation_id=organisation,
        window_id=actor.organisation_id if actor.role is Role.WINDOW else window.id,
        form={},
        created_at=now,
        personal=CasePersonal(),
    )
    db.add(case)
    return case


def _under(case: Case, item: ItemView) -> None:
    """A draft follows the version in force; only what is handed in stays with its own."""
    case.item_version_id, case.item_title, case.mode = item.item_version_id, item.title, item.mode
    case.ending = ending_of(item.scope, item.outcome)
    if item.department_id is not None:
        case.department_id = item.department_id


def _fill(case: Case, application: Application, prefilled: Mapping[str, Any]) -> None:
    case.form = {
        "statement": application.statement,
        "prefilled": dict(prefilled),
        "answers": dict(application.answers),
        "declared": application.declared,
    }
    case.applied_fen = application.applied_fen
    personal = case.personal
    personal.contact_name, personal.contact_phone = application.contact_name, application.contact_phone
    personal.account_name, personal.account_bank = application.account_name, application.account_bank
    personal.account_number = application.account_number


def _file(upload: Upload, actor: Actor, now: datetime) -> CaseFile:
    return CaseFile(
        material=upload.field.removeprefix("file:") or "其他材料",
        name=upload.name,
        key=upload.key,
        size=upload.size,
        media_type=upload.media_type,
        added_at=now,
        added_by=actor.person_id,
    )


def _refuse_second(db: Session, case: Case) -> None:
    """One live case a firm and item: the money is asked for once (T2)."""
    other = live_of(db, case.item_code, case.applicant_id)
    if other:
        raise Conflict(f"这项政策已有在办的申请 {other}。请在“我的办件”里查看进度，不用再交一次。")
