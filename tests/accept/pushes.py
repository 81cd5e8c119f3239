"""Kill workers anywhere in pushes of 50,000: each recipient has exactly one message, and the planes are to
the bit what one process makes of the database afterwards.

Two workers share every run by ranges of enterprises. While they do, some are killed and replaced: inside a
transaction, before its commit, after it and before anybody is told, or wherever they just are.
"""

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy import distinct, func, select

from catalog.models import ItemVersion, PolicyItem
from foundation.db import Database
from matching.push import services, state
from matching.push.models import Push, PushRun
from notices.models import Message
from tests.accept.killing import drain, house
from tests.accept.kills import caught
from tests.accept.report import Findings, say, timed
from tests.accept.servers import Servers
from tests.accept.stack import Stack
from tests.factories import crowd

EXPERIMENT = "push"
CROWD, RECIPIENTS = 125_000, 50_000
BESIDE = 100  # items that nobody meets: their planes belong to every run
THRESHOLD = crowd.FIGURES - crowd.FIGURES * RECIPIENTS // CROWD
SHORT, FULL = 2, 12  # publications
TRAPS = ("statement", "commit", "committed")
VICTIMS = ("main", "child")
MOST_WRITES = 8  # a range's transaction writes about as often
LONGEST_RUN, LOOK = 300.0, 0.01


def run(on: str, made: Servers, folder: Path, cases: int, seed: int) -> Findings:
    """*cases* publications, one after the other."""
    found, dice = Findings(EXPERIMENT, on), random.Random(seed)
    database = Database(url := made.database(on))
    try:
        with timed("a crowd of enterprises"):
            crowd.gather(database, CROWD)
        with Stack(url, folder, copies={"worker": 2}) as stack:
            for number in range(BESIDE // 10):
                _publish(database, [f"BESIDE-{number}-{each}" for each in range(10)], 2 * crowd.FIGURES)
            drain(database)
            deaths = [death for number in range(cases) for death in _disturbed(database, stack, number, dice)]
            found.at_least("SIGKILLs of workers", len(deaths), 3 * cases)
            found.tell("of them", ", ".join(f"{how} {deaths.count(how)}" for how in sorted(set(deaths))))
            drained = drain(database)
            found.holds("outbox drained", "yes" if drained else "no", drained)
            for number in range(cases):
                _count(found, database, f"PUSH-{number}")
            house(found, stack)
        _rebuild(found, database)
    finally:
        database.close()
    return found


def _publish(database: Database, codes: list[str], threshold: int) -> None:
    with database.writing() as db:
        crowd.publish(db, [crowd.item(code, threshold) for code in codes])


def _disturbed(database: Database, stack: Stack, number: int, dice: random.Random) -> list[str]:
    """One publication whose workers die; how they died."""
    code, began = f"PUSH-{number}", time.monotonic()
    for trap in TRAPS:
        writes = dice.randint(1, MOST_WRITES) if trap == "statement" else 1
        (stack.traps / f"worker.{trap}").write_text(str(writes))
    armed, deaths = set(TRAPS), list[str]()
    others = [(began + dice.uniform(0.5, 8), victim) for victim in VICTIMS]
    _publish(database, [code], THRESHOLD)
    while not _finished(database, code) and time.monotonic() < began + LONGEST_RUN:
        if victim := caught(stack.traps):
            sprung = {trap for trap in armed if not (stack.traps / f"worker.{trap}").exists()}
            deaths += _kill(victim, min(sprung, default="statement"))
            armed -= sprung
        for other in [one for one in others if one[0] <= time.monotonic()]:
            others.remove(other)
            pid = stack.pid("worker-2") if other[1] == "main" else next(iter(stack.children("worker")), None)
            deaths += _kill(pid, other[1])
        time.sleep(LOOK)
    for trap in armed:
        (stack.traps / f"worker.{trap}").unlink(missing_ok=True)
    if victim := caught(stack.traps):
        deaths += _kill(victim, "late")
    say(f"{code}: {', '.join(deaths)}; told after {time.monotonic() - began:.0f} s")
    return deaths


def _kill(pid: int | None, how: str) -> list[str]:
    with suppress(ProcessLookupError):
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            return [how]
    return []


def _finished(database: Database, code: str) -> bool:
    """Whether every range of the run is done."""
    query = (
        select(PushRun.finished_at)
        .join(ItemVersion, ItemVersion.id == PushRun.item_version_id)
        .join(PolicyItem, PolicyItem.id == ItemVersion.item_id)
        .where(PolicyItem.code == code)
    )
    with database.reading() as db:
        return db.scalar(query) is not None


def _count(found: Findings, database: Database, code: str) -> None:
    """Everybody has one push and one message, and nobody two."""
    with database.reading() as db:
        pushes = (
            select(func.count(), func.count(distinct(Push.enterprise_id)))
            .join(ItemVersion, ItemVersion.id == Push.item_version_id)
            .join(PolicyItem, PolicyItem.id == ItemVersion.item_id)
            .where(PolicyItem.code == code)
        )
        rows, told = db.execute(pushes).one()
        letters = select(func.count(), func.count(distinct(Message.recipient_code)))
        messages, inboxes = db.execute(letters.where(Message.key.startswith(f"push:{code}:"))).one()
    found.count(f"{code}: enterprises told", told, RECIPIENTS)
    found.count(f"{code}: inboxes with it", inboxes, RECIPIENTS)
    found.count(f"{code}: told twice", rows - told + messages - inboxes)


def _rebuild(found: Findings, database: Database) -> None:
    """One process makes every plane anew, alone."""
    with database.reading() as db:
        numbers = state.numbers(db)
    with timed("planes anew"):
        other = [code for number in numbers for code in _other(database, number)]
    found.tell("ranges", len(numbers))
    found.count("planes that one process makes otherwise", len(other))


def _other(database: Database, number: int) -> list[str]:
    with database.writing() as db:
        return services.rebuild(db, number)
