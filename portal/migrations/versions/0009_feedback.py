"""Follow-ups and ratings."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _rating()
    _follow_up()


def downgrade() -> None:
    op.drop_table("follow_up")
    op.drop_table("rating")


def _rating() -> None:
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("case_number", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_rating_level")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("subject", name=op.f("uq_rating_subject")),
    )
    op.create_index("ix_rating_rated_at", "rating", ["rated_at"], unique=False)


def _follow_up() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("case_number", sa.String(length=40), nullable=False),
        sa.Column("applicant_code", sa.String(length=40), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("caller_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome = 'rated' OR caller_id IS NOT NULL",
            name=op.f("ck_follow_up_call_has_caller"),
        ),
        sa.CheckConstraint(
            "(reached_at IS NULL) = (outcome IS NULL)", name=op.f("ck_follow_up_reached_has_outcome")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_follow_up_attempts")),
        sa.ForeignKeyConstraint(["caller_id"], ["person.id"], name=op.f("fk_follow_up_caller_id")),
        sa.ForeignKeyConstraint(["window_id"], ["organisation.id"], name=op.f("fk_follow_up_window_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("subject", name=op.f("uq_follow_up_subject")),
    )
    op.create_index(
        "ix_follow_up_open",
        "follow_up",
        ["window_id", "id"],
        unique=False,
        postgresql_where=sa.text("reached_at IS NULL"),
        sqlite_where=sa.text("reached_at IS NULL"),
    )
