"""Cases and exempt lists."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _case()
    _exempt_list()
    _case_file()
    _case_gap()
    _case_personal()
    _exempt_list_row()
    _handoff()


def downgrade() -> None:
    op.drop_table("handoff")
    op.drop_table("exempt_list_row")
    op.drop_table("case_personal")
    op.drop_table("case_gap")
    op.drop_table("case_file")
    op.drop_table("exempt_list")
    op.drop_table("case_")


def _case() -> None:
    op.create_table(
        "case_",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("item_code", sa.String(length=80), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("item_title", sa.String(length=300), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        sa.Column("applicant_code", sa.String(length=18), nullable=False),
        sa.Column("applicant_name", sa.String(length=120), nullable=False),
        sa.Column("applicant_organisation_id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("form", JSON, nullable=False),
        sa.Column("applied_fen", sa.BigInteger(), nullable=True),
        sa.Column("checked_fen", sa.BigInteger(), nullable=True),
        sa.Column("decided_fen", sa.BigInteger(), nullable=True),
        sa.Column("check_reason", sa.String(), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=True),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("deemed_accepted", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stage = 'draft' OR number IS NOT NULL", name=op.f("ck_case__numbered")),
        sa.CheckConstraint(
            "applied_fen >= 0 AND checked_fen >= 0 AND decided_fen >= 0", name=op.f("ck_case__amounts")
        ),
        sa.CheckConstraint(
            "reviewer_id IS NULL OR decider_id IS NULL OR reviewer_id <> decider_id",
            name=op.f("ck_case__four_eyes"),
        ),
        sa.ForeignKeyConstraint(["applicant_id"], ["enterprise.id"], name=op.f("fk_case__applicant_id")),
        sa.ForeignKeyConstraint(
            ["applicant_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_case__applicant_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["decider_id"], ["person.id"], name=op.f("fk_case__decider_id")),
        sa.ForeignKeyConstraint(["department_id"], ["organisation.id"], name=op.f("fk_case__department_id")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name=op.f("fk_case__item_version_id")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["person.id"], name=op.f("fk_case__officer_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_case__reviewer_id")),
        sa.ForeignKeyConstraint(["window_id"], ["organisation.id"], name=op.f("fk_case__window_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_")),
        sa.UniqueConstraint("number", name=op.f("uq_case__number")),
    )
    op.create_index("ix_case_applicant_code", "case_", ["applicant_code"], unique=False)
    op.create_index("ix_case_department_id", "case_", ["department_id"], unique=False)
    op.create_index("ix_case_stage", "case_", ["stage"], unique=False)
    op.create_index("ix_case_window_id", "case_", ["window_id"], unique=False)
    op.create_index(
        "uq_case_live",
        "case_",
        ["applicant_id", "item_code"],
        unique=True,
        postgresql_where=sa.text("stage NOT IN ('draft', 'paid', 'rejected', 'refused', 'withdrawn')"),
        sqlite_where=sa.text("stage NOT IN ('draft', 'paid', 'rejected', 'refused', 'withdrawn')"),
    )
    op.create_index(
        "uq_case_live_draft",
        "case_",
        ["applicant_id", "item_code"],
        unique=True,
        postgresql_where=sa.text("stage = 'draft'"),
        sqlite_where=sa.text("stage = 'draft'"),
    )


def _exempt_list() -> None:
    op.create_table(
        "exempt_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("item_code", sa.String(length=80), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("item_title", sa.String(length=300), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["organisation.id"], name=op.f("fk_exempt_list_department_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name=op.f("fk_exempt_list_item_version_id")
        ),
        sa.ForeignKeyConstraint(["window_id"], ["organisation.id"], name=op.f("fk_exempt_list_window_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exempt_list")),
        sa.UniqueConstraint("number", name=op.f("uq_exempt_list_number")),
    )
    op.create_index(
        "uq_exempt_list_live",
        "exempt_list",
        ["item_code"],
        unique=True,
        postgresql_where=sa.text("stage <> 'confirmed'"),
        sqlite_where=sa.text("stage <> 'confirmed'"),
    )


def _case_file() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("material", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_case_file_added_by")),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=op.f("fk_case_file_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
    )
    op.create_index("ix_case_file_case_id", "case_file", ["case_id"], unique=False)


def _case_gap() -> None:
    op.create_table(
        "case_gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("material", sa.String(length=200), nullable=False),
        sa.Column("wanted", sa.String(length=500), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supplied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=op.f("fk_case_gap_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_gap")),
        sa.UniqueConstraint("case_id", "round", "material", name=op.f("uq_case_gap_case_id_round_material")),
    )


def _case_personal() -> None:
    op.create_table(
        "case_personal",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("contact_name", sa.String(length=60), nullable=False),
        sa.Column("contact_phone", sa.String(length=20), nullable=False),
        sa.Column("account_name", sa.String(length=120), nullable=False),
        sa.Column("account_bank", sa.String(length=120), nullable=False),
        sa.Column("account_number", sa.String(length=40), nullable=False),
        sa.Column("officer_name", sa.String(length=60), nullable=False),
        sa.Column("officer_phone", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=op.f("fk_case_personal_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_personal")),
    )


def _exempt_list_row() -> None:
    op.create_table(
        "exempt_list_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("doubt", sa.String(40), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("case_number", sa.String(length=40), nullable=True),
        sa.CheckConstraint("amount_fen IS NULL OR amount_fen > 0", name=op.f("ck_exempt_list_row_amount")),
        sa.ForeignKeyConstraint(
            ["case_number"], ["case_.number"], name=op.f("fk_exempt_list_row_case_number")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_exempt_list_row_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["list_id"], ["exempt_list.id"], name=op.f("fk_exempt_list_row_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exempt_list_row")),
        sa.UniqueConstraint(
            "list_id", "enterprise_id", name=op.f("uq_exempt_list_row_list_id_enterprise_id")
        ),
    )


def _handoff() -> None:
    op.create_table(
        "handoff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("notice_number", sa.String(length=80), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.String(), nullable=True),
        sa.Column("return_basis", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_.id"], name=op.f("fk_handoff_case_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["organisation.id"], name=op.f("fk_handoff_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff")),
        sa.UniqueConstraint("notice_number", name=op.f("uq_handoff_notice_number")),
    )
    op.create_index("ix_handoff_case_id", "handoff", ["case_id"], unique=False)
