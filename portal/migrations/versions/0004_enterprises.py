"""Enterprises and what is known about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _enterprise()
    _enterprise_fact()


def downgrade() -> None:
    op.drop_table("enterprise_fact")
    op.drop_table("enterprise")


def _enterprise() -> None:
    op.create_table(
        "enterprise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("industry_code", sa.String(length=10), nullable=True),
        sa.Column("established_on", sa.String(length=10), nullable=True),
        sa.Column("snapshot_date", sa.Date(), nullable=True),
        sa.Column("credit_code_override_reason", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(credit_code) = 18", name=op.f("ck_enterprise_credit_code_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_enterprise_credit_code")),
        sa.UniqueConstraint("external_id", name=op.f("uq_enterprise_external_id")),
    )
    op.create_index(op.f("ix_enterprise_region_code"), "enterprise", ["region_code"], unique=False)


def _enterprise_fact() -> None:
    op.create_table(
        "enterprise_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_enterprise_fact_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_enterprise_fact_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_fact")),
    )
    op.create_index(
        "uq_enterprise_fact_current",
        "enterprise_fact",
        ["enterprise_id", "field", "source"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
        sqlite_where=sa.text("superseded_at IS NULL"),
    )
