"""Payments that the bank sent back, and the corrected account."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, Fen, Instant, enum_column, partial_index
from portal.window.returns.rules import Stage


class BankReturn(Base):
    """What the bank sent back of one case, until it is paid again (退票)."""

    __tablename__ = "bank_return"
    __table_args__ = (
        CheckConstraint("checker_id IS NULL OR checker_id <> proposer_id", name="four_eyes"),
        CheckConstraint("stage <> 'proposed' OR proposer_id IS NOT NULL", name="proposed_by"),
        CheckConstraint("stage NOT IN ('corrected', 'repaid') OR checker_id IS NOT NULL", name="checked_by"),
        CheckConstraint("(stage = 'repaid') = (repaid_at IS NOT NULL)", name="repaid_at"),
        CheckConstraint("amount_fen > 0", name="amount"),
        partial_index("uq_bank_return_live", "case_number", where="stage <> 'repaid'", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_number: Mapped[str] = mapped_column(ForeignKey("case_.number"))
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    amount_fen: Mapped[int] = mapped_column(Fen)
    # the bank's words
    reason: Mapped[str]
    returned_at: Mapped[datetime] = mapped_column(Instant)
    # when the enterprise was told what to correct
    told_at: Mapped[datetime] = mapped_column(Instant)
    # the account to be checked; of a checked one the last four digits alone are kept here
    account_name: Mapped[str | None] = mapped_column(String(120))
    account_bank: Mapped[str | None] = mapped_column(String(120))
    account_number: Mapped[str | None] = mapped_column(String(40))
    proposer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(Instant)
    checker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    decline_reason: Mapped[str | None]
    repaid_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def subject(self) -> str:
        """How audit and deadlines name it."""
        return f"return:{self.case_number}"
