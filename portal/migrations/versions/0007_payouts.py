"""Pools, claims and payment lines."""

import sqlalchemy as sa
from alembic import op

from portal.migrations.append_only import refuse_changes

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _pool_claim()
    _pool()
    _claim_share()
    _ledger_transfer()
    _payment_line()
    _ledger_entry()
    refuse_changes("ledger_transfer")
    refuse_changes("ledger_entry")


def downgrade() -> None:
    op.drop_table("ledger_entry")
    op.drop_table("payment_line")
    op.drop_table("ledger_transfer")
    op.drop_table("claim_share")
    op.drop_table("pool")
    op.drop_table("pool_claim")


def _pool_claim() -> None:
    op.create_table(
        "pool_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("payee_code", sa.String(length=18), nullable=False),
        sa.Column("payee_name", sa.String(length=200), nullable=False),
        sa.Column("account_reference", sa.String(length=120), nullable=False),
        sa.Column("decided_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("funded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decided_fen > 0", name=op.f("ck_pool_claim_positive")),
        sa.CheckConstraint(
            "paid_fen >= 0 AND paid_fen <= decided_fen", name=op.f("ck_pool_claim_not_overpaid")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_claim")),
        sa.UniqueConstraint("subject", name=op.f("uq_pool_claim_subject")),
    )


def _pool() -> None:
    op.create_table(
        "pool",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("reserved_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reserved_fen + paid_fen <= total_fen", name=op.f("ck_pool_covered")),
        sa.CheckConstraint(
            "total_fen >= 0 AND reserved_fen >= 0 AND paid_fen >= 0", name=op.f("ck_pool_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_pool_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool")),
        sa.UniqueConstraint("code", name=op.f("uq_pool_code")),
        sa.UniqueConstraint(
            "item_code",
            "year",
            "source",
            "organisation_id",
            name=op.f("uq_pool_item_code_year_source_organisation_id"),
        ),
    )


def _claim_share() -> None:
    op.create_table(
        "claim_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("lined_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_claim_share_positive")),
        sa.CheckConstraint(
            "paid_fen >= 0 AND paid_fen <= lined_fen AND lined_fen <= amount_fen",
            name=op.f("ck_claim_share_lines_fit"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["pool_claim.id"], name=op.f("fk_claim_share_claim_id")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_claim_share_pool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_share")),
        sa.UniqueConstraint("claim_id", "source", name=op.f("uq_claim_share_claim_id_source")),
    )
    op.create_index(
        "ix_claim_share_queue",
        "claim_share",
        ["pool_id", "queued_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
        sqlite_where=sa.text("state = 'queued'"),
    )


def _ledger_transfer() -> None:
    op.create_table(
        "ledger_transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=True),
        sa.Column("payment_id", sa.String(length=36), nullable=True),
        sa.Column("document_number", sa.String(length=120), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ledger_transfer_person_id")),
        sa.ForeignKeyConstraint(["share_id"], ["claim_share.id"], name=op.f("fk_ledger_transfer_share_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transfer")),
    )
    op.create_index(op.f("ix_ledger_transfer_share_id"), "ledger_transfer", ["share_id"], unique=False)


def _payment_line() -> None:
    op.create_table(
        "payment_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("instalment", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payer_id", sa.Integer(), nullable=True),
        sa.Column("bank_reference", sa.String(length=80), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "state <> 'paid' OR (payer_id IS NOT NULL AND happened_at IS NOT NULL)",
            name=op.f("ck_payment_line_paid_by"),
        ),
        sa.CheckConstraint(
            "amount_fen > 0 AND instalment >= 1 AND attempt >= 1", name=op.f("ck_payment_line_positive")
        ),
        sa.CheckConstraint(
            "payer_id IS NULL OR payer_id <> maker_id", name=op.f("ck_payment_line_four_eyes")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["pool_claim.id"], name=op.f("fk_payment_line_claim_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["person.id"], name=op.f("fk_payment_line_maker_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["person.id"], name=op.f("fk_payment_line_payer_id")),
        sa.ForeignKeyConstraint(["share_id"], ["claim_share.id"], name=op.f("fk_payment_line_share_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_line")),
        sa.UniqueConstraint(
            "claim_id",
            "source",
            "instalment",
            "attempt",
            name=op.f("uq_payment_line_claim_id_source_instalment_attempt"),
        ),
        sa.UniqueConstraint("payment_id", name=op.f("uq_payment_line_payment_id")),
    )
    op.create_index("ix_payment_line_share_id", "payment_line", ["share_id"], unique=False)
    op.create_index("ix_payment_line_state", "payment_line", ["state"], unique=False)
    op.create_index(
        "uq_payment_line_live",
        "payment_line",
        ["claim_id", "source", "instalment"],
        unique=True,
        postgresql_where=sa.text("state IN ('pending', 'exported', 'paid')"),
        sqlite_where=sa.text("state IN ('pending', 'exported', 'paid')"),
    )


def _ledger_entry() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_ledger_entry_moves")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_ledger_entry_pool_id")),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["ledger_transfer.id"], name=op.f("fk_ledger_entry_transfer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    op.create_index("ix_ledger_entry_pool_id_account", "ledger_entry", ["pool_id", "account"], unique=False)
    op.create_index(op.f("ix_ledger_entry_transfer_id"), "ledger_entry", ["transfer_id"], unique=False)
