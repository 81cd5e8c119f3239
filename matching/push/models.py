"""What was pushed to whom and why, and the planes as they stood when that was last looked at."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, Instant, Json, enum_column
from matching.push.rules import Reason


class PushRun(Base):
    """One reason to look at all enterprises, shared out by ranges; the last range finishes it."""

    __tablename__ = "push_run"
    __table_args__ = (
        UniqueConstraint("item_version_id", "reason"),
        CheckConstraint("ranges_done <= ranges", name="ranges"),
        CheckConstraint("(finished_at IS NULL) = (ranges_done < ranges)", name="finished"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    reason: Mapped[Reason] = mapped_column(enum_column(Reason))
    ranges: Mapped[int]
    ranges_done: Mapped[int] = mapped_column(default=0)
    found: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class Push(Base):
    """One enterprise was told of one version of an item for one reason; muted where it had opted out."""

    __tablename__ = "push"
    __table_args__ = (
        UniqueConstraint("enterprise_id", "item_version_id", "reason"),
        Index("ix_push_item_version_id", "item_version_id", "reason"),
        CheckConstraint("wrong_at IS NOT NULL OR wrong_note IS NULL", name="wrong"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    reason: Mapped[Reason] = mapped_column(enum_column(Reason))
    # the key of the message that tells it; none where the enterprise wants no such messages
    message_key: Mapped[str | None] = mapped_column(String(160))
    pushed_at: Mapped[datetime] = mapped_column(Instant)
    # the enterprise says that it should not have been told
    wrong_at: Mapped[datetime | None] = mapped_column(Instant)
    wrong_note: Mapped[str | None] = mapped_column(String(200))


class PushPlane(Base):
    """The last outcome of one item for a block of enterprises: who surely meets it, and who may."""

    __tablename__ = "push_plane"

    item_id: Mapped[int] = mapped_column(ForeignKey("policy_item.id"), primary_key=True)
    block: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    surely: Mapped[bytes] = mapped_column(LargeBinary)
    maybe: Mapped[bytes] = mapped_column(LargeBinary)


class PushBlock(Base):
    """The lock of a block, and how often its enterprises' facts have changed."""

    __tablename__ = "push_block"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(default=0)


class PushTouched(Base):
    """Whose facts changed at which revision of a block, for processes that keep facts in memory."""

    __tablename__ = "push_touched"

    block: Mapped[int] = mapped_column(ForeignKey("push_block.number"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    enterprise_ids: Mapped[list[int]] = mapped_column(Json)


class PushDay(Base):
    """A day whose windows were looked at."""

    __tablename__ = "push_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    looked_at: Mapped[datetime] = mapped_column(Instant)
