"""Questions, who asked them, and what became of the good answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.db import Base, Instant, enum_column, partial_index
from portal.window.questions.rules import Channel, FaqStage, Kind, Stage


class Question(Base):
    """One question to the window, or the wish to be called."""

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("stage <> 'passed' OR department_id IS NOT NULL", name="passed_to_somebody"),
        CheckConstraint("(stage IN ('to_tell', 'answered')) = (answered_at IS NOT NULL)", name="answered_at"),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answer"),
        # whoever asks can be told: an account, or the code of a visitor
        CheckConstraint("asker_code IS NOT NULL OR code_digest IS NOT NULL", name="can_be_told"),
        Index("ix_question_asker_code", "asker_code"),
        Index("ix_question_department_id", "department_id"),
        Index("ix_question_asked_at", "asked_at"),
        partial_index("ix_question_open", "window_id", "id", where="stage <> 'answered'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind))
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    # the item it is about, where it is about one
    item_code: Mapped[str | None] = mapped_column(String(80))
    item_title: Mapped[str] = mapped_column(String(300), default="")
    window_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    # whom it was passed to; it stays after a return, so that the department still sees what it was asked
    department_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    # the organisation of an asker with an account; a visitor has the digest of its lookup code instead
    asker_code: Mapped[str | None] = mapped_column(String(40))
    code_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answerer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str | None]
    # calls that reached nobody
    missed: Mapped[int] = mapped_column(default=0)
    # what the window wrote to the department, or the department when it gave the question back
    note: Mapped[str | None]

    personal: Mapped["QuestionPersonal"] = relationship(
        back_populates="question", cascade="all, delete-orphan"
    )

    @property
    def subject(self) -> str:
        """How audit and deadlines name it."""
        return f"question:{self.number}"


class QuestionPersonal(Base):
    """Who asked, and in which words: apart, so that they can be corrected and erased."""

    __tablename__ = "question_personal"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    words: Mapped[str]
    # where a visitor's question came from, keyed and of one day: for the rate limit alone
    origin: Mapped[str | None] = mapped_column(String(64))

    question: Mapped[Question] = relationship(back_populates="personal")


class FaqEntry(Base):
    """A question that many have, with its answer: edited, proposed, let out by another on the item's page."""

    __tablename__ = "faq_entry"
    __table_args__ = (
        CheckConstraint("approver_id IS NULL OR approver_id <> proposer_id", name="four_eyes"),
        CheckConstraint(
            "(stage = 'proposed') = (decided_at IS NULL) AND (decided_at IS NULL) = (approver_id IS NULL)",
            name="decided_by",
        ),
        CheckConstraint("stage NOT IN ('declined', 'withdrawn') OR reason IS NOT NULL", name="reason"),
        Index("ix_faq_entry_item_code", "item_code", "stage"),
        Index("ix_faq_entry_department_id", "department_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    item_code: Mapped[str] = mapped_column(String(80))
    item_title: Mapped[str] = mapped_column(String(300))
    # the item's competent department: its people alone let an entry out
    department_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    window_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    question_number: Mapped[str] = mapped_column(ForeignKey("question.number"))
    question: Mapped[str] = mapped_column(String(400))
    answer: Mapped[str]
    stage: Mapped[FaqStage] = mapped_column(enum_column(FaqStage))
    proposer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    # why it was declined or withdrawn
    reason: Mapped[str | None]

    @property
    def subject(self) -> str:
        """How audit names it."""
        return f"faq:{self.number}"
