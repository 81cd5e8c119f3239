"""Questions, who asked them, and the FAQ."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
OPEN = sa.text("stage <> 'answered'")


def upgrade() -> None:
    _question()
    _personal()
    _faq()


def downgrade() -> None:
    op.drop_table("faq_entry")
    op.drop_table("question_personal")
    op.drop_table("question")


def _question() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("item_code", sa.String(80), nullable=True),
        sa.Column("item_title", sa.String(300), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("asker_code", sa.String(40), nullable=True),
        sa.Column("code_digest", sa.String(64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answerer_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "stage <> 'passed' OR department_id IS NOT NULL", name=op.f("ck_question_passed_to_somebody")
        ),
        sa.CheckConstraint(
            "(stage IN ('to_tell', 'answered')) = (answered_at IS NOT NULL)",
            name=op.f("ck_question_answered_at"),
        ),
        sa.CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_question_answer")),
        sa.CheckConstraint(
            "asker_code IS NOT NULL OR code_digest IS NOT NULL", name=op.f("ck_question_can_be_told")
        ),
        sa.ForeignKeyConstraint(["window_id"], ["organisation.id"], name=op.f("fk_question_window_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["organisation.id"], name=op.f("fk_question_department_id")
        ),
        sa.ForeignKeyConstraint(["answerer_id"], ["person.id"], name=op.f("fk_question_answerer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("number", name=op.f("uq_question_number")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_question_code_digest")),
    )
    for column in ("asker_code", "department_id", "asked_at"):
        op.create_index(f"ix_question_{column}", "question", [column])
    op.create_index(
        "ix_question_open", "question", ["window_id", "id"], postgresql_where=OPEN, sqlite_where=OPEN
    )


def _personal() -> None:
    op.create_table(
        "question_personal",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("origin", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_personal_question_id")
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_personal")),
    )


def _faq() -> None:
    op.create_table(
        "faq_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("item_code", sa.String(80), nullable=False),
        sa.Column("item_title", sa.String(300), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("question_number", sa.String(40), nullable=False),
        sa.Column("question", sa.String(400), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("proposer_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "approver_id IS NULL OR approver_id <> proposer_id", name=op.f("ck_faq_entry_four_eyes")
        ),
        sa.CheckConstraint(
            "(stage = 'proposed') = (decided_at IS NULL) AND (decided_at IS NULL) = (approver_id IS NULL)",
            name=op.f("ck_faq_entry_decided_by"),
        ),
        sa.CheckConstraint(
            "stage NOT IN ('declined', 'withdrawn') OR reason IS NOT NULL", name=op.f("ck_faq_entry_reason")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["organisation.id"], name=op.f("fk_faq_entry_department_id")
        ),
        sa.ForeignKeyConstraint(["window_id"], ["organisation.id"], name=op.f("fk_faq_entry_window_id")),
        sa.ForeignKeyConstraint(
            ["question_number"], ["question.number"], name=op.f("fk_faq_entry_question_number")
        ),
        sa.ForeignKeyConstraint(["proposer_id"], ["person.id"], name=op.f("fk_faq_entry_proposer_id")),
        sa.ForeignKeyConstraint(["approver_id"], ["person.id"], name=op.f("fk_faq_entry_approver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_entry")),
        sa.UniqueConstraint("number", name=op.f("uq_faq_entry_number")),
    )
    op.create_index("ix_faq_entry_item_code", "faq_entry", ["item_code", "stage"])
    op.create_index("ix_faq_entry_department_id", "faq_entry", ["department_id"])
