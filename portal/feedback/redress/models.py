"""What a bad rating asks to be put right."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, Instant, enum_column
from portal.feedback.redress.rules import Stage


class Redress(Base):
    """The task that one bad rating opens (差评整改); its number says nothing of the case."""

    __tablename__ = "redress"
    __table_args__ = (
        CheckConstraint("stage = 'open' OR stage = 'excluded' OR contacted_at IS NOT NULL", name="contacted"),
        CheckConstraint(
            "stage NOT IN ('fixed', 'confirmed', 'disputed', 'closed') OR fixed_at IS NOT NULL", name="fixed"
        ),
        CheckConstraint("(appeal_decided_at IS NULL) = (appeal_upheld IS NULL)", name="appeal_decided"),
        CheckConstraint("appeal_decided_at IS NULL OR appealed_at IS NOT NULL", name="appeal"),
        CheckConstraint(
            "(stage = 'excluded') = (appeal_upheld IS NOT NULL AND appeal_upheld)", name="excluded_on_appeal"
        ),
        Index("ix_redress_window_id", "window_id", "stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    case_number: Mapped[str] = mapped_column(String(40), unique=True)
    applicant_code: Mapped[str] = mapped_column(String(40))
    window_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    # never anybody with a hand in the case
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    stage: Mapped[Stage] = mapped_column(enum_column(Stage))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    contacted_at: Mapped[datetime | None] = mapped_column(Instant)
    # what the enterprise said when it was called, and what was done about it
    heard: Mapped[str | None]
    fixed_at: Mapped[datetime | None] = mapped_column(Instant)
    done: Mapped[str | None]
    # what the enterprise said of that, or the supervisor when it ended
    reply: Mapped[str | None]
    appealed_at: Mapped[datetime | None] = mapped_column(Instant)
    appeal_reason: Mapped[str | None]
    appeal_decided_at: Mapped[datetime | None] = mapped_column(Instant)
    appeal_upheld: Mapped[bool | None]
    appeal_ruling: Mapped[str | None]

    @property
    def subject(self) -> str:
        """How audit and deadlines name it."""
        return f"redress:{self.number}"

    @property
    def appeal_open(self) -> bool:
        """Whether an appeal waits for its decision."""
        return self.appealed_at is not None and self.appeal_decided_at is None
