"""Policy items and their versions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _catalog_stamp()
    _redeem_mode()
    _policy_item()
    _item_version()


def downgrade() -> None:
    op.drop_table("item_version")
    op.drop_table("policy_item")
    op.drop_table("redeem_mode")
    op.drop_table("catalog_stamp")


def _catalog_stamp() -> None:
    op.create_table(
        "catalog_stamp",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalog_stamp_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_stamp")),
    )


def _redeem_mode() -> None:
    op.create_table(
        "redeem_mode",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("provincial_label", sa.String(length=60), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_redeem_mode")),
        sa.UniqueConstraint("label", name=op.f("uq_redeem_mode_label")),
    )


def _policy_item() -> None:
    op.create_table(
        "policy_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("current >= 1", name=op.f("ck_policy_item_current")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["organisation.id"], name=op.f("fk_policy_item_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_item")),
        sa.UniqueConstraint("code", name=op.f("uq_policy_item_code")),
    )
    op.create_index("ix_policy_item_department_id", "policy_item", ["department_id"], unique=False)


def _item_version() -> None:
    op.create_table(
        "item_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("mode_code", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=True),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=True),
        sa.Column("department_name", sa.String(length=200), nullable=True),
        sa.Column("conditions", JSON, nullable=True),
        sa.Column("window_from", sa.Date(), nullable=True),
        sa.Column("window_until", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("time_limit", sa.String(length=200), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("applicant_kinds", JSON, nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("fair_competition", sa.String(40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_item_version_number")),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_item_version_validity_order")),
        sa.CheckConstraint("window_from <= window_until", name=op.f("ck_item_version_window_order")),
        sa.ForeignKeyConstraint(["item_id"], ["policy_item.id"], name=op.f("fk_item_version_item_id")),
        sa.ForeignKeyConstraint(["mode_code"], ["redeem_mode.code"], name=op.f("fk_item_version_mode_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_version")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_version_item_id_number")),
    )
