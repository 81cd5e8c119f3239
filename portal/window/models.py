"""The case and what belongs to it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.db import Base, Fen, Instant, Json, enum_column, partial_index
from portal.window.rules import Ending, Stage

LIVE = "stage NOT IN ('draft', 'paid', 'delivered', 'reported', 'rejected', 'refused', 'withdrawn')"


class Channel(StrEnum):
    """Where the application came in."""

    ONLINE = "online"
    COUNTER = "counter"
    LIST = "list"


class Case(Base):
    """One application of one enterprise for one item, from draft to money."""

    __tablename__ = "case_"
    __table_args__ = (
        CheckConstraint("stage = 'draft' OR number IS NOT NULL", name="numbered"),
        CheckConstraint(
            "reviewer_id IS NULL OR decider_id IS NULL OR reviewer_id <> decider_id", name="four_eyes"
        ),
        CheckConstraint("applied_fen >= 0 AND checked_fen >= 0 AND decided_fen >= 0", name="amounts"),
        partial_index(
            "uq_case_live_draft", "applicant_id", "item_code", where="stage = 'draft'", unique=True
        ),
        # the same money is asked for once at a time
        partial_index("uq_case_live", "applicant_id", "item_code", where=LIVE, unique=True),
        Index("ix_case_stage", "stage"),
        Index("ix_case_window_id", "window_id"),
        Index("ix_case_department_id", "department_id"),
        Index("ix_case_applicant_code", "applicant_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    external_id: Mapped[str | None] = mapped_column(String(80))
    item_code: Mapped[str] = mapped_column(String(80))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    item_title: Mapped[str] = mapped_column(String(300))
    mode: Mapped[str] = mapped_column(String(40))
    # money, a benefit delivered, or a report to the level above
    ending: Mapped[Ending] = mapped_column(enum_column(Ending), default=Ending.PAYMENT)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    version: Mapped[int] = mapped_column(default=0)

    applicant_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    applicant_code: Mapped[str] = mapped_column(String(18))
    applicant_name: Mapped[str] = mapped_column(String(120))
    applicant_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    window_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    # the item's competent department, in whose name papers are issued; who holds the case after a handoff
    department_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))

    # what the form asked, and the profile values that prefilled it with their source and date
    form: Mapped[dict[str, Any]] = mapped_column(Json)
    applied_fen: Mapped[int | None] = mapped_column(Fen)
    checked_fen: Mapped[int | None] = mapped_column(Fen)
    decided_fen: Mapped[int | None] = mapped_column(Fen)
    check_reason: Mapped[str | None]
    decision_reason: Mapped[str | None]

    officer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # the window let five working days pass without a word: accepted by law, its omission
    deemed_accepted: Mapped[bool] = mapped_column(default=False)

    created_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    handed_off_at: Mapped[datetime | None] = mapped_column(Instant)
    responded_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    paid_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    outcome: Mapped["Outcome | None"] = relationship(back_populates="case")
    personal: Mapped["CasePersonal"] = relationship(back_populates="case", cascade="all, delete-orphan")
    files: Mapped[list["CaseFile"]] = relationship(back_populates="case", order_by="CaseFile.id")
    gaps: Mapped[list["Gap"]] = relationship(back_populates="case", order_by="Gap.id")
    handoffs: Mapped[list["Handoff"]] = relationship(back_populates="case", order_by="Handoff.id")

    @property
    def subject(self) -> str:
        """How audit, deadlines, notices and claims name it."""
        return f"case:{self.number}"


class Outcome(Base):
    """How a case ended without money: what was delivered, or to which body it was reported."""

    __tablename__ = "case_outcome"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_.id"), primary_key=True)
    # 减免了什么, 发了什么证; for a report the body above
    what: Mapped[str] = mapped_column(String(200))
    # the paper that shows it
    document_number: Mapped[str] = mapped_column(String(120))
    happened_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    case: Mapped[Case] = relationship(back_populates="outcome")


class CasePersonal(Base):
    """Personal values of a case, apart so that they can be corrected and erased."""

    __tablename__ = "case_personal"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_.id"), primary_key=True)
    contact_name: Mapped[str] = mapped_column(String(60), default="")
    contact_phone: Mapped[str] = mapped_column(String(20), default="")
    account_name: Mapped[str] = mapped_column(String(120), default="")
    account_bank: Mapped[str] = mapped_column(String(120), default="")
    account_number: Mapped[str] = mapped_column(String(40), default="")
    officer_name: Mapped[str] = mapped_column(String(60), default="")
    officer_phone: Mapped[str] = mapped_column(String(20), default="")

    case: Mapped[Case] = relationship(back_populates="personal")


class CaseFile(Base):
    """A file handed in; one that was taken out of a draft keeps its row."""

    __tablename__ = "case_file"
    __table_args__ = (Index("ix_case_file_case_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_.id"))
    material: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None] = mapped_column(Instant)

    case: Mapped[Case] = relationship(back_populates="files")


class Gap(Base):
    """One thing missing, told once and all together (一次性告知)."""

    __tablename__ = "case_gap"
    __table_args__ = (UniqueConstraint("case_id", "round", "material"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_.id"))
    round: Mapped[int]
    material: Mapped[str] = mapped_column(String(200))
    wanted: Mapped[str] = mapped_column(String(500))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    supplied_at: Mapped[datetime | None] = mapped_column(Instant)

    case: Mapped[Case] = relationship(back_populates="gaps")


class Handoff(Base):
    """One 交办 of a case to a department; a return ends it and the case is handed off anew."""

    __tablename__ = "handoff"
    __table_args__ = (Index("ix_handoff_case_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    notice_number: Mapped[str] = mapped_column(String(80), unique=True)
    # the moment the notice entered the department's desk, or was signed for on paper if earlier
    received_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    returned_at: Mapped[datetime | None] = mapped_column(Instant)
    return_reason: Mapped[str | None]
    return_basis: Mapped[str | None]

    case: Mapped[Case] = relationship(back_populates="handoffs")
