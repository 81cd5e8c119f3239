"""One process that runs the whole portal on one machine, and takes everything down with it."""

import fcntl
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from foundation import clock, log
from foundation.errors import Conflict, Invalid
from portal.demo import prepare, processes
from portal.demo.home import Home
from portal.demo.processes import Child, Part

FIRST_PORT, PORTS = 8000, 100
LONGEST_START = 60.0
POLL_SECONDS = 0.1
LARGEST_LOG = 10 * 2**20

logger = log.get(__name__)


class Stopped(BaseException):
    """INT or TERM came while something long was under way."""


@dataclass(slots=True)
class Signals:
    """INT and TERM as a flag; while something long runs they interrupt it as well."""

    stopping: bool = False
    interrupts: bool = False

    def handle(self) -> None:
        """Take INT and TERM over, also where a parent had them ignored or blocked."""
        both = (signal.SIGINT, signal.SIGTERM)
        for number in both:
            signal.signal(number, self._note)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, both)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
        if self.interrupts:
            self.interrupts = False
            raise Stopped

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """What runs inside ends at once when a signal comes."""
        if self.stopping:
            raise Stopped
        self.interrupts = True
        try:
            yield
        finally:
            self.interrupts = False


@dataclass(slots=True)
class Supervisor:
    """The demonstration in *home*; `run` returns when INT or TERM came and everything has ended."""

    home: Home
    environment: Mapping[str, str]
    ready: Callable[[str], None]
    port: int | None = None
    fresh: bool = False
    at: datetime | None = None
    signals: Signals = field(default_factory=Signals)
    children: list[Child] = field(default_factory=list)

    def run(self) -> None:
        """Prepare the data, start every process, say so once the site answers, and watch over them."""
        self.signals.handle()
        self.home.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            try:
                stack.enter_context(self._alone())
                port = free_port(self.port)  # a busy one is said before anything is done
                with self.signals.interrupting():
                    self._prepare()
                port = free_port(self.port or port)
                sockets = stack.enter_context(self._sockets())
                stack.callback(self._stop)
                self._start(port, sockets / "valkey.sock")
                self._watch()
            except Stopped:
                return

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self.home.lock.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                known = self.home.address
                where = known.read_text() if known.exists() else ""
                raise Conflict(f"演示已经在运行：{where}。请直接打开，或者先停掉再启动。") from None
            yield

    def _prepare(self) -> None:
        if self.fresh or self.at is not None:
            self.home.clear()
        if self.at is not None:
            self.home.clock.write_text(str((self.at - clock.system_time()).total_seconds()))
        prepare.prepare(self.home)

    @contextmanager
    def _sockets(self) -> Iterator[Path]:
        """A folder with a short path (a socket's may have 107 bytes); one left by a killed run is removed."""
        if self.home.sockets.exists():
            left = Path(self.home.sockets.read_text())
            if left.name.startswith("portal-"):
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix="portal-"))
        self.home.sockets.write_text(str(folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self.home.sockets.unlink(missing_ok=True)

    def _start(self, port: int, broker: Path) -> None:
        address = f"http://127.0.0.1:{port}"
        self.home.address.write_text(address)
        self.home.broker.mkdir(parents=True, exist_ok=True)
        if self.home.log.exists() and self.home.log.stat().st_size > LARGEST_LOG:
            self.home.log.unlink()
        environment = {
            **self.environment,
            **self.home.environment(),
            "PORTAL_HOME": str(self.home.folder.parent),
            "SECRET_KEY": self.home.secret(),
            "BROKER_URL": f"redis+socket://{broker}",
            "PUBLIC_URL": address,
        }
        self._add(processes.broker(broker, self.home.broker), environment)
        self._until(broker.exists)
        # the site first: nobody waits for the others, and they would slow it down
        self._add(processes.portal("web", "serve", "--port", str(port), patience=3.0), environment)
        if not self._until(lambda: answers(port)):
            raise Conflict(f"网站没有启动起来。请看日志 {self.home.log}。")
        self._add(processes.portal("relay", "relay", patience=1.5), environment)
        self._add(processes.portal("worker", "worker", "--pool", "threads", patience=2.5), environment)
        self.ready(address)

    def _add(self, part: Part, environment: Mapping[str, str]) -> None:
        if self.signals.stopping:
            raise Stopped
        self.children.append(Child(part, environment, self.home.log))

    def _until(self, there: Callable[[], bool]) -> bool:
        """Wait for something while watching; False where it does not come, Stopped on a signal."""
        deadline = time.monotonic() + LONGEST_START
        while time.monotonic() < deadline:
            if self.signals.stopping:
                raise Stopped
            if there():
                return True
            time.sleep(POLL_SECONDS)
            for child in self.children:
                child.watch()
        return False

    def _watch(self) -> None:
        while not self.signals.stopping:
            time.sleep(POLL_SECONDS)
            for child in self.children:
                child.watch()

    def _stop(self) -> None:
        for child in reversed(self.children):
            child.stop()
        self.home.address.unlink(missing_ok=True)


def free_port(wanted: int | None) -> int:
    """The port asked for, or the first free one from 8000 on."""
    if wanted is not None:
        if not _is_free(wanted):
            raise Invalid.of("--port", f"端口 {wanted} 已被占用", "请换一个端口，或者不写，由系统选")
        return wanted
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        if _is_free(port):
            return port
    raise Invalid.of("--port", f"{FIRST_PORT} 起的 {PORTS} 个端口都被占用", "请用 --port 指定一个空闲端口")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether the site on *port* says that it is well."""
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
