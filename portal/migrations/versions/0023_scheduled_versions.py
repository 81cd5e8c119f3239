"""Versions of an item that are published ahead of the day from which they are in force."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("item_version", sa.Column("effective_from", sa.Date(), nullable=True))
    op.add_column("item_draft", sa.Column("effective_from", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("item_draft", "effective_from")
    op.drop_column("item_version", "effective_from")
