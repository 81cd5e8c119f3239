"""Items and their versions. A version never changes; an item points at the number of the one in force."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalog.drafting.rules import State
from catalog.rules import Channel, FairCompetition, Origin, OutcomeKind, Scope
from foundation.db import Base, Instant, Json, enum_column, partial_index


class RedeemMode(Base):
    """A way of honouring a policy: Guangyuan's three, and what other places call theirs."""

    __tablename__ = "redeem_mode"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(60), unique=True)
    provincial_label: Mapped[str | None] = mapped_column(String(60))
    rank: Mapped[int]


class PolicyItem(Base):
    """A policy item under the code that it was first imported with, for ever."""

    __tablename__ = "policy_item"
    __table_args__ = (
        CheckConstraint("current >= 1", name="current"),
        Index("ix_policy_item_department_id", "department_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    # the number of the version in force
    current: Mapped[int]
    external_id: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class ItemVersion(Base):
    """What was published: *source* is the row as it was given, the columns are read from it."""

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("window_from <= window_until", name="window_order"),
        CheckConstraint("valid_from <= valid_until", name="validity_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("policy_item.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    mode_code: Mapped[str] = mapped_column(ForeignKey("redeem_mode.code"))
    level: Mapped[str | None] = mapped_column(String(40))
    scope: Mapped[Scope] = mapped_column(enum_column(Scope))
    region_code: Mapped[str | None] = mapped_column(String(6))
    department_name: Mapped[str | None] = mapped_column(String(200))
    conditions: Mapped[dict[str, Any] | None] = mapped_column(Json)
    window_from: Mapped[date | None]
    window_until: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    time_limit: Mapped[str | None] = mapped_column(String(200))
    outcome: Mapped[OutcomeKind] = mapped_column(enum_column(OutcomeKind))
    channel: Mapped[Channel] = mapped_column(enum_column(Channel))
    applicant_kinds: Mapped[list[str]] = mapped_column(Json)
    origin: Mapped[Origin] = mapped_column(enum_column(Origin))
    fair_competition: Mapped[FairCompetition] = mapped_column(enum_column(FairCompetition))
    # {"reviewed_on", "reviewer", "conclusion", "until"} of the review, where there is one
    fair_record: Mapped[dict[str, Any] | None] = mapped_column(Json)
    # the day from which it is in force, where it was published ahead of that
    effective_from: Mapped[date | None]
    # JSON as text: PostgreSQL would reorder the keys, and an export must give them back as they came
    source: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(Instant)
    happened_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class CatalogStamp(Base):
    """One row with a random mark, new with every publication, for whoever keeps items in memory."""

    __tablename__ = "catalog_stamp"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stamp: Mapped[str] = mapped_column(String(32))


class ItemDraft(Base):
    """What a department is about to publish: *source* is a row of the catalogue's form."""

    __tablename__ = "item_draft"
    __table_args__ = (
        partial_index("uq_item_draft_open", "code", where="state IN ('draft', 'submitted')", unique=True),
        Index("ix_item_draft_organisation_id", "organisation_id"),
        CheckConstraint("decided_by_id <> drafted_by_id", name="second_person"),
        CheckConstraint("(state = 'published') = (published_version IS NOT NULL)", name="published_version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[State] = mapped_column(enum_column(State))
    source: Mapped[str] = mapped_column(Text)
    # [[field, what was said, what is asked]], until somebody has looked at them
    doubts: Mapped[list[list[str]]] = mapped_column(Json)
    file_name: Mapped[str] = mapped_column(String(120))
    file_key: Mapped[str | None] = mapped_column(String(64))
    issued_on: Mapped[date | None]
    # from when an amended item is in force; at once where nothing is said
    effective_from: Mapped[date | None]
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text)
    published_version: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class ItemIntake(Base):
    """A file that a department handed in, to be looked through before its rows become drafts."""

    __tablename__ = "item_intake"
    __table_args__ = (Index("ix_item_intake_organisation_id", "organisation_id"),)

    token: Mapped[str] = mapped_column(String(32), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    file_name: Mapped[str] = mapped_column(String(120))
    file_key: Mapped[str] = mapped_column(String(64))
    handed_in_at: Mapped[datetime] = mapped_column(Instant)
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
