"""The demonstration's database: made and filled once, brought to the newest schema when that has changed."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from foundation import log
from portal.demo.home import Home

VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"

logger = log.get(__name__)


def prepare(home: Home) -> None:
    """See to it that the demonstration's data are whole; nothing is loaded where nothing is to do."""
    if not home.seeded.exists():
        from portal.demo import seed  # here: a second start must not wait until every room is loaded

        set_aside(home)
        logger.info("filling the demonstration", folder=str(home.folder))
        home.filling.touch()
        seed.fill(home)
        home.schema.write_text(newest())
        home.seeded.touch()
        home.filling.unlink()
    elif not home.schema.exists() or home.schema.read_text() != newest():
        from portal import schema  # here: a second start must not wait for Alembic

        schema.migrate(f"sqlite:///{home.database}")
        home.schema.write_text(newest())


def newest() -> str:
    """A mark of the migrations as they are in the project."""
    digest = hashlib.sha256()
    for path in sorted(VERSIONS.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def set_aside(home: Home) -> None:
    """Make room: what an interrupted start left is removed, what somebody did by command is kept beside."""
    if not home.filling.exists() and _was_used(home.database):
        kept = home.folder / f"before-demo-{len(list(home.folder.glob('before-demo-*'))) + 1}"
        kept.mkdir()
        for path in home.folder.glob("portal.db*"):
            shutil.move(path, kept / path.name)
        logger.warning("an earlier database was set aside", folder=str(kept))
    for path in home.folder.glob("portal.db*"):
        path.unlink(missing_ok=True)


def _was_used(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute("SELECT 1 FROM audit_event LIMIT 1").fetchone() is not None
    except sqlite3.Error:  # no database of ours
        return False
