"""Enterprises and what is known about them: open facts, each with source and date, nothing overwritten."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, Instant, Json, enum_column, partial_index
from foundation.enterprises.rules import Kind, Source


class Enterprise(Base):
    """One applicant of any kind, by its credit code."""

    __tablename__ = "enterprise"
    __table_args__ = (CheckConstraint("length(credit_code) = 18", name="credit_code_length"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_code: Mapped[str] = mapped_column(String(18), unique=True)
    # the file's own id, kept for ever
    external_id: Mapped[str | None] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[Kind] = mapped_column(enum_column(Kind))
    region_code: Mapped[str | None] = mapped_column(String(6), index=True)
    industry_code: Mapped[str | None] = mapped_column(String(10))
    # as given: a day, a month or a year
    established_on: Mapped[str | None] = mapped_column(String(10))
    snapshot_date: Mapped[date | None]
    # why a code that fails the check digit of GB 32100 was taken all the same
    credit_code_override_reason: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class Fact(Base):
    """One thing known about an enterprise from one source; a later value supersedes it, the row stays."""

    __tablename__ = "enterprise_fact"
    __table_args__ = (
        partial_index(
            "uq_enterprise_fact_current", "enterprise_id", "field", "source",
            where="superseded_at IS NULL", unique=True,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    field: Mapped[str] = mapped_column(String(80))
    # JSON null: asked for and not known
    value: Mapped[Any] = mapped_column(Json)
    source: Mapped[Source] = mapped_column(enum_column(Source))
    as_of: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)
