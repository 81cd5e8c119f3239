"""What is decided, covered, prepared and paid; the pools."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from foundation.accounts.queries import names_of
from foundation.errors import NotFound
from foundation.web.access import Actor, Role
from portal.payouts import rules
from portal.payouts.models import ClaimAccount, ClaimShare, PaymentLine, Pool, PoolClaim
from portal.payouts.rules import (
    CLAIM_LABELS,
    LINE_LABELS,
    SOURCE_LABELS,
    ClaimState,
    FundSource,
    LineState,
    Past,
    PoolState,
    ShareState,
)

MOST = 200
RECENT = 20


@dataclass(frozen=True, slots=True)
class PoolView:
    """A pool as finance reads it."""

    code: str
    name: str
    item_code: str
    year: int
    source: FundSource
    total_fen: int
    reserved_fen: int
    paid_fen: int
    waiting: int
    waiting_fen: int

    @property
    def available_fen(self) -> int:
        """What is neither paid nor promised."""
        return self.total_fen - self.reserved_fen - self.paid_fen

    @property
    def state(self) -> PoolState:
        """How far it is used."""
        return rules.pool_state(self.total_fen, self.reserved_fen + self.paid_fen)

    @property
    def source_label(self) -> str:
        """市级资金."""
        return SOURCE_LABELS[self.source]


@dataclass(frozen=True, slots=True)
class LineView:
    """One payment, with who prepared and who confirmed it."""

    payment_id: str
    subject: str
    payee_code: str
    payee_name: str
    account: str
    pool_code: str
    pool_name: str
    source: FundSource
    instalment: int
    attempt: int
    amount_fen: int
    state: LineState
    maker_id: int
    maker: str
    prepared_at: datetime
    payer: str
    paid_at: datetime | None
    bank_reference: str
    end_reason: str
    decided_fen: int

    @property
    def label(self) -> str:
        """待付款, 已付款."""
        return LINE_LABELS[self.state]

    @property
    def source_label(self) -> str:
        """市级资金."""
        return SOURCE_LABELS[self.source]

    @property
    def number(self) -> str:
        """GY-2026-0001 of case:GY-2026-0001."""
        return number_of(self.subject)


@dataclass(frozen=True, slots=True)
class ShareView:
    """One source's part of a claim."""

    subject: str
    payee_name: str
    pool_code: str
    pool_name: str
    source: FundSource
    amount_fen: int
    lined_fen: int
    paid_fen: int
    state: ShareState
    queued_at: datetime | None
    decided_at: datetime

    @property
    def left_fen(self) -> int:
        """What no live payment takes yet."""
        return self.amount_fen - self.lined_fen

    @property
    def source_label(self) -> str:
        """市级资金."""
        return SOURCE_LABELS[self.source]

    @property
    def number(self) -> str:
        """GY-2026-0001 of case:GY-2026-0001."""
        return number_of(self.subject)


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A decided amount and everything that became of it, for the page of its case."""

    subject: str
    payee_code: str
    payee_name: str
    account: str
    decided_fen: int
    paid_fen: int
    state: ClaimState
    decided_at: datetime
    funded_at: datetime | None
    closed_at: datetime | None
    position: int | None
    shares: tuple[ShareView, ...]
    lines: tuple[LineView, ...]

    @property
    def label(self) -> str:
        """待兑付, 排队等资金, 部分兑付, 已兑付, 已撤销."""
        return CLAIM_LABELS[self.state]


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before finance: to prepare, to confirm, waiting for funds, and what ended last."""

    to_prepare: tuple[ShareView, ...]
    to_pay: tuple[LineView, ...]
    waiting: tuple[ShareView, ...]
    recent: tuple[LineView, ...]

    @property
    def subjects(self) -> set[str]:
        """Whose clocks the desk shows."""
        return {row.subject for row in self.to_prepare} | {row.subject for row in self.to_pay}


def number_of(subject: str) -> str:
    """The printed number of a subject."""
    return subject.partition(":")[2] or subject


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Pools an actor may see: finance its own organisation's, supervision and audit all."""
    if actor.role is Role.FINANCE:
        return Pool.organisation_id == actor.organisation_id
    return true() if actor.role in (Role.SUPERVISOR, Role.AUDIT_ADMIN) else false()


def borne_by(actor: Actor) -> Select[str]:
    """The subjects for which a pool in *actor*'s sight pays, or is to pay."""
    return (
        select(PoolClaim.subject)
        .join(ClaimShare, ClaimShare.claim_id == PoolClaim.id)
        .join(Pool, Pool.id == ClaimShare.pool_id)
        .where(visible_to(actor))
    )


def pools(db: Session, actor: Actor) -> list[PoolView]:
    """Every pool in sight, the newest year first."""
    return _pools(db, visible_to(actor))


