"""The first schema."""

from alembic import op

from portal.tables import metadata

revision = "0001"
down_revision = None

IMMUTABLE = ("audit_event", "deadline_entry", "ledger_transfer", "ledger_entry")


def upgrade() -> None:
    metadata.create_all(op.get_bind())
    for table in IMMUTABLE:
        for statement in refuse_changes(table, op.get_bind().dialect.name):
            op.execute(statement)
    op.execute("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '" + "0" * 64 + "')")


def refuse_changes(table: str, dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for act in ("update", "delete")
        ]
    return [
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


def downgrade() -> None:
    raise NotImplementedError("the first schema is not taken back: restore a backup")
