"""Calendars, clocks and their ledgers."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, Instant, Json, enum_column
from foundation.deadlines.rules import Kind


class CalendarVersion(Base):
    """One year's days off and days made up, as one notice states them; a correction is a new version."""

    __tablename__ = "calendar_version"
    __table_args__ = (UniqueConstraint("year", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    version: Mapped[int]
    off: Mapped[dict[str, str]] = mapped_column(Json)  # {"2026-10-01": "国庆节"}
    on: Mapped[dict[str, str]] = mapped_column(Json)
    source: Mapped[str] = mapped_column(String(300))
    digest: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class CalendarGap(Base):
    """A year that some due time reaches though its notice is not loaded: the administrator's alarm."""

    __tablename__ = "calendar_gap"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    noticed_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


def _while(condition: str) -> dict[str, Any]:
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


RUNNING = "stopped_at IS NULL"


class Deadline(Base):
    """One clock of one subject. What follows from its ledger is kept beside it, and equals its fold."""

    __tablename__ = "deadline"
    __table_args__ = (
        CheckConstraint("stopped_at IS NULL OR stopped_at >= started_at", name="stops_after_start"),
        CheckConstraint("due_at IS NULL OR due_at >= started_at", name="due_after_start"),
        Index("uq_deadline_running", "subject", "limit_name", unique=True, **_while(RUNNING)),
        Index("ix_deadline_subject", "subject"),
        Index("ix_deadline_stopped_at", "stopped_at"),
        Index("ix_deadline_to_warn", "warn_at", **_while(f"{RUNNING} AND warned_at IS NULL")),
        Index("ix_deadline_to_breach", "due_at", **_while(f"{RUNNING} AND breached_at IS NULL")),
        Index("ix_deadline_held", "hold_until", **_while(f"{RUNNING} AND hold_told_at IS NULL")),
        Index("ix_deadline_to_supervise", "supervise_at", **_while(f"{RUNNING} AND supervised_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(120))
    limit_name: Mapped[str] = mapped_column(String(40))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    rule: Mapped[dict[str, Any]] = mapped_column(Json)  # the limit as it was when the clock started
    hours: Mapped[dict[str, Any]] = mapped_column(Json)
    started_at: Mapped[datetime] = mapped_column(Instant)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)

    suspended_at: Mapped[datetime | None] = mapped_column(Instant)
    hold_until: Mapped[datetime | None] = mapped_column(Instant)  # the planned end of a hold
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    provisional: Mapped[bool] = mapped_column(default=False)
    calendar: Mapped[str] = mapped_column(String(120), default="")
    used_minutes: Mapped[int | None]
    warn_at: Mapped[datetime | None] = mapped_column(Instant)
    supervise_at: Mapped[datetime | None] = mapped_column(Instant)

    warned_at: Mapped[datetime | None] = mapped_column(Instant)
    breached_at: Mapped[datetime | None] = mapped_column(Instant)  # the due time itself
    breach_recorded_at: Mapped[datetime | None] = mapped_column(Instant)
    supervised_at: Mapped[datetime | None] = mapped_column(Instant)
    hold_told_at: Mapped[datetime | None] = mapped_column(Instant)  # when a hold beyond its plan was told


class DeadlineEntry(Base):
    """One line of a clock's ledger; lines are only ever added."""

    __tablename__ = "deadline_entry"
    __table_args__ = (Index("ix_deadline_entry_deadline_id", "deadline_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind))
    reason: Mapped[str] = mapped_column(String(40), default="")
    basis: Mapped[str] = mapped_column(String(300), default="")
    planned_end: Mapped[datetime | None] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(String(300), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
