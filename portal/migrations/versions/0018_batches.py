"""Rows of lists with all their doubts, each ruled on alone; payments in batches to accounts on record."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BEFORE = [{"doubt": "paid_before", "basis": "", "source": "", "as_of": ""}]


def upgrade() -> None:
    _rows()
    _accounts()
    _batches()


def downgrade() -> None:
    op.drop_index("ix_payment_line_batch_id", "payment_line")
    op.drop_column("payment_line", "batch_id")
    op.drop_table("payment_batch")
    op.drop_table("line_account")
    op.drop_table("claim_account")
    op.drop_column("pool_claim", "group_subject")
    op.add_column("exempt_list_row", sa.Column("doubt", sa.String(40), nullable=False, server_default="none"))
    for name in ("ruled_at", "ruled_by_id", "settled", "problem", "doubts"):
        op.drop_column("exempt_list_row", name)


def _rows() -> None:
    table = "exempt_list_row"
    op.add_column(table, sa.Column("doubts", JSON, nullable=False, server_default="[]"))
    op.add_column(table, sa.Column("problem", sa.String(), nullable=True))
    op.add_column(table, sa.Column("settled", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "ALTER TABLE exempt_list_row ADD COLUMN ruled_by_id INTEGER"
        " CONSTRAINT fk_exempt_list_row_ruled_by_id REFERENCES person (id)"
    )
    op.add_column(table, sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True))
    rows = sa.table(table, sa.column("doubt", sa.String()), sa.column("doubts", JSON))
    op.execute(rows.update().where(rows.c.doubt == "duplicate").values(doubts=BEFORE))
    op.execute("UPDATE exempt_list_row SET settled = true WHERE kept IS NOT NULL")
    op.drop_column(table, "doubt")


def _accounts() -> None:
    op.add_column("pool_claim", sa.Column("group_subject", sa.String(120), nullable=False, server_default=""))
    op.create_table(
        "claim_account",
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("bank", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["pool_claim.id"], name=op.f("fk_claim_account_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_claim_account")),
    )
    # what was confirmed so far stood with the case alone
    op.execute(
        "INSERT INTO claim_account (claim_id, holder, bank, number, confirmed_at)"
        " SELECT c.id, p.account_name, p.account_bank, p.account_number, c.decided_at"
        " FROM pool_claim c JOIN case_ k ON c.subject = 'case:' || k.number"
        " JOIN case_personal p ON p.case_id = k.id WHERE p.account_number <> ''"
    )
    op.create_table(
        "line_account",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("bank", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["payment_line.id"], name=op.f("fk_line_account_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_line_account")),
    )


def _batches() -> None:
    op.create_table(
        "payment_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("group_subject", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("releaser_id", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("refused", JSON, nullable=False),
        sa.CheckConstraint(
            "releaser_id IS NULL OR releaser_id <> maker_id", name=op.f("ck_payment_batch_four_eyes")
        ),
        sa.CheckConstraint(
            "state IN ('prepared', 'void') OR (releaser_id IS NOT NULL AND digest IS NOT NULL)",
            name=op.f("ck_payment_batch_released_by"),
        ),
        sa.CheckConstraint("line_count BETWEEN 1 AND 500", name=op.f("ck_payment_batch_size")),
        sa.ForeignKeyConstraint(["maker_id"], ["person.id"], name=op.f("fk_payment_batch_maker_id")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_payment_batch_pool_id")),
        sa.ForeignKeyConstraint(["releaser_id"], ["person.id"], name=op.f("fk_payment_batch_releaser_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_batch_number")),
    )
    op.execute(
        "ALTER TABLE payment_line ADD COLUMN batch_id INTEGER"
        " CONSTRAINT fk_payment_line_batch_id REFERENCES payment_batch (id)"
    )
    op.create_index("ix_payment_line_batch_id", "payment_line", ["batch_id"], unique=False)
