"""Cases that end without money: how each ends, and what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
ENDED = "('draft', 'paid', 'delivered', 'reported', 'rejected', 'refused', 'withdrawn')"
ENDED_BEFORE = "('draft', 'paid', 'rejected', 'refused', 'withdrawn')"


def upgrade() -> None:
    op.add_column("case_", sa.Column("ending", sa.String(40), nullable=False, server_default="payment"))
    _one_live_case(ENDED)
    op.create_table(
        "case_outcome",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("document_number", sa.String(length=120), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=op.f("fk_case_outcome_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_outcome_person_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_outcome")),
    )


def downgrade() -> None:
    op.drop_table("case_outcome")
    _one_live_case(ENDED_BEFORE)
    op.drop_column("case_", "ending")


def _one_live_case(ended: str) -> None:
    op.drop_index("uq_case_live", "case_")
    where = sa.text(f"stage NOT IN {ended}")
    op.create_index(
        "uq_case_live",
        "case_",
        ["applicant_id", "item_code"],
        unique=True,
        postgresql_where=where,
        sqlite_where=where,
    )
