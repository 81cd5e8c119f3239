"""Consents to an application that the window makes on behalf of an enterprise."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, Instant, enum_column
from foundation.enterprises.consents.rules import Means


class Consent(Base):
    """Who of the enterprise agreed, how, and who wrote it down."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_credit_code", "credit_code", "item_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_code: Mapped[str] = mapped_column(String(18))
    item_code: Mapped[str] = mapped_column(String(80))
    window_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    means: Mapped[Means] = mapped_column(enum_column(Means))
    given_by: Mapped[str] = mapped_column(String(60))
    given_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
