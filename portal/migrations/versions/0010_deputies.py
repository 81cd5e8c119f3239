"""Memberships that end at once, deputies, three separated administrators."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
OFFICE = "role IN ('system_admin', 'security_admin', 'audit_admin')"
LIVE_OFFICE = sa.text(f"{OFFICE} AND ended_at IS NULL")


def upgrade() -> None:
    # constraints come with their columns: SQLite cannot add one to a table that others refer to
    op.execute(
        "ALTER TABLE membership ADD COLUMN stands_in_for_id INTEGER"
        " CONSTRAINT fk_membership_stands_in_for_id REFERENCES person (id)"
        " CONSTRAINT ck_membership_ends_after_start CHECK (valid_until IS NULL OR valid_until >= valid_from)"
        " CONSTRAINT ck_membership_deputies_for_a_time"
        " CHECK (stands_in_for_id IS NULL OR valid_until IS NOT NULL)"
        " CONSTRAINT ck_membership_nobody_deputises_for_oneself CHECK (stands_in_for_id <> person_id)"
    )
    op.add_column("membership", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "uq_membership_office",
        "membership",
        ["person_id"],
        unique=True,
        sqlite_where=LIVE_OFFICE,
        postgresql_where=LIVE_OFFICE,
    )


def downgrade() -> None:
    op.drop_index("uq_membership_office", "membership")
    op.drop_column("membership", "ended_at")
    op.drop_column("membership", "stands_in_for_id")
