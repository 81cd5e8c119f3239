"""One item published, 5,600 newly entitled of 100,000: from the commit until all have it in their inboxes.

The embedded stack runs beside it: broker, web, relay and worker as processes of their own. Nobody else does
this, so there is no peer; the figure is the seconds themselves.
"""

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.rounds import Result
from foundation.db import Database
from foundation.settings import from_environment
from matching.push.models import Push
from notices.models import Message
from portal import relay
from portal.demo import processes
from portal.schema import migrate
from tests.factories import crowd

ENTERPRISES, NEWLY, OTHERS, RUNS = 100_000, 5_600, 100, 5
GOAL, LONGEST = 1.0, 120.0
LOOK = 0.005


def measure(measure_id: str, url: str, folder: Path) -> Result:
    """The median of five publications; the one before them has the worker read its facts."""
    migrate(url)
    environment = _environment(url, folder)
    database = Database(url)
    try:
        _fill(database)
        with _stack(environment, folder):
            database.after_told = relay.nudge(from_environment(environment))
            _publish(database, "WARM", LONGEST)
            times = [_publish(database, f"RUN-{number}", LONGEST) for number in range(RUNS)]
    finally:
        database.close()
    ours = statistics.median(times)
    return {
        "measure": measure_id, "ours": ours, "peer": None, "ratio": ours, "goal": GOAL, "holds": ours <= GOAL,
    }  # fmt: skip


def _fill(database: Database) -> None:
    """A hundred thousand enterprises with one figure each, and a catalogue that nobody meets."""
    crowd.gather(database, ENTERPRISES)
    with database.writing() as db:
        out_of_reach = range(2 * crowd.FIGURES, 2 * crowd.FIGURES + OTHERS)
        crowd.publish(db, [crowd.item(f"OTHER-{threshold}", threshold) for threshold in out_of_reach])


def _publish(database: Database, code: str, patience: float) -> float:
    """Seconds from the commit until everybody who is newly entitled has the message."""
    threshold = crowd.FIGURES - crowd.FIGURES * NEWLY // ENTERPRISES
    with database.writing() as db:
        crowd.publish(db, [crowd.item(code, threshold)])
    began = time.monotonic()
    arrived = select(func.count()).select_from(Message).join(Push, Push.message_key == Message.key)
    arrived = arrived.where(Message.title.startswith(f"“样例事项 {code}”"))
    while time.monotonic() < began + patience:
        with database.reading() as db:
            if db.scalar(arrived) == NEWLY:
                return time.monotonic() - began
        time.sleep(LOOK)
    raise RuntimeError(f"{code} did not reach everybody within {patience:.0f} s")


def _environment(url: str, folder: Path) -> dict[str, str]:
    return {
        **os.environ, "DATABASE_URL": url, "SECRET_KEY": "only for the bench",
        "BROKER_URL": f"redis+socket://{folder / 'valkey.sock'}", "FILES_DIR": str(folder / "files"),
        "PORTAL_HOME": str(folder), "SECURE_COOKIES": "0",
    }  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _stack(environment: dict[str, str], folder: Path) -> Iterator[None]:
    """Broker, web, relay and worker, ended afterwards."""
    (folder / "broker").mkdir()
    portal = (sys.executable, "-m", "portal.cli")
    commands = [
        processes.broker(folder / "valkey.sock", folder / "broker").command,
        (*portal, "serve", "--port", str(_free_port())),
        (*portal, "relay"),
        (*portal, "worker", "--pool", "threads"),
    ]
    with (folder / "stack.log").open("ab") as log:
        running = [
            subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
            for command in commands
        ]
        try:
            yield
        finally:
            for process in reversed(running):
                os.killpg(process.pid, signal.SIGTERM)
            for process in running:
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)


def on_sqlite() -> Result:
    """In a file on disk."""
    with tempfile.TemporaryDirectory(prefix="bench-stored-") as folder:
        return measure("push.stored.sqlite", f"sqlite:///{folder}/portal.db", Path(folder))


def on_postgresql(uri: str) -> Result:
    """In a database of a running server."""
    with tempfile.TemporaryDirectory(prefix="bench-stored-") as folder:
        url = uri.replace("postgresql://", "postgresql+psycopg://", 1)
        return measure("push.stored.pg", url, Path(folder))
