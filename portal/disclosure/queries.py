"""Who was let see what, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts.models import Organisation, Person
from foundation.audit import SIGNATURE, AuditEvent, AuditPersonal
from foundation.web.access import Actor, Role
from portal.disclosure.rules import Act, still_open

SUBJECTS = "disclosure:"
PAGE_SIZE = 50
# the security administrator sees who and how much; of which case and why is not an administrator's business
KNOWS_OF_WHOM = frozenset({Role.SUPERVISOR, Role.AUDIT_ADMIN})


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One act of letting out; *of* and *reason* are empty for whom they are no business."""

    code: str
    at: datetime
    act: Act
    what: str
    of: str
    rows: int
    reason: str
    person: str
    organisation: str
    role: str


def subject_of(code: str) -> str:
    """What the record calls one of them."""
    return f"{SUBJECTS}{code}"


def opened(db: Session, actor: Actor, code: str) -> Disclosure | None:
    """What the actor was let see under *code* a short while ago; None for everybody else, and later."""
    query = _disclosures().where(
        AuditEvent.subject == subject_of(code), AuditEvent.person_id == actor.person_id,
        AuditEvent.organisation_code == actor.organisation_code, AuditEvent.role == str(actor.role),
    )  # fmt: skip
    row = db.execute(query).first()
    if row is None or not still_open(row.AuditEvent.happened_at, clock.now()):
        return None
    return _disclosure(row, knows_of_whom=True)


def latest(db: Session, actor: Actor, number: int) -> tuple[list[Disclosure], int]:
    """A page of everything that was let out, the newest first, and how much there is."""
    counted = select(func.count()).select_from(AuditEvent).where(AuditEvent.subject.startswith(SUBJECTS))
    newest = _disclosures().order_by(AuditEvent.seq.desc())
    rows = db.execute(newest.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    known = actor.role in KNOWS_OF_WHOM
    return [_disclosure(row, knows_of_whom=known) for row in rows], db.scalar(counted) or 0


def _disclosures() -> Select[Any, Any, Any, Any]:
    return (
        select(AuditEvent, AuditPersonal.values.label("personal"), Person.name.label("who"), Organisation)
        .join(Person, Person.id == AuditEvent.person_id)
        .join(Organisation, Organisation.code == AuditEvent.organisation_code)
        .outerjoin(AuditPersonal, AuditPersonal.seq == AuditEvent.seq)
        .where(AuditEvent.subject.startswith(SUBJECTS))
    )


def _disclosure(row: Any, *, knows_of_whom: bool) -> Disclosure:
    line, personal = row.AuditEvent, row.personal or {}
    return Disclosure(
        code=line.subject.removeprefix(SUBJECTS),
        at=line.happened_at,
        act=Act(line.act),
        what=line.facts["what"],
        of=line.facts["of"] if knows_of_whom else "",
        rows=line.facts["rows"],
        reason=str(personal.get("reason", "")) if knows_of_whom else "",
        person=personal.get(SIGNATURE, row.who),
        organisation=row.Organisation.name,
        role=line.role,
    )
