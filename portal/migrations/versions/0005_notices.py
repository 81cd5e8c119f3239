"""Papers and messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _notice()
    _message()
    _notice_reader()


def downgrade() -> None:
    op.drop_table("notice_reader")
    op.drop_table("message")
    op.drop_table("notice")


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("organisation_code", sa.String(length=40), nullable=False),
        sa.Column("competent_code", sa.String(length=40), nullable=False),
        sa.Column("addressee_code", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("verify_code", sa.String(length=16), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("pdf_key", sa.String(length=64), nullable=True),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("served_how", sa.String(40), nullable=True),
        sa.CheckConstraint(
            "(state = 'superseded') = (superseded_by_id IS NOT NULL)",
            name=op.f("ck_notice_superseded_has_successor"),
        ),
        sa.CheckConstraint(
            "(state = 'void') = (void_reason IS NOT NULL)", name=op.f("ck_notice_void_has_reason")
        ),
        sa.CheckConstraint("(served_at IS NULL) = (served_how IS NULL)", name=op.f("ck_notice_served_how")),
        sa.CheckConstraint("serial > 0", name=op.f("ck_notice_serial_positive")),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"], name=op.f("fk_notice_issued_by")),
        sa.ForeignKeyConstraint(["superseded_by_id"], ["notice.id"], name=op.f("fk_notice_superseded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("number", name=op.f("uq_notice_number")),
        sa.UniqueConstraint("series", "year", "serial", name=op.f("uq_notice_series_year_serial")),
        sa.UniqueConstraint("verify_code", name=op.f("uq_notice_verify_code")),
    )
    op.create_index("ix_notice_subject", "notice", ["subject", "id"], unique=False)


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("recipient_code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_message_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    )
    op.create_index("ix_message_recipient_code", "message", ["recipient_code", "id"], unique=False)
    op.create_index(
        "ix_message_unread",
        "message",
        ["recipient_code"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
        sqlite_where=sa.text("read_at IS NULL"),
    )


def _notice_reader() -> None:
    op.create_table(
        "notice_reader",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("organisation_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_reader_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", "organisation_code", name=op.f("pk_notice_reader")),
    )
    op.create_index(
        "ix_notice_reader_organisation_code",
        "notice_reader",
        ["organisation_code", "notice_id"],
        unique=False,
    )
