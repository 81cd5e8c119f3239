"""What is sought and opened, counted in memory and written each minute in a transaction of its own."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from threading import Event, Lock, Thread

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from catalog.search import text
from catalog.sought import services
from catalog.sought.rules import may_keep
from foundation import clock, log
from foundation.db import Database

PAUSE_SECONDS, MOST_HELD = 60.0, 5_000
Again = Callable[[], None]

logger = log.get(__name__)


@dataclass(slots=True)
class Counts:
    """The counts of one web process that are not written yet."""

    sought: Counter[tuple[date, str]] = field(default_factory=Counter)
    hits: dict[str, int] = field(default_factory=dict)
    opened: Counter[tuple[date, str]] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def seek(self, query: str, hits: int) -> Again:
        """A text was sought; what is handed back counts it once more."""
        plain = text.normal(query[: text.LONGEST_QUERY])

        def count() -> None:
            if may_keep(plain):
                self._add(self.sought, plain)
                self.hits[plain] = hits

        count()
        return count

    def open(self, code: str) -> Again:
        """A guide was opened; what is handed back counts it once more."""

        def count() -> None:
            self._add(self.opened, code)

        count()
        return count

    def _add(self, counter: Counter[tuple[date, str]], what: str) -> None:
        with self.lock:
            key = clock.now().date(), what
            if key in counter or len(counter) < MOST_HELD:
                counter[key] += 1

    def write(self, database: Database) -> None:
        """Bring the counts into the database; where that fails they stay for the next time."""
        with self.lock:
            sought, opened, hits = self.sought, self.opened, self.hits
            self.sought, self.opened, self.hits = Counter(), Counter(), {}
        if not sought and not opened:
            return
        try:
            database.write(lambda db: services.add(db, sought, hits, opened))
        except SQLAlchemyError as error:
            logger.warning("counts not written", error=type(error).__name__)
            with self.lock:
                self.sought.update(sought)
                self.opened.update(opened)
                self.hits = hits | self.hits


_kept: dict[str, Counts] = {}


def counts(place: str) -> Counts:
    """The counts of this process for the database at *place*."""
    return _kept.setdefault(place, Counts())


def counts_of(db: Session) -> Counts:
    """The same for the database of a session."""
    return counts(str(db.get_bind().engine.url))


def keep_writing(database: Database) -> None:
    """Write the counts of this process each minute, for as long as it lives."""
    held = counts(str(database.engine.url))

    def run() -> None:
        while not Event().wait(PAUSE_SECONDS):
            held.write(database)

    Thread(target=run, name="sought", daemon=True).start()
