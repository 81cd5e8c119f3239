"""Calendars, clocks and their ledgers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.migrations.append_only import refuse_changes

revision = "0003"
down_revision = "0002"
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _calendar_gap()
    _calendar_version()
    _deadline()
    _deadline_entry()
    refuse_changes("deadline_entry")


def downgrade() -> None:
    op.drop_table("deadline_entry")
    op.drop_table("deadline")
    op.drop_table("calendar_version")
    op.drop_table("calendar_gap")


def _calendar_gap() -> None:
    op.create_table(
        "calendar_gap",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_gap")),
    )


def _calendar_version() -> None:
    op.create_table(
        "calendar_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("off", JSON, nullable=False),
        sa.Column("on", JSON, nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_version_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_version")),
        sa.UniqueConstraint("year", "version", name=op.f("uq_calendar_version_year_version")),
    )


def _deadline() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("limit_name", sa.String(length=40), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("rule", JSON, nullable=False),
        sa.Column("hours", JSON, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("calendar", sa.String(length=120), nullable=False),
        sa.Column("used_minutes", sa.Integer(), nullable=True),
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supervise_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breach_recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supervised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "due_at IS NULL OR due_at >= started_at", name=op.f("ck_deadline_due_after_start")
        ),
        sa.CheckConstraint(
            "stopped_at IS NULL OR stopped_at >= started_at", name=op.f("ck_deadline_stops_after_start")
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["organisation.id"], name=op.f("fk_deadline_holder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    op.create_index(
        "ix_deadline_held",
        "deadline",
        ["hold_until"],
        unique=False,
        postgresql_where=sa.text("stopped_at IS NULL AND hold_told_at IS NULL"),
        sqlite_where=sa.text("stopped_at IS NULL AND hold_told_at IS NULL"),
    )
    op.create_index("ix_deadline_stopped_at", "deadline", ["stopped_at"], unique=False)
    op.create_index("ix_deadline_subject", "deadline", ["subject"], unique=False)
    op.create_index(
        "ix_deadline_to_breach",
        "deadline",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("stopped_at IS NULL AND breached_at IS NULL"),
        sqlite_where=sa.text("stopped_at IS NULL AND breached_at IS NULL"),
    )
    op.create_index(
        "ix_deadline_to_supervise",
        "deadline",
        ["supervise_at"],
        unique=False,
        postgresql_where=sa.text("stopped_at IS NULL AND supervised_at IS NULL"),
        sqlite_where=sa.text("stopped_at IS NULL AND supervised_at IS NULL"),
    )
    op.create_index(
        "ix_deadline_to_warn",
        "deadline",
        ["warn_at"],
        unique=False,
        postgresql_where=sa.text("stopped_at IS NULL AND warned_at IS NULL"),
        sqlite_where=sa.text("stopped_at IS NULL AND warned_at IS NULL"),
    )
    op.create_index(
        "uq_deadline_running",
        "deadline",
        ["subject", "limit_name"],
        unique=True,
        postgresql_where=sa.text("stopped_at IS NULL"),
        sqlite_where=sa.text("stopped_at IS NULL"),
    )


def _deadline_entry() -> None:
    op.create_table(
        "deadline_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("planned_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_deadline_entry_deadline_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deadline_entry_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_entry")),
    )
    op.create_index("ix_deadline_entry_deadline_id", "deadline_entry", ["deadline_id"], unique=False)
