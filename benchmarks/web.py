"""Server CPU per request of the cached home and item page beside a bare Flask hello, each with one worker.

Both stand behind Granian with the same threads; one client asks over one connection, in interleaved rounds.
What is compared is the processor time of the server's processes. The peer's page is five bytes long, ours are
whole pages.
"""

import http.client
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil

from catalog.services import import_items
from foundation.db import Database
from portal.commands.processes import WEB
from portal.schema import migrate

MUST, ROUNDS, REQUESTS, WAIT = 1.25, 5, 1_000, 60
POLICIES = Path("portal/demo/data/policies.jsonl")
HELLO = "benchmarks.hello:application"
SERVE = (
    "import sys; from granian.server import Server; from granian.constants import Interfaces; "
    "Server(sys.argv[1], factory=True, interface=Interfaces.WSGI, address='127.0.0.1', "
    "port=int(sys.argv[2]), workers=1, blocking_threads=1, log_enabled=False).serve()"
)


def measure(rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """The worse of both pages."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = f"sqlite:///{folder}/bench.db"
        migrate(url)
        database = Database(url)
        database.write(lambda db: import_items(db, None, POLICIES.read_text("utf-8").splitlines()))
        database.close()
        own = {"DATABASE_URL": url, "SECRET_KEY": secrets.token_hex(32), "BROKER_URL": "redis://127.0.0.1:1/0",
               "FILES_DIR": f"{folder}/files"}  # fmt: skip
        ours = stack.enter_context(server(WEB, own))
        hello = stack.enter_context(server(HELLO, {}))
        jobs = {"home": (ours, "/"), "item": (ours, "/items/S001"), "hello": (hello, "/")}
        found: dict[str, list[float]] = {name: [] for name in jobs}
        for _ in range(rounds):
            for name, (asked, path) in jobs.items():
                found[name].append(asked.cpu(path))
    middle = {name: statistics.median(each) for name, each in found.items()}
    worse, peer = max(middle["home"], middle["item"]), middle["hello"]
    return [
        {"measure": "web.cached/hello", "ours": worse, "peer": peer, "ratio": worse / peer, "goal": MUST,
         "holds": worse / peer <= MUST}
    ]  # fmt: skip


class _Server:
    def __init__(self, process: psutil.Process, port: int) -> None:
        self.process, self.port = process, port

    def cpu(self, path: str, cookie: str = "", requests: int = REQUESTS) -> float:
        """Seconds of processor time a request, after twenty that warm up."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        for _ in range(20):
            _ask(connection, path, cookie)
        before = self._used()
        for _ in range(requests):
            _ask(connection, path, cookie)
        used = self._used() - before
        connection.close()
        return used / requests

    def _used(self) -> float:
        all_of_it = [self.process, *self.process.children(recursive=True)]
        return sum(sum(each.cpu_times()[:2]) for each in all_of_it)


def _ask(connection: http.client.HTTPConnection, path: str, cookie: str) -> None:
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")


@contextmanager
def server(application: str, own: dict[str, str]) -> Iterator[_Server]:
    """Granian with one worker and one thread."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, application, str(port)],
        env={**os.environ, **own},
        stdout=sys.stderr,
    )
    try:
        _await(port)
        yield _Server(psutil.Process(process.pid), port)
    finally:
        process.terminate()
        process.wait(WAIT)


def _await(port: int) -> None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")
