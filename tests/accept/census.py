"""Count what the kills left: what a case must have, exactly once each; less is lost, more is doubled."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation.audit import AuditEvent
from foundation.db import Database
from foundation.outbox import MINUTE, Delivery, Outbox
from notices.models import Message, Notice
from portal.feedback.models import FollowUp
from portal.payouts.models import ClaimShare, LedgerTransfer, PaymentLine, Pool, PoolClaim
from portal.window.models import Case
from tests.accept.driver import ACTS, Journey
from tests.accept.population import FEN

Things = Counter[str]
# what the timeline calls the acts of the driver; preparing a payment stands on the claim's own timeline
TIMELINE = ("submit", "accept", "hand_off", "respond", "review", "approve", "pay")
CLAIM_TIMELINE = ("reserved", "line_prepared", "line_paid")
LOOK_EVERY = 0.5
PAPERS = ("acceptance", "handoff", "approval")
WHOLE: Things = Counter(
    {
        "case": 1,
        "case paid": 1,
        **{f"act {act}": 1 for act in TIMELINE},
        **{f"claim {act}": 1 for act in CLAIM_TIMELINE},
        **{f"paper {kind}": 1 for kind in PAPERS},
        **{f"printed {kind}": 1 for kind in PAPERS},
        "claim": 1,
        "payment": 1,
        f"fen {FEN}": 1,
        "transfer reserved": 1,
        "transfer paid": 1,
        "message accepted": 1,
        "message handoff": 1,
        "message decided": 1,
        "message invite": 1,
        "follow-up": 1,
    }
)


def take(
    db: Session, journeys: Sequence[Journey], files: Path
) -> tuple[dict[str, Things], dict[str, Things]]:
    """What is missing and what is there too often, by case."""
    found: dict[str, Things] = {}
    for subject, thing in _things(db, files):
        found.setdefault(subject, Counter())[thing] += 1
    expected = {
        f"case:{journey.number}": WHOLE for journey in journeys if len(journey.acknowledged) == len(ACTS)
    }
    lost, doubled = {}, {}
    for subject in sorted(found.keys() | expected.keys()):
        there, wanted = found.get(subject, Counter()), expected.get(subject, WHOLE)
        if missing := wanted - there:
            lost[subject] = missing
        if surplus := there - wanted:
            doubled[subject] = surplus
    for applied, number in Counter((journey.firm, journey.item) for journey in _cases(db)).items():
        if number > 1:
            doubled[f"{applied}"] = Counter({"case": number - 1})
    return lost, doubled


def _cases(db: Session) -> list[Journey]:
    rows = db.execute(select(Case.applicant_code, Case.item_code).order_by(Case.id))
    return [Journey(row.applicant_code, row.item_code) for row in rows]


def _things(db: Session, files: Path) -> Iterator[tuple[str, str]]:
    for case in db.scalars(select(Case).order_by(Case.id)):
        yield case.subject, "case"
        if case.stage == "paid":
            yield case.subject, "case paid"
    yield from _timeline(db)
    for notice in db.scalars(select(Notice).order_by(Notice.id)):
        yield notice.subject, f"paper {notice.kind.value}"
        if notice.pdf_key and _printed(files / notice.pdf_key[:2] / notice.pdf_key):
            yield notice.subject, f"printed {notice.kind.value}"
    yield from _money(db)
    for key in db.scalars(select(Message.key).order_by(Message.id)):
        yield from _message(key)
    for subject in db.scalars(select(FollowUp.subject)):
        yield subject, "follow-up"


def _timeline(db: Session) -> Iterator[tuple[str, str]]:
    for subject, act in db.execute(select(AuditEvent.subject, AuditEvent.act).order_by(AuditEvent.seq)):
        if subject.startswith("case:"):
            yield subject, f"act {act}"
        elif subject.startswith("claim:case:"):
            yield subject.removeprefix("claim:"), f"claim {act}"


def _money(db: Session) -> Iterator[tuple[str, str]]:
    for claim in db.scalars(select(PoolClaim).order_by(PoolClaim.id)):
        yield claim.subject, "claim"
        yield claim.subject, f"fen {claim.paid_fen}"
    lines = select(PoolClaim.subject).join(PaymentLine, PaymentLine.claim_id == PoolClaim.id)
    for subject in db.scalars(lines.where(PaymentLine.state == "paid").order_by(PaymentLine.id)):
        yield subject, "payment"
    moved = (
        select(PoolClaim.subject, LedgerTransfer.kind)
        .join(ClaimShare, ClaimShare.claim_id == PoolClaim.id)
        .join(LedgerTransfer, LedgerTransfer.share_id == ClaimShare.id)
        .order_by(LedgerTransfer.id)
    )
    for subject, kind in db.execute(moved):
        yield subject, f"transfer {kind.value}"


def _message(key: str) -> Iterator[tuple[str, str]]:
    if key.startswith("feedback.invite:"):
        yield key.removeprefix("feedback.invite:"), "message invite"
    elif key.startswith("case:"):
        case, number, what = key.split(":")[:3]
        if what in ("accepted", "handoff", "decided"):  # reminders of a slow run are no effect of an act
            yield f"{case}:{number}", f"message {what}"


def _printed(path: Path) -> bool:
    data = path.read_bytes() if path.exists() else b""
    return data.startswith(b"%PDF") and hashlib.sha256(data).hexdigest() == path.name


def outstanding(db: Session) -> int:
    """Effects that were asked for and have not happened; the minute's own do not count."""
    waiting = (
        select(func.count()).select_from(Outbox).where(Outbox.fanned_at.is_(None), Outbox.topic != MINUTE)
    )
    undone = (
        select(func.count())
        .select_from(Delivery)
        .join(Outbox)
        .where(Delivery.done_at.is_(None), Outbox.topic != MINUTE)
    )
    return (db.scalar(waiting) or 0) + (db.scalar(undone) or 0)


class Backlog:
    """How many effects are outstanding, counted twice a second at most, whoever asks."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.lock, self.counted_at, self.number = Lock(), 0.0, 0

    def now(self) -> int:
        """The number, half a second old at most."""
        with self.lock:
            if time.monotonic() - self.counted_at > LOOK_EVERY:
                with self.database.reading() as db:
                    self.number = outstanding(db)
                self.counted_at = time.monotonic()
            return self.number


def last_effect(db: Session) -> datetime | None:
    """When the last effect of an act happened."""
    return db.scalar(select(func.max(Delivery.done_at)).join(Outbox).where(Outbox.topic != MINUTE))


def tries(db: Session) -> int:
    """How often a reader failed by an error of its own; being killed is none."""
    return db.scalar(select(func.coalesce(func.sum(Delivery.tries), 0))) or 0


def spent(db: Session) -> tuple[int, int]:
    """What the pools say was paid, and what is still promised."""
    paid, reserved = db.execute(select(func.sum(Pool.paid_fen), func.sum(Pool.reserved_fen))).one()
    return int(paid or 0), int(reserved or 0)
