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
            _wait_for_turn(connection)
            command.upgrade(configuration(connection), "head")
        with database.writing() as db:
            _wait_for_turn(db.connection())
            ensure_reference_data(db)
    finally:
        database.close()


def _wait_for_turn(connection: Connection) -> None:
    """Until this transaction ends nobody else migrates; on SQLite nobody else writes anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for the migrations of the database behind *connection*."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def ensure_reference_data(db: Session) -> None:
    """What is needed before any command: organisations, calendars, modes."""
    ensure_organisations(db)
    ensure_calendars(db)
    ensure_modes(db)
