"""The timeline of everything, as one hash chain.

A line is written at the very end of its transaction, so that the chain's head is always the last lock taken.
Personal values stay outside the chain, which holds their salted digest: they can be corrected and erased.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, event, func, select
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from foundation import clock, log
from foundation.db import Base, Instant, Json
from foundation.errors import Conflict

Facts = dict[str, Any]
FIRST_HASH = "0" * 64
# clocks of several hosts differ a little; more than this means that one was set back
TOLERANCE = timedelta(seconds=2)
# a database takes only so many values in one statement
SUBJECTS_AT_ONCE = 1000
PENDING = "audit.pending"
SAVEPOINTS = "audit.savepoints"
# the fact that names, by id, whose place a deputy took
STANDS_IN_FOR = "stands_in_for"
# how a deputy signed, beside the chain
SIGNATURE = "signature"


class Author(Protocol):
    """Who acts: a person for an organisation in a role."""

    @property
    def person_id(self) -> int | None: ...
    @property
    def organisation_code(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def stands_in_for(self) -> int | None: ...
    @property
    def person_name(self) -> str: ...


class AuditEvent(Base):
    """One act on one subject; rows are only ever added."""

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("subject", "version"),
        Index("ix_audit_event_recorded_at", "recorded_at"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(120))
    version: Mapped[int]
    act: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None]
    organisation_code: Mapped[str | None] = mapped_column(String(40))
    role: Mapped[str | None] = mapped_column(String(40))
    happened_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    facts: Mapped[Facts] = mapped_column(Json)
    personal_digest: Mapped[str | None] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditPersonal(Base):
    """The personal values of a line, beside the chain."""

    __tablename__ = "audit_personal"

    seq: Mapped[int] = mapped_column(ForeignKey("audit_event.seq"), primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(32))
    values: Mapped[Facts] = mapped_column(Json)


class AuditHead(Base):
    """Where the chain ends: a single row, locked by whoever adds a line."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class _Pending:
    subject: str
    act: str
    person_id: int | None
    organisation_code: str | None
    role: str | None
    happened_at: datetime
    facts: Facts
    personal: Facts | None
    version: int | None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of a subject's timeline."""

    version: int
    act: str
    person_id: int | None
    organisation_code: str | None
    role: str | None
    happened_at: datetime
    recorded_at: datetime
    facts: Facts
    personal: Facts


@dataclass(frozen=True, slots=True)
class Chain:
    """What `verify` found: whole, or where it is broken first."""

    lines: int
    head: str
    broken_at: int | None
    reason: str | None

    @property
    def whole(self) -> bool:
        return self.broken_at is None


def record(
    db: Session,
    subject: str,
    act: str,
    *,
    actor: Author | None,
    happened_at: datetime,
    facts: Facts,
    personal: Facts | None = None,
    version: int | None = None,
) -> None:
    """Put one act on *subject*'s timeline; written when the transaction commits, or never.

    *version* is the subject's own version after the act, where it has one: a second line for the same
    version is refused by the database. *facts* hold no personal values; those go into *personal*. What a
    deputy does says for whom (代).
    """
    log.bind(subject=subject)
    code, role = (actor.organisation_code, str(actor.role)) if actor else (None, None)
    person = actor.person_id if actor else None
    if actor is not None and actor.stands_in_for is not None:
        facts = {**facts, STANDS_IN_FOR: actor.stands_in_for}
        personal = {**(personal or {}), SIGNATURE: actor.person_name}
    pending = _Pending(subject, act, person, code, role, happened_at, facts, personal, version)
    db.info.setdefault(PENDING, []).append(pending)


@event.listens_for(Session, "before_commit")
def _append_pending(db: Session) -> None:
    pending: list[_Pending] = db.info.pop(PENDING, [])
    if not pending:
        return
    db.flush()
    head = db.execute(select(AuditHead).where(AuditHead.id == 1).with_for_update()).scalar_one()
    previous = db.get(AuditEvent, head.seq)
    recorded_at = _not_before(previous.recorded_at if previous else None)
    last = _last_versions(db, {line.subject for line in pending if line.version is None})
    beside: list[AuditPersonal] = []
    for line in pending:
        salt = secrets.token_hex(16)
        version = line.version or last.get(line.subject, 0) + 1
        last[line.subject] = max(last.get(line.subject, 0), version)
        row = _event(line, version, head, recorded_at, salt)
        db.add(row)
        head.seq, head.hash = row.seq, row.hash
        if line.personal is not None:
            beside.append(AuditPersonal(seq=row.seq, salt=salt, values=line.personal))
    db.flush()
    db.add_all(beside)
    db.flush()


@event.listens_for(Session, "after_transaction_create")
def _mark_savepoint(db: Session, begun: SessionTransaction) -> None:
    if begun.nested:
        db.info.setdefault(SAVEPOINTS, {})[begun] = len(db.info.get(PENDING, ()))


@event.listens_for(Session, "after_soft_rollback")
def _forget_pending(db: Session, previous: SessionTransaction) -> None:
    """What a savepoint takes back was not done: its lines are dropped with it."""
    kept = db.info.get(SAVEPOINTS, {}).get(previous, 0) if previous.nested else 0
    db.info[PENDING] = db.info.get(PENDING, [])[:kept]