def pool(db: Session, actor: Actor, code: str) -> PoolView:
    """One pool; NotFound where it is not this actor's."""
    found = _pools(db, and_(visible_to(actor), Pool.code == code))
    if not found:
        raise NotFound
    return found[0]


def pools_of_item(db: Session, item_code: str, year: int) -> list[PoolView]:
    """The pools that may bear a decision on *item_code* in *year*."""
    return _pools(db, and_(Pool.item_code == item_code, Pool.year == year))


def _pools(db: Session, which: ColumnElement[bool]) -> list[PoolView]:
    waits = and_(ClaimShare.pool_id == Pool.id, ClaimShare.state == ShareState.QUEUED)
    rows = db.execute(
        select(Pool, func.count(ClaimShare.id), func.coalesce(func.sum(ClaimShare.amount_fen), 0))
        .outerjoin(ClaimShare, waits)
        .where(which)
        .group_by(Pool.id)
        .order_by(Pool.year.desc(), Pool.code)
    )
    return [
        PoolView(
            row.code, row.name, row.item_code, row.year, row.source, row.total_fen, row.reserved_fen,
            row.paid_fen, waiting, int(waiting_fen),
        )
        for row, waiting, waiting_fen in rows
    ]  # fmt: skip


def desk(db: Session, actor: Actor) -> Desk:
    """Everything open in the pools of *actor*, the earliest decision first, and the last lines that ended."""
    mine = visible_to(actor)
    covered = and_(
        ClaimShare.state == ShareState.RESERVED,
        ClaimShare.lined_fen < ClaimShare.amount_fen,
        PoolClaim.account_reference != "",
        # what belongs together is prepared as a batch; what the bank sent back needs a second look
        or_(PoolClaim.group_subject == "", sent_back()),
    )
    to_prepare = _shares().where(mine, covered).order_by(PoolClaim.decided_at, ClaimShare.id)
    waiting = _shares().where(mine, ClaimShare.state == ShareState.QUEUED).order_by(*_QUEUE)
    is_open = PaymentLine.state.in_((LineState.PENDING, LineState.EXPORTED))
    has_ended = PaymentLine.state.in_((LineState.PAID, LineState.RETURNED))
    to_pay = (
        _lines()
        .where(mine, is_open, PaymentLine.batch_id.is_(None))
        .order_by(PoolClaim.decided_at, PaymentLine.id)
    )
    recent = _lines().where(mine, has_ended).order_by(PaymentLine.recorded_at.desc(), PaymentLine.id.desc())
    return Desk(
        tuple(_share(row) for row in db.execute(to_prepare.limit(MOST))),
        _views(db, to_pay.limit(MOST)),
        tuple(_share(row) for row in db.execute(waiting.limit(MOST))),
        _views(db, recent.limit(RECENT)),
    )


def sent_back() -> ColumnElement[bool]:
    """Whether the bank sent a payment of the share back and its account was not confirmed anew since."""
    own = aliased(ClaimAccount)
    confirmed = select(own.confirmed_at).where(own.claim_id == PaymentLine.claim_id).scalar_subquery()
    returned = (PaymentLine.share_id == ClaimShare.id, PaymentLine.state == LineState.RETURNED)
    return exists().where(*returned, or_(confirmed.is_(None), PaymentLine.ended_at >= confirmed))


def waiting_of(db: Session, group: str) -> set[str]:
    """The subjects of a group whose claim waits for funds."""
    query = select(PoolClaim.subject).where(
        PoolClaim.group_subject == group, PoolClaim.state == ClaimState.QUEUED
    )
    return set(db.scalars(query))


def line_of(db: Session, actor: Actor, payment_id: str) -> LineView:
    """One payment; NotFound where it is not this actor's."""
    found = _views(db, _lines().where(visible_to(actor), PaymentLine.payment_id == payment_id))
    if not found:
        raise NotFound
    return found[0]


def lines_of_batch(db: Session, batch_id: int) -> tuple[LineView, ...]:
    """The payments of one batch, for whoever may see it."""
    return _views(db, _lines().where(PaymentLine.batch_id == batch_id).order_by(PaymentLine.id))


def share_of(db: Session, actor: Actor, subject: str, source: FundSource) -> ShareView:
    """One source's part of a claim; NotFound where it is not this actor's."""
    query = _shares().where(visible_to(actor), PoolClaim.subject == subject, ClaimShare.source == source)
    row = db.execute(query).first()
    if row is None:
        raise NotFound
    return _share(row)


