"""Pools, their double-entry ledger, claims on them and payment lines. Money is BIGINT fen."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, Fen, Instant, Json, enum_column, partial_index
from portal.payouts.rules import Account, BatchState, ClaimState, FundSource, LineState, ShareState, Transfer

# no UPDATE, DELETE or TRUNCATE: the migration makes the triggers
IMMUTABLE = ("ledger_transfer", "ledger_entry")


class Pool(Base):
    """The money of one source for one item in one year; the counters are the sums of the ledger."""

    __tablename__ = "pool"
    __table_args__ = (
        UniqueConstraint("item_code", "year", "source", "organisation_id"),
        CheckConstraint("reserved_fen + paid_fen <= total_fen", name="covered"),
        CheckConstraint("total_fen >= 0 AND reserved_fen >= 0 AND paid_fen >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    item_code: Mapped[str] = mapped_column(String(64))
    year: Mapped[int]
    source: Mapped[FundSource] = mapped_column(enum_column(FundSource))
    # the finance organisation that pays from it
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    total_fen: Mapped[int] = mapped_column(Fen, default=0)
    reserved_fen: Mapped[int] = mapped_column(Fen, default=0)
    paid_fen: Mapped[int] = mapped_column(Fen, default=0)
    opened_at: Mapped[datetime] = mapped_column(Instant)


class LedgerTransfer(Base):
    """One movement of money; its entries sum to nothing. Rows are only ever added."""

    __tablename__ = "ledger_transfer"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Transfer] = mapped_column(enum_column(Transfer))
    # what it was for: the claim's share or the payment, or the treasury's document
    share_id: Mapped[int | None] = mapped_column(ForeignKey("claim_share.id"), index=True)
    payment_id: Mapped[str | None] = mapped_column(String(36))
    document_number: Mapped[str | None] = mapped_column(String(120))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    happened_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class LedgerEntry(Base):
    """What a transfer did to one account of one pool: plus came in, minus went out."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("amount_fen <> 0", name="moves"),
        Index("ix_ledger_entry_pool_id_account", "pool_id", "account"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey("ledger_transfer.id"), index=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    account: Mapped[Account] = mapped_column(enum_column(Account))
    amount_fen: Mapped[int] = mapped_column(Fen)


class PoolClaim(Base):
    """A decided amount; *subject* is whose (case:…), payouts knows nothing else of it."""

    __tablename__ = "pool_claim"
    __table_args__ = (
        CheckConstraint("decided_fen > 0", name="positive"),
        CheckConstraint("paid_fen >= 0 AND paid_fen <= decided_fen", name="not_overpaid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), unique=True)
    payee_code: Mapped[str] = mapped_column(String(18))
    payee_name: Mapped[str] = mapped_column(String(200))
    # which confirmed account, as 尾号 3321; kept here, outside the audit chain
    account_reference: Mapped[str] = mapped_column(String(120), default="")
    # what it may be paid together with, as list:QD-2026-001; payouts knows nothing else of it
    group_subject: Mapped[str] = mapped_column(String(120), default="")
    decided_fen: Mapped[int] = mapped_column(Fen)
    paid_fen: Mapped[int] = mapped_column(Fen, default=0)
    state: Mapped[ClaimState] = mapped_column(enum_column(ClaimState))
    decided_at: Mapped[datetime] = mapped_column(Instant)
    funded_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class ClaimAccount(Base):
    """The account that the payee confirmed, as it stands now; outside the audit chain."""

    __tablename__ = "claim_account"

    claim_id: Mapped[int] = mapped_column(ForeignKey("pool_claim.id"), primary_key=True)
    holder: Mapped[str] = mapped_column(String(200))
    bank: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(40))
    confirmed_at: Mapped[datetime] = mapped_column(Instant)


class LineAccount(Base):
    """The account to which one payment was sent, as it stood when the payment was prepared."""

    __tablename__ = "line_account"

    line_id: Mapped[int] = mapped_column(ForeignKey("payment_line.id"), primary_key=True)
    holder: Mapped[str] = mapped_column(String(200))
    bank: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(40))


class PaymentBatch(Base):
    """Payments of one pool that go to the treasury together; prepared by one, released by another."""

    __tablename__ = "payment_batch"
    __table_args__ = (
        CheckConstraint("releaser_id IS NULL OR releaser_id <> maker_id", name="four_eyes"),
        CheckConstraint(
            "state IN ('prepared', 'void') OR (releaser_id IS NOT NULL AND digest IS NOT NULL)",
            name="released_by",
        ),
        CheckConstraint("line_count BETWEEN 1 AND 500", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    group_subject: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[BatchState] = mapped_column(enum_column(BatchState))
    line_count: Mapped[int]
    amount_fen: Mapped[int] = mapped_column(Fen)
    maker_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime] = mapped_column(Instant)
    releaser_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    # of the treasury's file, as it was released
    digest: Mapped[str | None] = mapped_column(String(64))
    # what the last file of results said that could not be taken: row and reason
    refused: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)


class ClaimShare(Base):
    """The part of a claim that one pool bears, covered whole or queued whole."""

    __tablename__ = "claim_share"
    __table_args__ = (
        UniqueConstraint("claim_id", "source"),
        CheckConstraint("amount_fen > 0", name="positive"),
        CheckConstraint(
            "paid_fen >= 0 AND paid_fen <= lined_fen AND lined_fen <= amount_fen", name="lines_fit"
        ),
        partial_index("ix_claim_share_queue", "pool_id", "queued_at", "id", where="state = 'queued'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("pool_claim.id"))
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    source: Mapped[FundSource] = mapped_column(enum_column(FundSource))
    amount_fen: Mapped[int] = mapped_column(Fen)
    # what live lines take of it, and what of that has left
    lined_fen: Mapped[int] = mapped_column(Fen, default=0)
    paid_fen: Mapped[int] = mapped_column(Fen, default=0)
    state: Mapped[ShareState] = mapped_column(enum_column(ShareState))
    queued_at: Mapped[datetime | None] = mapped_column(Instant)


class PaymentLine(Base):
    """One attempt to pay one instalment of one source; prepared by one person, confirmed by another."""

    __tablename__ = "payment_line"
    __table_args__ = (
        UniqueConstraint("claim_id", "source", "instalment", "attempt"),
        partial_index(
            "uq_payment_line_live", "claim_id", "source", "instalment",
            where="state IN ('pending', 'exported', 'paid')", unique=True,
        ),
        CheckConstraint("amount_fen > 0 AND instalment >= 1 AND attempt >= 1", name="positive"),
        CheckConstraint("payer_id IS NULL OR payer_id <> maker_id", name="four_eyes"),
        CheckConstraint(
            "state <> 'paid' OR (payer_id IS NOT NULL AND happened_at IS NOT NULL)", name="paid_by"
        ),
        Index("ix_payment_line_share_id", "share_id"),
        Index("ix_payment_line_batch_id", "batch_id"),
        Index("ix_payment_line_state", "state"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[str] = mapped_column(String(36), unique=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("pool_claim.id"))
    share_id: Mapped[int] = mapped_column(ForeignKey("claim_share.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("payment_batch.id"))
    source: Mapped[FundSource] = mapped_column(enum_column(FundSource))
    instalment: Mapped[int]
    attempt: Mapped[int]
    amount_fen: Mapped[int] = mapped_column(Fen)
    state: Mapped[LineState] = mapped_column(enum_column(LineState))
    maker_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    prepared_at: Mapped[datetime] = mapped_column(Instant)
    payer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    bank_reference: Mapped[str | None] = mapped_column(String(80))
    # when the money left, by the bank's slip; when that was entered
    happened_at: Mapped[datetime | None] = mapped_column(Instant)
    recorded_at: Mapped[datetime | None] = mapped_column(Instant)
    # a bank return or a void: when, and why (free text, so not in the chain's facts)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    end_reason: Mapped[str | None] = mapped_column(String(200))
