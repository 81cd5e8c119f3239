"""What must always hold, of every room and between them: named queries that return the offending rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Row, exists, func, or_, select
from sqlalchemy.orm import Session

import catalog.queries
import foundation.accounts.queries
import foundation.audit
import foundation.deadlines.queries
import foundation.enterprises.mandates.queries
import foundation.outbox
import matching.push.queries
import notices.queries
import portal.feedback.queries
import portal.feedback.redress.queries
import portal.payouts.invariants
import portal.reports.queries
import portal.window.publicity.queries
import portal.window.questions.queries
import portal.window.returns.queries
from portal.payouts.events import PAID
from portal.payouts.rules import ClaimState, LineState
from portal.tables import metadata
from portal.window.rules import Act, Stage, moves

Check = tuple[str, Callable[[Session], list[str]]]
ROOMS = (
    foundation.outbox,
    foundation.audit,
    foundation.accounts.queries,
    foundation.deadlines.queries,
    foundation.enterprises.mandates.queries,
    notices.queries,
    catalog.queries,
    matching.push.queries,
    portal.payouts.invariants,
    portal.window.returns.queries,
    portal.window.publicity.queries,
    portal.window.questions.queries,
    portal.feedback.queries,
    portal.feedback.redress.queries,
    portal.reports.queries,
)
CASE, CLAIM = metadata.tables["case_"].c, metadata.tables["pool_claim"].c
EVENT, DELIVERY, OUTBOX = (metadata.tables[name].c for name in ("audit_event", "delivery", "outbox"))
DEADLINE, LINE = metadata.tables["deadline"].c, metadata.tables["payment_line"].c
SUBJECT = "case:" + CASE.number


def check(db: Session) -> list[tuple[str, list[str]]]:
    """Every invariant by name, with the rows that break it: none where all is well."""
    return [(name, find(db)) for name, find in every()]


def every() -> Iterator[Check]:
    """The invariants of the house, the lowest room's first."""
    for room in ROOMS:
        yield from room.INVARIANTS
    yield from INVARIANTS


def miscounted_versions(db: Session) -> list[str]:
    """Invariant: a case's version is the number of lines on its timeline, the first of them 1."""
    lines = (
        select(EVENT.subject, func.count().label("lines"), func.max(EVENT.version).label("last"))
        .where(EVENT.subject.startswith("case:"))
        .group_by(EVENT.subject)
        .subquery()
    )
    told = func.coalesce(lines.c.lines, 0)
    query = (
        select(CASE.number, CASE.version, told.label("lines"))
        .join_from(metadata.tables["case_"], lines, lines.c.subject == SUBJECT, isouter=True)
        .where(CASE.number.is_not(None), or_(CASE.version != told, lines.c.last != told))
        .order_by(CASE.number)
    )
    return [f"case {row.number}: version {row.version}, {row.lines} lines" for row in db.execute(query)]


def skipped_steps(db: Session) -> list[str]:
    """Invariant: the acts on a case's timeline lead by listed moves from the draft to where it stands."""
    acts: dict[str, list[str]] = defaultdict(list)
    timeline = select(EVENT.subject, EVENT.act).where(EVENT.subject.startswith("case:"))
    for row in db.execute(timeline.order_by(EVENT.subject, EVENT.version)):
        acts[row.subject.removeprefix("case:")].append(row.act)
    cases = db.execute(
        select(CASE.number, CASE.stage, CASE.mode, CASE.ending)
        .where(CASE.number.is_not(None))
        .order_by(CASE.number)
    ).all()
    lost = sorted(acts.keys() - {row.number for row in cases})
    return [f"case {number}: a timeline without a case" for number in lost] + [
        f"case {row.number}: stands at {row.stage}, its acts lead to {end}"
        for row in cases
        if (end := _replayed(row, acts[row.number])) != row.stage
    ]


def _replayed(row: Any, acts: Iterable[str]) -> str:
    stage = Stage.DRAFT
    listed = moves(row.mode, row.ending)
    for act in acts:
        after = listed.get((stage, Act(act))) if act in set(Act) else None
        if after is None:
            return f"nowhere: {act} at {stage.value}"
        stage = after
    return stage.value


def paid_apart(db: Session) -> list[str]:
    """Invariant: a case is paid exactly when its claim is, once the news has arrived.

    A payment that the bank sent back leaves the case paid until it is made again.
    """
    returned = exists().where(LINE.claim_id == CLAIM.id, LINE.state == LineState.RETURNED)
    query = (
        select(CASE.number, CASE.stage, CLAIM.state, returned.label("returned"))
        .join_from(metadata.tables["case_"], metadata.tables["pool_claim"], CLAIM.subject == SUBJECT)
        .where((CASE.stage == Stage.PAID) != (CLAIM.state == ClaimState.PAID))
        .order_by(CASE.number)
    )
    under_way = _paid_but_not_heard(db)
    return [
        f"case {row.number}: {row.stage}, its claim {row.state}"
        for row in db.execute(query)
        if not _explained(row, under_way)
    ]


def _explained(row: Row[Any], under_way: set[str]) -> bool:
    if row.stage == Stage.PAID:
        return bool(row.returned)
    return f"case:{row.number}" in under_way


def _paid_but_not_heard(db: Session) -> set[str]:
    undone = exists().where(DELIVERY.outbox_id == OUTBOX.id, DELIVERY.done_at.is_(None))
    query = select(OUTBOX.payload).where(OUTBOX.topic == PAID, or_(OUTBOX.fanned_at.is_(None), undone))
    return {payload["subject"] for payload in db.scalars(query)}


def never_counted(db: Session) -> list[str]:
    """Invariant: every accepted case has, or had, the clock of its handoff (方案 二(六))."""
    clock = exists().where(DEADLINE.subject == SUBJECT, DEADLINE.limit_name == "handoff")
    query = select(CASE.number).where(CASE.accepted_at.is_not(None), ~clock).order_by(CASE.number)
    return [f"case {number}: accepted without a handoff clock" for number in db.scalars(query)]


def delivered_twice(db: Session) -> list[str]:
    """Invariant: an effect is delivered once a reader, and only of what was told."""
    twice = (
        select(DELIVERY.outbox_id, DELIVERY.reader, func.count().label("times"))
        .group_by(DELIVERY.outbox_id, DELIVERY.reader)
        .having(func.count() > 1)
        .order_by(DELIVERY.outbox_id, DELIVERY.reader)
    )
    told = exists().where(OUTBOX.id == DELIVERY.outbox_id)
    unfounded = select(DELIVERY.outbox_id, DELIVERY.reader).where(~told).order_by(DELIVERY.outbox_id)
    return [f"outbox {row.outbox_id} {row.reader}: {row.times} times" for row in db.execute(twice)] + [
        f"outbox {row.outbox_id} {row.reader}: nothing was told" for row in db.execute(unfounded)
    ]


INVARIANTS: tuple[Check, ...] = (
    ("a case's version is the length of its timeline", miscounted_versions),
    ("no case skipped a step", skipped_steps),
    ("a case is paid when its claim is", paid_apart),
    ("every accepted case has a handoff clock", never_counted),
    ("every effect is delivered once", delivered_twice),
)
