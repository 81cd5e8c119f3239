"""Two relays and four workers at once, and a backup in the middle of it that has to restore whole."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

from foundation import audit
from foundation.db import Database
from portal.backup import back_up
from portal.restore import restore
from tests.accept import census, population
from tests.accept.driver import ACTS, Town
from tests.accept.killing import drain, house
from tests.accept.report import Findings, say
from tests.accept.servers import Servers
from tests.accept.stack import Stack
from tests.support.databases import postgresql_programs

EXPERIMENT = "many"
THREADS = 6
FIRMS = 12
SHORT, FULL = 24, 400
RESTORED_WITHIN = 600.0
SHOWN = 5
HALF = 0.5


def run(on: str, made: Servers, folder: Path, cases: int) -> Findings:
    """Take *cases* to the money; halfway the leading relay dies and a backup is made."""
    found = Findings(EXPERIMENT, on)
    os.environ["PATH"] = f"{postgresql_programs()}{os.pathsep}{os.environ['PATH']}"
    database = Database(url := made.database(on))
    kept = folder / "kept"
    try:
        people = population.settle(database, FIRMS, -(-cases // FIRMS))
        with Stack(url, folder, copies={"relay": 2, "worker": 4}) as stack:
            town = Town(stack.port, THREADS)
            halfway = Thread(target=_at_half, args=(town, cases, lambda: _halfway(stack, database, kept)))
            halfway.start()
            journeys = town.run(people.firms, people.items, cases)
            halfway.join()
            drained = drain(database)
            found.holds("outbox drained", "yes" if drained else "no", drained)
            with database.reading() as db:
                lost, doubled = census.take(db, journeys, stack.files)
                failures = census.tries(db)
            whole = sum(len(journey.acknowledged) == len(ACTS) for journey in journeys)
            found.count("cases acknowledged as paid", whole, len(journeys))
            found.count("wrong answers", len(town.tally.faults))
            found.count("lost", len(lost))
            found.count("doubled", len(doubled))
            for subject, things in [*lost.items(), *doubled.items()][:SHOWN]:
                say(f"{subject}: {dict(things)}")
            found.tell("effects that failed and were tried again", failures)
            house(found, stack)
            back_up(database, stack.files, kept)
        _drill(found, made, on, database, kept, folder)
    finally:
        database.close()
    return found


def _at_half(town: Town, cases: int, work: Callable[[], None]) -> None:
    while town.progress.acts < cases * len(ACTS) * HALF:
        time.sleep(0.05)
    work()


def _halfway(stack: Stack, database: Database, kept: Path) -> None:
    with suppress(ProcessLookupError):
        os.kill(stack.pid("relay"), signal.SIGKILL)
    back_up(database, stack.files, kept)


def _drill(found: Findings, made: Servers, on: str, database: Database, kept: Path, folder: Path) -> None:
    """Both backups into databases of their own: the one made under load, and the last."""
    copies = sorted(path.name for path in kept.glob("portal-*") if path.suffix in {".db", ".dump"})
    for what, copy in zip(("under load", "at the end"), copies, strict=True):
        began = time.monotonic()
        restored = restore(url := made.empty(on), folder / f"files {what}", kept, copy)
        found.within(f"restored, made {what}", time.monotonic() - began, RESTORED_WITHIN)
        found.count(f"troubles, made {what}", len(restored.troubles))
        for trouble in restored.troubles[:SHOWN]:
            say(trouble)
    again = Database(url)
    with database.reading() as before, again.reading() as after:
        same = audit.verify(before) == audit.verify(after)
    again.close()
    found.holds("the same chain, whole", f"{restored.lines} lines", same)
