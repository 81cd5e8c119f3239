"""What becomes of a case when it has ended: somebody asks, and the enterprise may judge."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, Instant, enum_column, partial_index
from portal.feedback.rules import Outcome


class FollowUp(Base):
    """The one follow-up of a matter (逐件回访)."""

    __tablename__ = "follow_up"
    __table_args__ = (
        CheckConstraint("(reached_at IS NULL) = (outcome IS NULL)", name="reached_has_outcome"),
        CheckConstraint(
            "outcome IS NULL OR outcome = 'rated' OR caller_id IS NOT NULL", name="call_has_caller"
        ),
        CheckConstraint("attempts >= 0", name="attempts"),
        partial_index("ix_follow_up_open", "window_id", "id", where="reached_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), unique=True)
    case_number: Mapped[str] = mapped_column(String(40))
    applicant_code: Mapped[str] = mapped_column(String(40))
    window_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    # when the money arrived or the decision was served
    opened_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    # calls that reached nobody
    attempts: Mapped[int] = mapped_column(default=0)
    reached_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # what there is to put right, in the caller's words
    note: Mapped[str | None]


class Rating(Base):
    """What an enterprise thinks of one matter: said once, never changed, never shown to staff as its own."""

    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        Index("ix_rating_rated_at", "rated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), unique=True)
    case_number: Mapped[str] = mapped_column(String(40))
    level: Mapped[int]
    comment: Mapped[str | None]
    rated_at: Mapped[datetime] = mapped_column(Instant)
