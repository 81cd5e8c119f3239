"""The demonstration starts with one command and leaves nothing behind, however it ends."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.sqlite
LONGEST_STOP = 10
# init of some containers collects no dead: a zombie holds nothing
GONE = {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}


class Demo:
    """A running demonstration and every process of it."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        # as a background job of a shell without job control: INT is ignored from birth
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal.cli", "demo", "--json", *options],
            env={**os.environ, "PORTAL_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        )
        assert self.process.stdout is not None
        self.said = json.loads(self.process.stdout.readline() or "{}")

    @property
    def url(self) -> str:
        """Where it is."""
        return str(self.said["url"])

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])

    def family(self) -> list[psutil.Process]:
        """Everything that it started, and what that started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def relays(self) -> list[psutil.Process]:
        """The relay, once it runs."""
        return [each for each in self.family() if _lives(each) and each.cmdline()[-1:] == ["relay"]]

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Another command beside it."""
        return subprocess.run(
            [sys.executable, "-m", "portal.cli", *arguments],
            env={**os.environ, "PORTAL_HOME": str(self.home)},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def get(self, path: str) -> tuple[int, str]:
        """The site's answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        response = connection.getresponse()
        try:
            return response.status, response.read().decode()
        finally:
            connection.close()

    def end(self, number: signal.Signals, family: list[psutil.Process]) -> float:
        """Send a signal; how long it took until nothing was left."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(LONGEST_STOP + 5)
        while any(_lives(process) for process in family):
            assert time.monotonic() - began < LONGEST_STOP + 5, [p.name() for p in family if _lives(p)]
            time.sleep(0.05)
        return time.monotonic() - began


def _lives(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() not in GONE
    return False


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """Start the demonstration of this test; whatever a failing test leaves is ended."""
    demos: list[Demo] = []

    def started(*options: str) -> Demo:
        demos.append(Demo(tmp_path, *options))
        return demos[-1]

    yield started
    for demo in demos:
        if demo.process.poll() is None:
            demo.process.kill()
        demo.process.communicate()


def test_a_demonstration_lives_and_ends_whole(start: Callable[..., Demo]) -> None:
    """One test, since filling takes longest: started at a set time, refused twice, ended in three ways."""
    with socket.socket() as busy:
        busy.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held = False
        with suppress(OSError):  # somebody else has it, perhaps not for long
            busy.bind(("127.0.0.1", 8000))
            busy.listen()
            held = True
        demo = start("--at", "2026-09-30T16:30")
    assert demo.port > 8000 or not held
    serves(demo)
    tells_its_accounts(demo)
    refuses_a_second_one(demo)
    lives_in_its_own_time(demo)
    ends(demo, signal.SIGINT)

    demo = start("--port", free_port())
    serves(demo)
    starts_again_what_died(demo)
    lives_in_its_own_time(demo)
    ends(demo, signal.SIGTERM)
    leaves_its_port(demo)

    demo = start("--port", free_port())
    serves(demo)
    ends(demo, signal.SIGKILL)
    leaves_its_port(demo)


def free_port() -> str:
    """A port that nobody else here takes by chance: below those that the kernel gives to whoever connects."""
    for port in random.sample(range(20_000, 32_000), 50):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return str(port)
    raise AssertionError("no port is free")


def serves(demo: Demo) -> None:
    status, page = demo.get("/")
    assert (status, "惠企" in page) == (200, True)
    assert demo.get("/healthz")[0] == 200


def tells_its_accounts(demo: Demo) -> None:
    account = demo.said["accounts"][0]
    assert account.keys() == {"login", "password", "role", "name", "organisation"}
    assert {each["role"] for each in demo.said["accounts"]} >= {"enterprise", "window", "finance"}


def refuses_a_second_one(demo: Demo) -> None:
    second = demo.command("demo")
    assert second.returncode == 2
    assert demo.url in second.stderr.splitlines()[-1]


def lives_in_its_own_time(demo: Demo) -> None:
    asked = demo.command("match", "--item", "YL01", "--json")
    assert json.loads(asked.stdout)["as_of"] == "2026-09-30"


def starts_again_what_died(demo: Demo) -> None:
    (relay,) = demo.relays()
    relay.kill()
    deadline = time.monotonic() + 20
    while not [other for other in demo.relays() if other.pid != relay.pid]:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def ends(demo: Demo, number: signal.Signals) -> None:
    family = demo.family()
    running = [" ".join(process.cmdline()) for process in family]
    for name in ("valkey-server", "relay", "worker", "serve"):
        assert any(name in line for line in running), running
    assert len(family) >= 5  # the web server has a process of its own for the pages

    assert demo.end(number, family) < LONGEST_STOP


def leaves_its_port(demo: Demo) -> None:
    until = time.monotonic() + LONGEST_STOP
    while not _free(demo.port):  # the last thread of a killed process may outlive what is seen of it
        assert time.monotonic() < until
        time.sleep(0.1)


def _free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return True
    return False
