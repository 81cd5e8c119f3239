"""The demonstration's database: made and filled once, brought to the newest schema when that has changed."""

import hashlib
import shutil

from sqlalchemy import select

from foundation import log
from foundation.audit import AuditEvent
from foundation.db import Database
from portal import schema
from portal.demo import seed
from portal.demo.home import Home

logger = log.get(__name__)


def prepare(home: Home) -> None:
    """See to it that the demonstration's data are whole."""
    if not home.seeded.exists():
        set_aside(home)
        logger.info("filling the demonstration", folder=str(home.folder))
        home.filling.touch()
        seed.fill(home)
        home.schema.write_text(newest())
        home.seeded.touch()
        home.filling.unlink()
    elif not home.schema.exists() or home.schema.read_text() != newest():
        schema.migrate(f"sqlite:///{home.database}")
        home.schema.write_text(newest())


def newest() -> str:
    """A mark of the migrations as they are in the project."""
    digest = hashlib.sha256()
    for path in sorted((schema.MIGRATIONS / "versions").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def set_aside(home: Home) -> None:
    """Make room: what an interrupted start left is removed, what somebody did by command is kept beside."""
    if home.database.exists() and not home.filling.exists() and _was_used(home):
        kept = home.folder / f"before-demo-{len(list(home.folder.glob('before-demo-*'))) + 1}"
        kept.mkdir()
        for path in home.folder.glob("portal.db*"):
            shutil.move(path, kept / path.name)
        logger.warning("an earlier database was set aside", folder=str(kept))
    for path in home.folder.glob("portal.db*"):
        path.unlink(missing_ok=True)


def _was_used(home: Home) -> bool:
    database = Database(f"sqlite:///{home.database}")
    try:
        with database.reading() as db:
            return db.scalar(select(AuditEvent.seq).limit(1)) is not None
    except Exception:  # no database of ours
        return False
    finally:
        database.close()
