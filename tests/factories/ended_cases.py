"""Cases that came to their end, with the people who had to do with them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import ItemVersion, PolicyItem
from catalog.rules import Channel as ItemChannel
from catalog.rules import FairCompetition, Origin, OutcomeKind, Scope
from foundation import audit
from foundation.accounts.models import Membership, Organisation, Person
from foundation.accounts.rules import OrganisationKind
from foundation.clock import BEIJING
from foundation.enterprises.models import Enterprise
from foundation.enterprises.rules import Kind
from foundation.web.access import Actor, Role
from portal.window.models import Case, CasePersonal, Channel
from portal.window.rules import Act, Stage

FIRM, OTHER_FIRM = "91510800MA6AB12345", "91510800MA6AB54321"
STARTED = datetime(2026, 1, 5, 9, tzinfo=BEIJING)
# who had a hand in every case
STORY = ((Act.REVIEW, Role.WINDOW), (Act.REVIEW, Role.DEPARTMENT))


@dataclass(frozen=True, slots=True)
class People:
    """Who has to do with the cases, and what they are about."""

    firm: Actor
    other_firm: Actor
    clerk: Actor
    colleague: Actor
    county_clerk: Actor
    officer: Actor
    supervisor: Actor
    version_id: int
    enterprise_id: int

    def as_role(self, role: Role) -> Actor:
        """The clerk's account in another role."""
        return replace(self.clerk, role=role)


def people(db: Session) -> People:
    """An enterprise with one item to apply for, a window with two clerks, a department, the supervisor."""
    firm, other = (
        _enterprise(db, FIRM, "广元样例机电有限公司"),
        _enterprise(db, OTHER_FIRM, "广元别家有限公司"),
    )
    window, department = "510800-window", "510800-04"
    return People(
        firm=_actor(db, "firm", "王会计", FIRM, Role.ENTERPRISE),
        other_firm=_actor(db, "other", "赵会计", OTHER_FIRM, Role.ENTERPRISE),
        clerk=_actor(db, "clerk", "李专员", window, Role.WINDOW),
        colleague=_actor(db, "colleague", "陈专员", window, Role.WINDOW),
        county_clerk=_actor(db, "county", "孙专员", "510802-window", Role.WINDOW),
        officer=_actor(db, "officer", "周科长", department, Role.DEPARTMENT),
        supervisor=_actor(db, "supervisor", "何主任", "510800-centre", Role.SUPERVISOR),
        version_id=_item(db),
        enterprise_id=min(firm, other),
    )


def case(db: Session, who: People, serial: int, stage: Stage = Stage.PAID, **changes: Any) -> Case:
    """One case of the firm, by default paid at 2026-06-01 09:30, handled by the clerk and the officer."""
    ended = datetime(2026, 6, 1, 9, 30, tzinfo=BEIJING)
    values: dict[str, Any] = {
        "number": f"GY-2026-{serial:04}",
        "item_code": "S001",
        "item_version_id": who.version_id,
        "item_title": "高新技术企业认定奖励",
        "mode": "review",
        "channel": Channel.ONLINE,
        "stage": stage,
        "version": 2,
        "applicant_id": who.enterprise_id,
        "applicant_code": FIRM,
        "applicant_name": "广元样例机电有限公司",
        "applicant_organisation_id": who.firm.organisation_id,
        "window_id": who.clerk.organisation_id,
        "department_id": who.officer.organisation_id,
        "form": {},
        "decided_fen": 6_200_000 if stage is Stage.PAID else None,
        "created_at": STARTED,
        "received_at": STARTED,
        "paid_at": ended if stage is Stage.PAID else None,
        "ended_at": ended,
        "personal": CasePersonal(contact_name="王会计", contact_phone="13800001234"),
        **changes,
    }
    made = Case(**values)
    db.add(made)
    for version, (act, role) in enumerate(STORY, 1):
        actor = who.clerk if role is Role.WINDOW else who.officer
        audit.record(db, made.subject, act.value, actor=actor, happened_at=STARTED, facts={}, version=version)
    db.flush()
    return made


def _enterprise(db: Session, code: str, name: str) -> int:
    row = Enterprise(
        credit_code=code,
        name=name,
        kind=Kind.ENTERPRISE,
        region_code="510802",
        created_at=STARTED,
        updated_at=STARTED,
    )
    db.add(row)
    db.add(
        Organisation(
            code=code, name=name, short_name=name, kind=OrganisationKind.ENTERPRISE, region_code="510802"
        )
    )
    db.flush()
    return row.id


def _actor(db: Session, login: str, name: str, organisation_code: str, role: Role) -> Actor:
    person = Person(login=login, name=name, created_at=STARTED)
    db.add(person)
    db.flush()
    body = db.scalars(select(Organisation).where(Organisation.code == organisation_code)).one()
    db.add(Membership(person_id=person.id, organisation_id=body.id, role=role, valid_from=STARTED.date()))
    db.flush()
    return Actor(person.id, name, body.id, body.code, body.name, role)


def _item(db: Session) -> int:
    item = PolicyItem(code="S001", current=1, created_at=STARTED)
    db.add(item)
    db.flush()
    version = ItemVersion(
        item_id=item.id,
        number=1,
        title="高新技术企业认定奖励",
        mode_code="review",
        scope=Scope.LOCAL,
        outcome=OutcomeKind.MONEY,
        channel=ItemChannel.PORTAL,
        applicant_kinds=["企业"],
        origin=Origin.AUTHORED,
        fair_competition=FairCompetition.PASSED,
        valid_from=date(2026, 1, 1),
        source="{}",
        digest="0" * 64,
        published_at=STARTED,
        happened_at=STARTED,
        recorded_at=STARTED,
    )
    db.add(version)
    db.flush()
    return version.id
