"""Words that staff changed, and what was sought and opened."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "vocabulary_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meaning", sa.String(length=20), nullable=False),
        sa.Column("word", sa.String(length=30), nullable=False),
        sa.Column("said", sa.String(40), nullable=False),
        sa.CheckConstraint("word <> '' AND meaning <> ''", name=op.f("ck_vocabulary_change_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vocabulary_change")),
        sa.UniqueConstraint("meaning", "word", name=op.f("uq_vocabulary_change_meaning_word")),
    )
    op.create_table(
        "sought_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("query", sa.String(length=30), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0 AND hits >= 0", name=op.f("ck_sought_count_counted")),
        sa.PrimaryKeyConstraint("day", "query", name=op.f("pk_sought_count")),
    )
    op.create_table(
        "opened_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_opened_count_counted")),
        sa.PrimaryKeyConstraint("day", "code", name=op.f("pk_opened_count")),
    )


def downgrade() -> None:
    for table in ("opened_count", "sought_count", "vocabulary_change"):
        op.drop_table(table)
