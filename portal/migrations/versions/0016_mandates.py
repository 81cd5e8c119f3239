"""Mandates, binding requests, consents, contacts and calendar addresses of enterprises."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    _calendar_address()
    _consent()
    _enterprise_contact()
    _identity_link()
    _mandate()
    _binding_request()
    _mandate_item()


def downgrade() -> None:
    op.drop_table("mandate_item")
    op.drop_table("binding_request")
    op.drop_table("mandate")
    op.drop_table("identity_link")
    op.drop_table("enterprise_contact")
    op.drop_table("consent")
    op.drop_table("calendar_address")


def _calendar_address() -> None:
    op.create_table(
        "calendar_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_address_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_address")),
    )
    op.create_index(
        "uq_calendar_address_live",
        "calendar_address",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
        sqlite_where=sa.text("revoked_at IS NULL"),
    )


def _consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("item_code", sa.String(length=80), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("means", sa.String(length=40), nullable=False),
        sa.Column("given_by", sa.String(length=60), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_consent_recorded_by")),
        sa.ForeignKeyConstraint(["window_id"], ["organisation.id"], name=op.f("fk_consent_window_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_credit_code", "consent", ["credit_code", "item_code"], unique=False)


def _enterprise_contact() -> None:
    op.create_table(
        "enterprise_contact",
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_enterprise_contact_set_by")),
        sa.PrimaryKeyConstraint("credit_code", name=op.f("pk_enterprise_contact")),
    )


def _identity_link() -> None:
    op.create_table(
        "identity_link",
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_link_person_id")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identity_link")),
    )


def _mandate() -> None:
    op.create_table(
        "mandate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("chief", sa.Boolean(), nullable=False),
        sa.Column("may_apply", sa.Boolean(), nullable=False),
        sa.Column("may_confirm", sa.Boolean(), nullable=False),
        sa.Column("all_items", sa.Boolean(), nullable=False),
        sa.Column("agency", sa.String(length=120), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("named_by", sa.Integer(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("capacity <> 'agent' OR NOT chief", name=op.f("ck_mandate_agents_name_nobody")),
        sa.CheckConstraint(
            "capacity <> 'agent' OR valid_until IS NOT NULL", name=op.f("ck_mandate_agents_for_a_time")
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (membership_id IS NULL)", name=op.f("ck_mandate_accepted_has_membership")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_mandate_ended_by")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_mandate_membership_id")),
        sa.ForeignKeyConstraint(["named_by"], ["person.id"], name=op.f("fk_mandate_named_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mandate_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    op.create_index("ix_mandate_person_id", "mandate", ["person_id"], unique=False)
    op.create_index(
        "uq_mandate_live",
        "mandate",
        ["credit_code", "person_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )


def _binding_request() -> None:
    op.create_table(
        "binding_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("short_code", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("firm_name", sa.String(length=120), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("proofs", JSON, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("mandate_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_binding_request_decided")
        ),
        sa.CheckConstraint(
            "state <> 'granted' OR mandate_id IS NOT NULL",
            name=op.f("ck_binding_request_granted_has_mandate"),
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR reason IS NOT NULL", name=op.f("ck_binding_request_refused_has_reason")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_binding_request_decided_by")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_binding_request_mandate_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_binding_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding_request")),
        sa.UniqueConstraint("short_code", name=op.f("uq_binding_request_short_code")),
    )
    op.create_index("ix_binding_request_credit_code", "binding_request", ["credit_code"], unique=False)
    op.create_index(
        "uq_binding_request_waiting",
        "binding_request",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )


def _mandate_item() -> None:
    op.create_table(
        "mandate_item",
        sa.Column("mandate_id", sa.Integer(), nullable=False),
        sa.Column("item_code", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_mandate_item_mandate_id")),
        sa.PrimaryKeyConstraint("mandate_id", "item_code", name=op.f("pk_mandate_item")),
    )
