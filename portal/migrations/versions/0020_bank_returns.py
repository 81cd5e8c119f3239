"""Payments that the bank sent back."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
LIVE = sa.text("stage <> 'repaid'")


def upgrade() -> None:
    op.create_table(
        "bank_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.String(40), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_name", sa.String(120), nullable=True),
        sa.Column("account_bank", sa.String(120), nullable=True),
        sa.Column("account_number", sa.String(40), nullable=True),
        sa.Column("proposer_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checker_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.String(), nullable=True),
        sa.Column("repaid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "checker_id IS NULL OR checker_id <> proposer_id", name=op.f("ck_bank_return_four_eyes")
        ),
        sa.CheckConstraint(
            "stage <> 'proposed' OR proposer_id IS NOT NULL", name=op.f("ck_bank_return_proposed_by")
        ),
        sa.CheckConstraint(
            "stage NOT IN ('corrected', 'repaid') OR checker_id IS NOT NULL",
            name=op.f("ck_bank_return_checked_by"),
        ),
        sa.CheckConstraint(
            "(stage = 'repaid') = (repaid_at IS NOT NULL)", name=op.f("ck_bank_return_repaid_at")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_bank_return_amount")),
        sa.ForeignKeyConstraint(["case_number"], ["case_.number"], name=op.f("fk_bank_return_case_number")),
        sa.ForeignKeyConstraint(["proposer_id"], ["person.id"], name=op.f("fk_bank_return_proposer_id")),
        sa.ForeignKeyConstraint(["checker_id"], ["person.id"], name=op.f("fk_bank_return_checker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_return")),
    )
    op.create_index(
        "uq_bank_return_live",
        "bank_return",
        ["case_number"],
        unique=True,
        postgresql_where=LIVE,
        sqlite_where=LIVE,
    )


def downgrade() -> None:
    op.drop_table("bank_return")
