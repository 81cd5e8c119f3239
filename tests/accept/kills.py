"""When whom to kill: a plan made from the seed, carried out as the acts go by."""

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event

from foundation import clock
from tests.accept.report import say
from tests.accept.stack import Stack

IN_TRANSACTION = ("statement", "commit")
# (role, how): `main` the process itself, `child` one that works for it, else the point where it is caught
DEATHS = (
    *[("web", "statement")] * 2,
    *[("web", "commit")] * 3,
    *[("web", "committed")] * 2,
    *[("web", "child")] * 1,
    *[("web", "main")] * 2,
    *[("relay", "commit")] * 2,
    *[("relay", "committed")] * 2,
    *[("relay", "main")] * 2,
    *[("worker", "statement")] * 1,
    *[("worker", "commit")] * 2,
    *[("worker", "committed")] * 2,
    *[("worker", "child")] * 1,
    *[("worker", "main")] * 2,
)
FIRST, LAST = 0.02, 0.985
LONGEST_WAIT = 60.0
MOST_WRITES = 12


@dataclass(frozen=True, slots=True)
class Kill:
    """One death, due when that part of all acts is acknowledged."""

    at: float
    role: str
    how: str
    writes: int


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a kill."""

    role: str
    how: str
    moment: datetime


def plan(seed: int) -> list[Kill]:
    """The same seed makes the same plan; the last kill comes when nearly all is done."""
    dice = random.Random(seed)
    deaths = list(DEATHS)
    dice.shuffle(deaths)
    every = (LAST - FIRST) / (len(deaths) - 1)
    moments = [FIRST + every * (number + dice.uniform(0, 0.9)) for number in range(len(deaths) - 1)]
    return [
        Kill(at, role, how, dice.randint(1, MOST_WRITES) if how == "statement" else 1)
        for at, (role, how) in zip([*moments, LAST], deaths, strict=True)
    ]


def carry_out(
    kills: list[Kill], flushes: int, stack: Stack, share_done: Callable[[], float], finished: Event
) -> list[Done]:
    """Kill by plan until the last one or until everybody went home; returns what was done."""
    done: list[Done] = []
    flush_at = [(number + 1) / (flushes + 1) for number in range(flushes)]
    for kill in kills:
        while share_done() < kill.at and not finished.wait(0.02):
            pass
        if flush_at and share_done() >= flush_at[0]:
            flush_at.pop(0)
            stack.flush_broker()
            say(f"broker flushed at {share_done():.0%}")
        if finished.is_set():
            break
        if _kill(stack, kill, finished):
            done.append(Done(kill.role, kill.how, clock.now()))
            say(f"killed {kill.role} ({kill.how}) at {share_done():.0%}")
        else:
            say(f"did not come by: {kill.role} ({kill.how})")
    return done


def _kill(stack: Stack, kill: Kill, finished: Event) -> bool:
    victim = _victim(stack, kill, finished)
    if victim is None:
        return False
    with suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
        return True
    return False


def _victim(stack: Stack, kill: Kill, finished: Event) -> int | None:
    """Who is to die; a process that is just being started again may take its time to come by."""
    armed = stack.traps / f"{kill.role}.{kill.how}"
    if kill.how not in ("main", "child"):
        armed.write_text(str(kill.writes))
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline and not (finished.is_set() and not armed.exists()):
        victim = _caught(stack.traps) if kill.how not in ("main", "child") else _at_work(stack, kill)
        if victim is not None:
            return victim
        time.sleep(0.005)
    armed.unlink(missing_ok=True)
    return _caught(stack.traps)


def _caught(traps: Path) -> int | None:
    for caught in traps.glob("caught.*"):
        caught.unlink()
        return int(caught.suffix.removeprefix("."))
    return None


def _at_work(stack: Stack, kill: Kill) -> int | None:
    """The process, or one of its children, once it has got as far as having any; the relay has none."""
    children = stack.children(kill.role)
    if kill.role != "relay" and not children:
        return None
    return children[0] if kill.how == "child" else stack.pid(kill.role)
