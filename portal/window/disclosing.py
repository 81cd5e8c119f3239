"""What of a case is shown in part on pages and whole for a reason: whom to call, where the money goes."""

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.web.access import Actor, Role
from portal.disclosure.sources import Source, Values
from portal.window import queries
from portal.window.models import Case, CasePersonal
from portal.window.publicity import queries as publicities
from portal.window.questions import queries as questions

WORKING = frozenset({Role.WINDOW, Role.DEPARTMENT})
NOBODY = "没有留下"


def _case_page(number: str) -> str:
    return url_for("window.case", number=number)


def _contact(db: Session, actor: Actor, number: str) -> Values:
    found = queries.case(db, actor, number)
    return [("联系人", found.contact_name or NOBODY), ("联系电话", found.contact_phone or NOBODY)]


def _account(db: Session, actor: Actor, number: str) -> Values:
    found = queries.case(db, actor, number)
    row = db.scalars(select(CasePersonal).join(Case).where(Case.number == found.number)).one()
    account = row.account_number or NOBODY
    return [("户名", row.account_name), ("开户银行", row.account_bank), ("收款账号", account)]


def _objector(db: Session, actor: Actor, number: str) -> Values:
    found = publicities.objection(db, actor, number)
    return [("提出人", found.name), ("电话", found.phone)]


def _asker(db: Session, actor: Actor, number: str) -> Values:
    found = questions.one(db, actor, number, clock.now())
    return [("提问人", found.name or NOBODY), ("电话", found.phone or NOBODY)]


SOURCES = (
    Source("case-contact", "办件的联系人和电话", WORKING, _case_page, _contact),
    Source("case-account", "办件的收款账号", WORKING | {Role.FINANCE}, _case_page, _account),
    Source(
        "objector",
        "异议提出人和电话",
        WORKING,
        lambda number: url_for("publicity.objection", number=number),
        _objector,
    ),
    Source(
        "asker",
        "提问人和电话",
        WORKING | {Role.SUPERVISOR},
        lambda number: url_for("questions.question", number=number),
        _asker,
    ),
)