@event.listens_for(Session, "after_transaction_end")
def _forget_savepoint(db: Session, ended: SessionTransaction) -> None:
    db.info.get(SAVEPOINTS, {}).pop(ended, None)


def _not_before(previous: datetime | None) -> datetime:
    now = clock.now()
    if previous is None or now >= previous:
        return now
    if previous - now > TOLERANCE:
        raise Conflict("服务器时间被往回调过，为保证记录真实，暂时不能办理。请联系系统管理员校准时间。")
    return previous


def _event(line: _Pending, version: int, head: AuditHead, recorded_at: datetime, salt: str) -> AuditEvent:
    row = AuditEvent(
        seq=head.seq + 1,
        subject=line.subject,
        version=version,
        act=line.act,
        person_id=line.person_id,
        organisation_code=line.organisation_code,
        role=line.role,
        happened_at=line.happened_at,
        recorded_at=recorded_at,
        facts=line.facts,
        previous_hash=head.hash,
    )
    row.personal_digest = None if line.personal is None else _digest(salt, line.personal)
    row.hash = _hash(row)
    return row


def _last_versions(db: Session, subjects: Collection[str]) -> dict[str, int]:
    latest = select(AuditEvent.subject, func.max(AuditEvent.version)).group_by(AuditEvent.subject)
    found: dict[str, int] = {}
    wanted = sorted(subjects)
    for start in range(0, len(wanted), SUBJECTS_AT_ONCE):
        some = AuditEvent.subject.in_(wanted[start : start + SUBJECTS_AT_ONCE])
        found |= dict(db.execute(latest.where(some)).all())
    return found


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _digest(salt: str, values: Facts) -> str:
    return hashlib.sha256(salt.encode() + _canonical(values)).hexdigest()


def _moment(value: datetime) -> int:
    return round(value.timestamp() * 1_000_000)


def _hash(row: AuditEvent) -> str:
    content = (
        row.seq,
        row.subject,
        row.version,
        row.act,
        row.person_id,
        row.organisation_code,
        row.role,
        _moment(row.happened_at),
        _moment(row.recorded_at),
        row.facts,
        row.personal_digest,
        row.previous_hash,
    )
    return hashlib.sha256(_canonical(content)).hexdigest()


def timeline(db: Session, subject: str) -> list[AuditLine]:
    """Every act on *subject*, oldest first, with the personal values that are still kept."""
    rows = db.execute(
        select(AuditEvent, AuditPersonal.values)
        .outerjoin(AuditPersonal, AuditPersonal.seq == AuditEvent.seq)
        .where(AuditEvent.subject == subject)
        .order_by(AuditEvent.version)
    )
    return [
        AuditLine(
            row.version,
            row.act,
            row.person_id,
            row.organisation_code,
            row.role,
            row.happened_at,
            row.recorded_at,
            row.facts,
            personal or {},
        )
        for row, personal in rows
    ]


def head(db: Session) -> Chain:
    """Where the chain ends now: kept elsewhere, it shows later whether its end was cut off."""
    end = db.get_one(AuditHead, 1)
    return Chain(end.seq, end.hash, None, None)


def line_hash(db: Session, seq: int) -> str | None:
    """The hash of one line; None where there is no such line."""
    return db.scalar(select(AuditEvent.hash).where(AuditEvent.seq == seq))


def verify(db: Session) -> Chain:
    """Walk the chain: hashes, the order of numbers and times, personal values' digests, the head."""
    seq, previous, last = 0, FIRST_HASH, None
    for row, personal in _rows(db):
        reason = _flaw(row, personal, seq, previous, last)
        if reason:
            return Chain(seq, previous, seq + 1, reason)
        seq, previous, last = row.seq, row.hash, row.recorded_at
    head = db.get_one(AuditHead, 1)
    if (head.seq, head.hash) != (seq, previous):
        return Chain(seq, previous, seq + 1, "the chain ends before its head: lines were cut off")
    return Chain(seq, previous, None, None)


def _rows(db: Session) -> Iterator[tuple[AuditEvent, AuditPersonal | None]]:
    query = select(AuditEvent, AuditPersonal).outerjoin(AuditPersonal, AuditPersonal.seq == AuditEvent.seq)
    # closed also where the walk ends early: the database keeps the cursor open otherwise
    with db.execute(query.order_by(AuditEvent.seq).execution_options(yield_per=1000)) as found:
        for row in found:
            yield row[0], row[1]


def _flaw(
    row: AuditEvent, personal: AuditPersonal | None, seq: int, previous: str, last: datetime | None
) -> str | None:
    if row.seq != seq + 1:
        return "a line is missing"
    if row.previous_hash != previous or row.hash != _hash(row):
        return "a line was changed"
    if last is not None and row.recorded_at < last:
        return "the time runs backwards"
    if personal is not None and row.personal_digest != _digest(personal.salt, personal.values):
        return "personal values do not match their digest"
    return None


def broken(db: Session) -> list[str]:
    """Invariant: the chain is whole."""
    chain = verify(db)
    return [] if chain.whole else [f"line {chain.broken_at}: {chain.reason}"]


INVARIANTS = (("the audit chain is whole", broken),)
