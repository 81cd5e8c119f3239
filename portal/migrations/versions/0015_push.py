"""What was pushed to whom, planes as they were last looked at, and which messages somebody does not want."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _messages()
    _run()
    _push()
    _plane()
    _block()


def downgrade() -> None:
    for table in (
        "push_day", "push_touched", "push_block", "push_plane", "push", "push_run", "message_opt_out",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_column("message", "kind")


def _messages() -> None:
    op.add_column("message", sa.Column("kind", sa.String(40), nullable=False, server_default="case"))
    op.create_table(
        "message_opt_out",
        sa.Column("recipient_code", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind <> 'case'", name=op.f("ck_message_opt_out_optional")),
        sa.PrimaryKeyConstraint("recipient_code", "kind", name=op.f("pk_message_opt_out")),
    )


def _run() -> None:
    op.create_table(
        "push_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("ranges", sa.Integer(), nullable=False),
        sa.Column("ranges_done", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ranges_done <= ranges", name=op.f("ck_push_run_ranges")),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (ranges_done < ranges)", name=op.f("ck_push_run_finished")
        ),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name=op.f("fk_push_run_item_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_run")),
        sa.UniqueConstraint("item_version_id", "reason", name=op.f("uq_push_run_item_version_id_reason")),
    )


def _push() -> None:
    op.create_table(
        "push",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("message_key", sa.String(160), nullable=True),
        sa.Column("pushed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong_note", sa.String(200), nullable=True),
        sa.CheckConstraint("wrong_at IS NOT NULL OR wrong_note IS NULL", name=op.f("ck_push_wrong")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_push_enterprise_id")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name=op.f("fk_push_item_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push")),
        sa.UniqueConstraint(
            "enterprise_id",
            "item_version_id",
            "reason",
            name=op.f("uq_push_enterprise_id_item_version_id_reason"),
        ),
    )
    op.create_index("ix_push_item_version_id", "push", ["item_version_id", "reason"], unique=False)


def _plane() -> None:
    op.create_table(
        "push_plane",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("surely", sa.LargeBinary(), nullable=False),
        sa.Column("maybe", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["policy_item.id"], name=op.f("fk_push_plane_item_id")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name=op.f("fk_push_plane_item_version_id")
        ),
        sa.PrimaryKeyConstraint("item_id", "block", name=op.f("pk_push_plane")),
    )
    # small parts are read from the middle of a plane: PostgreSQL must not compress them
    if op.get_bind().dialect.name == "postgresql":
        for side in ("surely", "maybe"):
            op.execute(f"ALTER TABLE push_plane ALTER COLUMN {side} SET STORAGE EXTERNAL")


def _block() -> None:
    op.create_table(
        "push_block",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_push_block")),
    )
    op.create_table(
        "push_touched",
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("enterprise_ids", JSON, nullable=False),
        sa.ForeignKeyConstraint(["block"], ["push_block.number"], name=op.f("fk_push_touched_block")),
        sa.PrimaryKeyConstraint("block", "revision", name=op.f("pk_push_touched")),
    )
    op.create_table(
        "push_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_push_day")),
    )