def claim_of(db: Session, subject: str) -> ClaimView | None:
    """What became of the decided amount of *subject*, for whoever may see that subject."""
    row = db.scalar(select(PoolClaim).where(PoolClaim.subject == subject))
    if row is None:
        return None
    mine = PoolClaim.subject == subject
    shares = tuple(_share(share) for share in db.execute(_shares().where(mine).order_by(ClaimShare.id)))
    lines = _views(db, _lines().where(mine).order_by(PaymentLine.id))
    return ClaimView(
        row.subject, row.payee_code, row.payee_name, row.account_reference, row.decided_fen, row.paid_fen,
        row.state, row.decided_at, row.funded_at, row.closed_at, position(db, row.id), shares, lines,
    )  # fmt: skip


def position(db: Session, claim_id: int) -> int | None:
    """The place in the queue of the share that waits longest to be reached; None where nothing waits."""
    places = [
        queue_of(db, share.pool_id).index(share.id) + 1
        for share in db.scalars(
            select(ClaimShare).where(ClaimShare.claim_id == claim_id, ClaimShare.state == ShareState.QUEUED)
        )
    ]
    return max(places, default=None)


_QUEUE = (ClaimShare.queued_at, ClaimShare.id)


def queue_of(db: Session, pool_id: int) -> list[int]:
    """The shares that wait for a pool, in the order in which they will be covered."""
    waiting = select(ClaimShare.id).where(
        ClaimShare.pool_id == pool_id, ClaimShare.state == ShareState.QUEUED
    )
    return list(db.scalars(waiting.order_by(*_QUEUE)))


def share_states(db: Session, claim_id: int) -> list[ShareState]:
    """Where every share of a claim stands."""
    query = select(ClaimShare.state).where(ClaimShare.claim_id == claim_id).order_by(ClaimShare.id)
    return list(db.scalars(query))


def returned_fen(db: Session, subject: str) -> int:
    """What the bank returned of a claim's payments and is not paid again, in fen."""
    found = db.execute(
        select(PaymentLine.source, PaymentLine.instalment, PaymentLine.state, PaymentLine.amount_fen)
        .join(PoolClaim, PoolClaim.id == PaymentLine.claim_id)
        .where(PoolClaim.subject == subject, PaymentLine.state.in_((LineState.RETURNED, LineState.PAID)))
        .order_by(PaymentLine.id)
    ).all()
    paid = {(row.source, row.instalment) for row in found if row.state is LineState.PAID}
    open_ = {(row.source, row.instalment): row.amount_fen for row in found}
    return sum(amount for line, amount in open_.items() if line not in paid)


def past_lines(db: Session, share_id: int) -> list[Past]:
    """Every line that was ever made of a share."""
    rows = db.scalars(select(PaymentLine).where(PaymentLine.share_id == share_id).order_by(PaymentLine.id))
    return [Past(row.instalment, row.attempt, row.amount_fen, row.state) for row in rows]


def _shares() -> Select[ClaimShare, PoolClaim, Pool]:
    return (
        select(ClaimShare, PoolClaim, Pool)
        .join(PoolClaim, PoolClaim.id == ClaimShare.claim_id)
        .join(Pool, Pool.id == ClaimShare.pool_id)
    )


def _share(row: Row[ClaimShare, PoolClaim, Pool]) -> ShareView:
    share, claim, pool = row
    return ShareView(
        claim.subject, claim.payee_name, pool.code, pool.name, share.source, share.amount_fen,
        share.lined_fen, share.paid_fen, share.state, share.queued_at, claim.decided_at,
    )  # fmt: skip


def _lines() -> Select[PaymentLine, PoolClaim, Pool]:
    return (
        select(PaymentLine, PoolClaim, Pool)
        .join(PoolClaim, PoolClaim.id == PaymentLine.claim_id)
        .join(ClaimShare, ClaimShare.id == PaymentLine.share_id)
        .join(Pool, Pool.id == ClaimShare.pool_id)
    )


def _views(db: Session, query: Select[PaymentLine, PoolClaim, Pool]) -> tuple[LineView, ...]:
    rows = db.execute(query).all()
    people = {
        person for line, _, _ in rows for person in (line.maker_id, line.payer_id) if person is not None
    }
    names = names_of(db, people) if people else {}
    return tuple(_line(line, claim, pool, names) for line, claim, pool in rows)


def _line(line: PaymentLine, claim: PoolClaim, pool: Pool, names: dict[int, str]) -> LineView:
    return LineView(
        line.payment_id, claim.subject, claim.payee_code, claim.payee_name, claim.account_reference,
        pool.code, pool.name, line.source, line.instalment, line.attempt, line.amount_fen, line.state,
        line.maker_id, names.get(line.maker_id, ""), line.prepared_at, names.get(line.payer_id or 0, ""),
        line.happened_at,
        line.bank_reference or "", line.end_reason or "", claim.decided_fen,
    )  # fmt: skip
