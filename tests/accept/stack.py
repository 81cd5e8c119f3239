"""The processes of an installation, watched over by the driver: what dies is started again at once."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

import psutil

from foundation import clock
from portal.demo import processes
from portal.demo.supervisor import answers

ROLES = ("web", "relay", "worker")
TRAP = Path(__file__).parent / "trap"
LONGEST_START = 240.0
LOOK = 0.05
SETTLED = 3.0


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """Broker, web, relay and worker over one database."""

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        copies: Mapping[str, int] | None = None,
        clock_offset: timedelta = timedelta(),
    ) -> None:
        self.url, self.folder, self.port = url, folder, free_port()
        self.copies, self.clock_offset = copies or {}, clock_offset
        self.traps, self.files, self.logs = (folder / name for name in ("traps", "files", "logs"))
        for path in (self.traps, self.files, self.logs, folder / "broker"):
            path.mkdir(parents=True)
        self.broker = folder / "valkey.sock"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.starts: Counter[str] = Counter()
        self.said_before: Counter[str] = Counter()
        self._stopping = Event()
        self._watch = Thread(target=self._look_after, name="watch")

    def environment(self, role: str = "") -> dict[str, str]:
        """What a command of this installation needs; with a *role* it walks into the driver's traps."""
        trapped = (
            {"ACCEPT_ROLE": role, "ACCEPT_TRAPS": str(self.traps), "PYTHONPATH": str(TRAP)} if role else {}
        )
        return {
            **os.environ,
            "DATABASE_URL": self.url,
            "SECRET_KEY": "only for the experiments",
            "BROKER_URL": f"redis+socket://{self.broker}",
            "FILES_DIR": str(self.files),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "PORTAL_HOME": str(self.folder),
            "SECURE_COOKIES": "0",
            "PORTAL_CLOCK_OFFSET": str(self.clock_offset.total_seconds()),
            "SECOND_FACTOR": "0",
            "RATE_READS": "0",
            "RATE_SIGN_INS": "0",
            "ACCEPT_STARTER": str(os.getpid()),
            **trapped,
        }

    def __enter__(self) -> "Stack":
        part = processes.broker(self.broker, self.folder / "broker")
        self._start("broker", part.command)
        self._until(self.broker.exists, "the broker")
        self._watch.start()
        try:
            self._until(lambda: answers(self.port), "the web")
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End every process, and wait until it has."""
        self._stopping.set()
        if self._watch.is_alive():
            self._watch.join()
        for number, patience in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
            for process in self.running.values():
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline and any(p.poll() is None for p in self.running.values()):
                time.sleep(LOOK)

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the portal on this installation."""
        command = (sys.executable, "-m", "portal.cli", *arguments)
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)

    def pid(self, role: str) -> int:
        """The process of *role* that this driver started."""
        return self.running[role].pid

    def children(self, role: str) -> list[int]:
        """The processes that do the work of *role*, where it has any of its own."""
        with suppress(psutil.Error):
            return [
                child.pid
                for child in psutil.Process(self.pid(role)).children()
                if "resource_tracker" not in " ".join(child.cmdline())
            ]
        return []

    def ready(self, role: str) -> bool:
        """Whether *role* is at work since it was started last."""
        if role == "relay":
            return b"relay started" in (self.logs / "relay.log").read_bytes()[self.said_before[role] :]
        with suppress(psutil.Error):
            now = clock.system_time().timestamp()
            ages = [now - psutil.Process(pid).create_time() for pid in self.children(role)]
            return bool(ages) and max(ages) > SETTLED
        return False

    def flush_broker(self) -> None:
        """Take everything from the broker."""
        with socket.socket(socket.AF_UNIX) as broker:
            broker.connect(str(self.broker))
            broker.sendall(b"FLUSHALL\r\n")
            assert broker.recv(64).startswith(b"+OK")

    def complaints(self) -> list[str]:
        """What the processes logged about breakdowns of their own."""
        return [
            f"{path.stem}: {line[:300]}"
            for path in sorted(self.logs.glob("*.log"))
            for line in path.read_text("utf-8", "replace").splitlines()
            if '"level": "error"' in line
        ]

    def _look_after(self) -> None:
        commands = {
            "web": ("serve", "--port", str(self.port), "--workers", "2"),
            "relay": ("relay",),
            "worker": ("worker", "--pool", "prefork", "--concurrency", "2"),
        }
        while not self._stopping.is_set():
            for role, arguments in commands.items():
                for copy in range(1, self.copies.get(role, 1) + 1):
                    name = role if copy == 1 else f"{role}-{copy}"
                    known = self.running.get(name)
                    if known is None or known.poll() is not None:
                        self._start(name, (sys.executable, "-m", "portal.cli", *arguments))
            self._stopping.wait(LOOK)

    def _start(self, role: str, command: tuple[str, ...]) -> None:
        self.starts[role] += 1
        environment = self.environment(role if role in ROLES else "")
        with (self.logs / f"{role}.log").open("ab") as out:
            self.said_before[role] = out.tell()
            self.running[role] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment, process_group=0
            )

    def _until(self, there: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + LONGEST_START
        while not there():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} did not come up; see {self.logs}")
            time.sleep(LOOK)
