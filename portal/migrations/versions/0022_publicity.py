"""公示 and objections by name."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _publicity()
    _objection()
    op.execute(
        "ALTER TABLE exempt_list_row ADD COLUMN publicity_id INTEGER"
        " CONSTRAINT fk_exempt_list_row_publicity_id REFERENCES publicity (id)"
    )


def downgrade() -> None:
    op.drop_column("exempt_list_row", "publicity_id")
    op.drop_table("objection_personal")
    op.drop_table("objection")
    op.drop_table("publicity")


def _publicity() -> None:
    op.create_table(
        "publicity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("item_title", sa.String(length=300), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("notice_number", sa.String(length=80), nullable=False),
        sa.Column("text", JSON, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["organisation.id"], name=op.f("fk_publicity_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publicity")),
        sa.UniqueConstraint("number", name=op.f("uq_publicity_number")),
    )
    op.create_index("ix_publicity_subject", "publicity", ["subject"], unique=False)


def _objection() -> None:
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("publicity_id", sa.Integer(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("examiner_id", sa.Integer(), nullable=True),
        sa.Column("opinion", sa.String(), nullable=True),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decider_id IS NULL OR decider_id <> examiner_id", name=op.f("ck_objection_four_eyes")
        ),
        sa.CheckConstraint(
            "state NOT IN ('upheld', 'dismissed') OR (decider_id IS NOT NULL AND decision IS NOT NULL)",
            name=op.f("ck_objection_decided_by"),
        ),
        sa.ForeignKeyConstraint(["decider_id"], ["person.id"], name=op.f("fk_objection_decider_id")),
        sa.ForeignKeyConstraint(["examiner_id"], ["person.id"], name=op.f("fk_objection_examiner_id")),
        sa.ForeignKeyConstraint(["publicity_id"], ["publicity.id"], name=op.f("fk_objection_publicity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("number", name=op.f("uq_objection_number")),
    )
    op.create_index("ix_objection_publicity_id", "objection", ["publicity_id"], unique=False)
    op.create_index("ix_objection_origin", "objection", ["origin", "received_at"], unique=False)
    op.create_table(
        "objection_personal",
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objection.id"], name=op.f("fk_objection_personal_objection_id")
        ),
        sa.PrimaryKeyConstraint("objection_id", name=op.f("pk_objection_personal")),
    )
