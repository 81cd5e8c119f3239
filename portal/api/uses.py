"""When each token was used last: written after the answer, at most once a minute, never in a look itself."""

from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from foundation import clock, log
from foundation.db import Database
from portal.api import services

PAUSE = timedelta(minutes=1)

logger = log.get(__name__)
_written: dict[tuple[str, int], datetime] = {}


def note(database: Database, token_id: int) -> None:
    """Write down a use, unless one of the last minute stands there already; failing it fails nothing."""
    now, place = clock.now(), (database.url, token_id)
    if place in _written and abs(now - _written[place]) < PAUSE:
        return
    try:
        database.write(lambda db: services.used(db, token_id, now))
    except SQLAlchemyError as error:
        logger.warning("use of a token not noted", error=type(error).__name__)
    else:
        _written[place] = now
