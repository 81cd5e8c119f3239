"""When whom to kill: a plan made from the seed, carried out as the acts go by."""

import os
import random
import signal
import time
from collections import Counter
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
LONGEST_WAIT = 20.0
LOOK = 0.02
# a transaction of theirs writes about as often
MOST_WRITES = {"web": 12, "worker": 2, "relay": 2}
TRIES = 3


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
        Kill(at, role, how, dice.randint(1, MOST_WRITES[role]) if how == "statement" else 1)
        for at, (role, how) in zip([*moments, LAST], deaths, strict=True)
    ]


class Killer:
    """Carries a plan out as the acts go by; who is only just being started again is left alone a while."""

    def __init__(self, stack: Stack, seed: int, flushes: int, share_done: Callable[[], float]) -> None:
        self.stack, self.share_done = stack, share_done
        self.waiting = plan(seed)
        self.flush_at = [(number + 1) / (flushes + 1) for number in range(flushes)]
        self.done: list[Done] = []
        self.missed: Counter[Kill] = Counter()
        self.finished = Event()

    @property
    def behind(self) -> bool:
        """Whether the acts have run away from the plan."""
        share = self.share_done()
        return sum(kill.at < share for kill in self.waiting) > 1

    def run(self) -> None:
        """Kill until the plan is empty or everybody went home."""
        while self.waiting and not self.finished.wait(LOOK):
            share = self.share_done()
            if self.flush_at and share >= self.flush_at[0]:
                self.flush_at.pop(0)
                self.stack.flush_broker()
                say(f"broker flushed at {share:.0%}")
            due = (kill for kill in self.waiting if kill.at <= share and self.stack.ready(kill.role))
            if kill := next(due, None):
                self.waiting.remove(kill)
                self._carry_out(kill)

    def _carry_out(self, kill: Kill) -> None:
        victim = self._victim(kill)
        if victim is None:
            self.missed[kill] += 1
            say(f"did not come by: {kill.role} ({kill.how})")
            if self.missed[kill] < TRIES:
                self.waiting.append(kill)
            return
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
            self.done.append(Done(kill.role, kill.how, clock.now()))
            say(f"killed {kill.role} ({kill.how}) at {self.share_done():.0%}")

    def _victim(self, kill: Kill) -> int | None:
        if kill.how == "main":
            return self.stack.pid(kill.role)
        if kill.how == "child":
            return next(iter(self.stack.children(kill.role)), None)
        armed = self.stack.traps / f"{kill.role}.{kill.how}"
        armed.write_text(str(kill.writes))
        deadline = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < deadline and (armed.exists() or not self.finished.is_set()):
            if victim := caught(self.stack.traps):
                return victim
            time.sleep(0.005)
        armed.unlink(missing_ok=True)
        return caught(self.stack.traps)


def caught(traps: Path) -> int | None:
    """Who walked into a trap, if anybody; only once."""
    for left in traps.glob("caught.*"):
        left.unlink()
        return int(left.suffix.removeprefix("."))
    return None
