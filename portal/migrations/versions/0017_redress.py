"""Whose turn a call is, ratings given by phone, and what a bad rating asks to be put right."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    # SQLite and PostgreSQL carry the new name into checks and indexes
    op.execute("ALTER TABLE follow_up RENAME COLUMN reached_at TO ended_at")
    op.execute(
        "ALTER TABLE follow_up ADD COLUMN assignee_id INTEGER"
        " CONSTRAINT fk_follow_up_assignee_id REFERENCES person (id)"
    )
    op.add_column("follow_up", sa.Column("first_missed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rating", sa.Column("given", sa.String(40), nullable=False, server_default="online"))
    op.execute(
        "ALTER TABLE rating ADD COLUMN typed_by_id INTEGER"
        " CONSTRAINT fk_rating_typed_by_id REFERENCES person (id)"
        " CONSTRAINT ck_rating_typed_by CHECK ((given = 'phone') = (typed_by_id IS NOT NULL))"
    )
    op.add_column("rating", sa.Column("excluded_at", sa.DateTime(timezone=True), nullable=True))
    _redress()


def downgrade() -> None:
    op.drop_table("redress")
    op.drop_column("rating", "excluded_at")
    op.drop_column("rating", "typed_by_id")
    op.drop_column("rating", "given")
    op.drop_column("follow_up", "first_missed_at")
    op.drop_column("follow_up", "assignee_id")
    op.execute("ALTER TABLE follow_up RENAME COLUMN ended_at TO reached_at")


def _redress() -> None:
    op.create_table(
        "redress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("case_number", sa.String(40), nullable=False),
        sa.Column("applicant_code", sa.String(40), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard", sa.String(), nullable=True),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.String(), nullable=True),
        sa.Column("reply", sa.String(), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_reason", sa.String(), nullable=True),
        sa.Column("appeal_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_upheld", sa.Boolean(), nullable=True),
        sa.Column("appeal_ruling", sa.String(), nullable=True),
        sa.CheckConstraint(
            "stage = 'open' OR stage = 'excluded' OR contacted_at IS NOT NULL",
            name=op.f("ck_redress_contacted"),
        ),
        sa.CheckConstraint(
            "stage NOT IN ('fixed', 'confirmed', 'disputed', 'closed') OR fixed_at IS NOT NULL",
            name=op.f("ck_redress_fixed"),
        ),
        sa.CheckConstraint(
            "(appeal_decided_at IS NULL) = (appeal_upheld IS NULL)", name=op.f("ck_redress_appeal_decided")
        ),
        sa.CheckConstraint(
            "appeal_decided_at IS NULL OR appealed_at IS NOT NULL", name=op.f("ck_redress_appeal")
        ),
        sa.CheckConstraint(
            "(stage = 'excluded') = (appeal_upheld IS NOT NULL AND appeal_upheld)",
            name=op.f("ck_redress_excluded_on_appeal"),
        ),
        sa.ForeignKeyConstraint(["window_id"], ["organisation.id"], name=op.f("fk_redress_window_id")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_redress_assignee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redress")),
        sa.UniqueConstraint("number", name=op.f("uq_redress_number")),
        sa.UniqueConstraint("case_number", name=op.f("uq_redress_case_number")),
    )
    op.create_index("ix_redress_window_id", "redress", ["window_id", "stage"])
