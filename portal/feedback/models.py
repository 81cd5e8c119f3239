"""What becomes of a case when it has ended: somebody asks, and the enterprise may judge."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, Instant, enum_column, partial_index
from portal.feedback.rules import Given, Outcome


class FollowUp(Base):
    """The one follow-up of a matter (逐件回访)."""

    __tablename__ = "follow_up"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="reached_has_outcome"),
        CheckConstraint(
            "outcome IS NULL OR outcome = 'rated' OR caller_id IS NOT NULL", name="call_has_caller"
        ),
        CheckConstraint("attempts >= 0", name="attempts"),
        partial_index("ix_follow_up_open", "window_id", "id", where="ended_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), unique=True)
    case_number: Mapped[str] = mapped_column(String(40))
    applicant_code: Mapped[str] = mapped_column(String(40))
    window_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    # when the money arrived or the decision was served
    opened_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    # whose turn it is to call; a colleague without a hand in the case may do it as well
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # calls that reached nobody
    attempts: Mapped[int] = mapped_column(default=0)
    first_missed_at: Mapped[datetime | None] = mapped_column(Instant)
    # somebody was reached, or was not after three calls on two days
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome))
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # what there is to put right, in the caller's words
    note: Mapped[str | None]


class Rating(Base):
    """What an enterprise thinks of one matter: said once, never changed, never shown to staff as its own."""

    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        CheckConstraint("(given = 'phone') = (typed_by_id IS NOT NULL)", name="typed_by"),
        Index("ix_rating_rated_at", "rated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), unique=True)
    case_number: Mapped[str] = mapped_column(String(40))
    level: Mapped[int]
    comment: Mapped[str | None]
    rated_at: Mapped[datetime] = mapped_column(Instant)
    given: Mapped[Given] = mapped_column(enum_column(Given), default=Given.ONLINE, server_default="online")
    # who wrote down what was said on the phone
    typed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # an appeal against it was upheld: it is no longer counted, and stays as it is
    excluded_at: Mapped[datetime | None] = mapped_column(Instant)
