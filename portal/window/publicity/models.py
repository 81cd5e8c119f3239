"""What is shown to the public before money is decided, and who objected."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, Instant, Json, enum_column
from portal.window.publicity.rules import State


class Publicity(Base):
    """One publication of a case or of rows of a list; its text never changes."""

    __tablename__ = "publicity"
    __table_args__ = (Index("ix_publicity_subject", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    # case:… or list:…
    about: Mapped[str] = mapped_column("subject", String(120))
    item_title: Mapped[str] = mapped_column(String(300))
    department_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    notice_number: Mapped[str] = mapped_column(String(80))
    text: Mapped[dict[str, Any]] = mapped_column(Json)
    # SHA-256 of the text
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    # the case was sent back: what was shown is no longer what will be decided
    set_aside_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def subject(self) -> str:
        """How audit and deadlines name it."""
        return f"publicity:{self.number}"


class Objection(Base):
    """One objection by name; what it says and who says it are kept apart."""

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint("decider_id IS NULL OR decider_id <> examiner_id", name="four_eyes"),
        CheckConstraint(
            "state NOT IN ('upheld', 'dismissed') OR (decider_id IS NOT NULL AND decision IS NOT NULL)",
            name="decided_by",
        ),
        Index("ix_objection_publicity_id", "publicity_id"),
        Index("ix_objection_origin", "origin", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    publicity_id: Mapped[int] = mapped_column(ForeignKey("publicity.id"))
    # whom it is about, by credit code; empty where it is about all
    credit_code: Mapped[str] = mapped_column(String(18), default="")
    state: Mapped[State] = mapped_column(enum_column(State))
    received_at: Mapped[datetime] = mapped_column(Instant)
    # where it came from, keyed and of one day: for the rate limit alone
    origin: Mapped[str] = mapped_column(String(64), default="")
    examiner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opinion: Mapped[str | None]
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def subject(self) -> str:
        """How audit names it."""
        return f"objection:{self.number}"


class ObjectionPersonal(Base):
    """Who objected and in which words, outside the audit chain."""

    __tablename__ = "objection_personal"

    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(40))
    statement: Mapped[str]
