"""Accounts on their way to an enterprise."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, Instant, Json, enum_column, partial_index
from foundation.enterprises.binding.rules import BindingState
from foundation.enterprises.mandates.rules import Capacity


class BindingRequest(Base):
    """Somebody who wants to act for an enterprise, and what became of it."""

    __tablename__ = "binding_request"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state <> 'granted' OR mandate_id IS NOT NULL", name="granted_has_mandate"),
        CheckConstraint("state <> 'refused' OR reason IS NOT NULL", name="refused_has_reason"),
        partial_index("uq_binding_request_waiting", "person_id", where="state = 'waiting'", unique=True),
        Index("ix_binding_request_credit_code", "credit_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # shown to the person, said at the counter
    short_code: Mapped[str] = mapped_column(String(8), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    credit_code: Mapped[str] = mapped_column(String(18))
    firm_name: Mapped[str] = mapped_column(String(120))
    region_code: Mapped[str] = mapped_column(String(6))
    capacity: Mapped[Capacity] = mapped_column(enum_column(Capacity))
    state: Mapped[BindingState] = mapped_column(enum_column(BindingState))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proofs: Mapped[list[str]] = mapped_column(Json)
    reason: Mapped[str | None] = mapped_column(String(500))
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))


class IdentityLink(Base):
    """Whom an identity service means by one of its subjects."""

    __tablename__ = "identity_link"

    issuer: Mapped[str] = mapped_column(String(200), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    linked_at: Mapped[datetime] = mapped_column(Instant)
