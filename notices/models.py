"""Papers as they were issued, who may read them, and everyone's inbox."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, Instant, Json, enum_column, partial_index
from notices.channels.rules import Channel
from notices.documents import Kind
from notices.kinds import MessageKind


class State(StrEnum):
    """Whether a paper counts."""

    VALID = "valid"
    VOID = "void"
    SUPERSEDED = "superseded"


class ServedHow(StrEnum):
    """How a paper reached its addressee."""

    INBOX = "inbox"
    COUNTER = "counter"
    POST = "post"
    NOTICE_BOARD = "notice_board"


class Notice(Base):
    """One issued paper. Number, fields and digest never change; a void one keeps its number."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("series", "year", "serial"),
        CheckConstraint("serial > 0", name="serial_positive"),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="void_has_reason"),
        CheckConstraint(
            "(state = 'superseded') = (superseded_by_id IS NOT NULL)", name="superseded_has_successor"
        ),
        CheckConstraint("(served_at IS NULL) = (served_how IS NULL)", name="served_how"),
        Index("ix_notice_subject", "subject", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(enum_column(Kind))
    number: Mapped[str] = mapped_column(String(80), unique=True)
    series: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    serial: Mapped[int]
    # the body whose series it is, the one in whose name it speaks, and the one it is addressed to
    organisation_code: Mapped[str] = mapped_column(String(40))
    competent_code: Mapped[str] = mapped_column(String(40))
    addressee_code: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(120))
    verify_code: Mapped[str] = mapped_column(String(16), unique=True)
    fields: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    dated: Mapped[date]
    state: Mapped[State] = mapped_column(enum_column(State), default=State.VALID)
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    void_reason: Mapped[str | None]
    happened_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    pdf_key: Mapped[str | None] = mapped_column(String(64))
    served_at: Mapped[datetime | None] = mapped_column(Instant)
    served_how: Mapped[ServedHow | None] = mapped_column(enum_column(ServedHow))


class NoticeReader(Base):
    """An organisation that may read a paper."""

    __tablename__ = "notice_reader"
    __table_args__ = (Index("ix_notice_reader_organisation_code", "organisation_code", "notice_id"),)

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    organisation_code: Mapped[str] = mapped_column(String(40), primary_key=True)


class Message(Base):
    """One line in an organisation's inbox; its key makes sure that it is said once."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_recipient_code", "recipient_code", "id"),
        partial_index("ix_message_unread", "recipient_code", where="read_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    recipient_code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str]
    link: Mapped[str] = mapped_column(String(300))
    kind: Mapped[MessageKind] = mapped_column(
        enum_column(MessageKind), default=MessageKind.CASE, server_default=MessageKind.CASE.value
    )
    # statutory papers are never subject to opt-out
    statutory: Mapped[bool] = mapped_column(default=False)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)


class OptOut(Base):
    """An organisation wants no messages of this kind; service of papers goes on all the same."""

    __tablename__ = "message_opt_out"
    __table_args__ = (CheckConstraint("kind <> 'case'", name="optional"),)

    recipient_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[MessageKind] = mapped_column(enum_column(MessageKind), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)


class ChannelChoice(Base):
    """How one person wants to hear of messages, beside the inbox."""

    __tablename__ = "channel_choice"
    __table_args__ = (
        UniqueConstraint("person_id", "channel"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    address: Mapped[str] = mapped_column(String(200))
    # one message a day with everything of the day before
    digest: Mapped[bool] = mapped_column(default=False)
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    chosen_at: Mapped[datetime] = mapped_column(Instant)


class Dispatch(Base):
    """One message on its way by one person's channel: once, however often it is tried."""

    __tablename__ = "dispatch"
    __table_args__ = (
        UniqueConstraint("message_id", "choice_id"),
        partial_index("ix_dispatch_waiting", "due_at", where="told_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    choice_id: Mapped[int] = mapped_column(ForeignKey("channel_choice.id", ondelete="CASCADE"))
    due_at: Mapped[datetime] = mapped_column(Instant)
    # handed to a worker, and out of the house
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
