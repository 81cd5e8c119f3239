"""Tokens with which a firm's own programs read its cases."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, Instant, enum_column
from portal.api.rules import Scope


class ApiToken(Base):
    """A token, known by its handle; the secret itself is told once and kept nowhere."""

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_by_someone"),
        Index("ix_api_token_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(8), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    label: Mapped[str] = mapped_column(String(60))
    scope: Mapped[Scope] = mapped_column(enum_column(Scope))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    # it reads as the person who made it, and no longer than that person may
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    # the last day on which it is good
    ends_on: Mapped[date]
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
