"""The schema and the reference data of a database: one chain of migrations, then what every city needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from catalog.reference import ensure_modes
from foundation.accounts.reference import ensure_organisations
from foundation.db import Database
from foundation.deadlines.reference import ensure_calendars

MIGRATIONS = Path(__file__).parent / "migrations"
# any fixed number: whoever holds it migrates, the others wait
LOCK = 20220906


def migrate(url: str) -> None:
    """Bring the database at *url* to the newest schema and add the reference data it lacks."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    database = Database(url)
    try:
        with database.engine.execution_options(writes=True).begin() as connection:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            upgrade(connection)
        with database.writing() as db:
            ensure_reference_data(db)
    finally:
        database.close()


def upgrade(connection: Connection) -> None:
    """Run the migrations that *connection*'s database has not seen."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def ensure_reference_data(db: Session) -> None:
    """What is needed before any command: organisations, calendars, modes."""
    ensure_organisations(db)
    ensure_calendars(db)
    ensure_modes(db)
