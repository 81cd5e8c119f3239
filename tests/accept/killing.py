"""Kill processes while people take cases from application to money: nothing is lost, nothing doubled."""

import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from foundation.db import Database
from tests.accept import census, kills, population
from tests.accept.driver import ACTS, Journey, Town
from tests.accept.report import Findings, say
from tests.accept.stack import Stack

EXPERIMENT = "kill"
THREADS = 6
LONGEST_DRAIN = 180.0
LAST_EFFECT_WITHIN = 60.0
# people wait for their papers: a town that clicked on regardless would measure two processors, not the portal
MOST_OUTSTANDING = 200
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it."""

    cases: int
    firms: int
    flushes: int


SHORT, FULL = Size(200, 12, 1), Size(2000, 48, 2)


def run(on: str, url: str, folder: Path, size: Size, seed: int) -> Findings:
    """The whole experiment on the database at *url*."""
    found = Findings(EXPERIMENT, on)
    database = Database(url)
    try:
        people = population.settle(database, size.firms, -(-size.cases // size.firms))
        with Stack(url, folder) as stack:
            town = Town(stack.port, THREADS)
            began = time.monotonic()
            journeys, done = _live(database, town, stack, people, size, seed)
            took = time.monotonic() - began
            drained = drain(database)
            _tell_run(found, town, stack, done, took)
            found.holds("outbox drained", "yes" if drained else "no", drained)
            _count(found, database, stack, journeys, done)
            complaints = stack.complaints()
            found.tell("breakdowns in the logs", len(complaints))
            for line in complaints[:SHOWN]:
                say(line)
    finally:
        database.close()
    return found


def _live(
    database: Database, town: Town, stack: Stack, people: population.Population, size: Size, seed: int
) -> tuple[list[Journey], list[kills.Done]]:
    every = size.cases * len(ACTS)
    killer = kills.Killer(stack, seed, size.flushes, lambda: town.progress.acts / every)
    backlog = census.Backlog(database)
    town.too_fast = lambda: killer.behind or backlog.now() > MOST_OUTSTANDING
    thread = Thread(target=killer.run, name="killer")
    thread.start()
    try:
        return town.run(people.firms, people.items, size.cases), killer.done
    finally:
        killer.finished.set()
        thread.join()


def drain(database: Database) -> bool:
    """Wait until every effect of an act has happened."""
    deadline = time.monotonic() + LONGEST_DRAIN
    while time.monotonic() < deadline:
        with database.reading() as db:
            if census.outstanding(db) == 0:
                return True
        time.sleep(0.5)
    return False


def _tell_run(found: Findings, town: Town, stack: Stack, done: list[kills.Done], took: float) -> None:
    by_role = Counter(kill.role for kill in done)
    found.at_least("SIGKILLs", len(done), 20)
    inside = sum(kill.how in kills.IN_TRANSACTION for kill in done)
    found.at_least("of them inside a transaction", inside, 5)
    found.tell("of them after the commit, before the answer", sum(kill.how == "committed" for kill in done))
    found.tell("by role", ", ".join(f"{role} {times}" for role, times in sorted(by_role.items())))
    found.tell("processes started again", sum(stack.starts.values()) - len(stack.starts))
    found.tell("acts acknowledged", f"{town.progress.acts} in {took:.0f} s")
    found.tell("answers lost, same request again", town.tally.lost_answers)
    found.tell("nobody there, same request again", town.tally.nobody_there)
    found.tell("answered 503, same request again", town.tally.busy)
    found.count("wrong answers", len(town.tally.faults))
    for fault in town.tally.faults[:SHOWN]:
        say(fault)


def _count(
    found: Findings, database: Database, stack: Stack, journeys: list[Journey], done: list[kills.Done]
) -> None:
    with database.reading() as db:
        lost, doubled = census.take(db, journeys, stack.files)
        last, failures = census.last_effect(db), census.tries(db)
        paid, reserved = census.spent(db)
    whole = sum(len(journey.acknowledged) == len(ACTS) for journey in journeys)
    found.count("cases acknowledged as paid", whole, len(journeys))
    found.count("lost", len(lost))
    found.count("doubled", len(doubled))
    for subject, things in [*lost.items(), *doubled.items()][:SHOWN]:
        say(f"{subject}: {dict(things)}")
    found.count("fen paid", paid, len(journeys) * population.FEN)
    found.count("fen still promised", reserved)
    found.tell("effects that failed and were tried again", failures)
    if last is not None and done:
        seconds = (last - done[-1].moment).total_seconds()
        found.within("last kill to last effect", max(seconds, 0.0), LAST_EFFECT_WITHIN)
    house(found, stack)


def house(found: Findings, stack: Stack) -> None:
    """What the operator's own commands say."""
    invariants = stack.command("invariants", "--json")
    rows = invariants.stdout.splitlines()
    found.holds("portal invariants", f"{len(rows)} rows", invariants.returncode == 0 and not rows, "none")
    chain = stack.command("audit", "verify", "--json")
    lines = json.loads(chain.stdout or '{"lines": 0}')["lines"]
    found.holds("portal audit verify", f"{lines} lines", chain.returncode == 0, "whole")
