"""Who acts for an enterprise: offered, accepted, ended; rows stay for the record."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.db import Base, Instant, enum_column, partial_index
from foundation.enterprises.mandates.rules import Capacity


class Mandate(Base):
    """One person's mandate (授权) from one enterprise; it counts from its acceptance until its end."""

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("capacity <> 'agent' OR valid_until IS NOT NULL", name="agents_for_a_time"),
        CheckConstraint("capacity <> 'agent' OR NOT chief", name="agents_name_nobody"),
        CheckConstraint("(accepted_at IS NULL) = (membership_id IS NULL)", name="accepted_has_membership"),
        partial_index("uq_mandate_live", "credit_code", "person_id", where="ended_at IS NULL", unique=True),
        Index("ix_mandate_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_code: Mapped[str] = mapped_column(String(18))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    capacity: Mapped[Capacity] = mapped_column(enum_column(Capacity))
    # whether this person says who else acts
    chief: Mapped[bool] = mapped_column(default=False)
    may_apply: Mapped[bool] = mapped_column(default=True)
    may_confirm: Mapped[bool] = mapped_column(default=True)
    all_items: Mapped[bool] = mapped_column(default=True)
    # an agent's own firm, as the enterprise names it
    agency: Mapped[str | None] = mapped_column(String(120))
    valid_until: Mapped[date | None]
    named_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    offered_at: Mapped[datetime] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    items: Mapped[list["MandateItem"]] = relationship(
        back_populates="mandate", cascade="all, delete-orphan", order_by="MandateItem.item_code"
    )


class MandateItem(Base):
    """One item for which a mandate that is not for all of them holds."""

    __tablename__ = "mandate_item"

    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"), primary_key=True)
    item_code: Mapped[str] = mapped_column(String(80), primary_key=True)

    mandate: Mapped[Mandate] = relationship(back_populates="items")


class Contact(Base):
    """Who gets the messages of an enterprise; one an enterprise."""

    __tablename__ = "enterprise_contact"

    credit_code: Mapped[str] = mapped_column(String(18), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(200), default="")
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Instant)
