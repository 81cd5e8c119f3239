"""The running demonstration and a real browser. Nothing is skipped here: a missing browser is a failure."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.people import Person

# a Wednesday morning without holidays around it: the same demonstration whatever the day
STARTS_AT = "2026-06-03T10:00"
PATIENCE_SECONDS = 150
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=zh-CN",
)  # fmt: skip

Enter = Callable[..., Person]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a demonstration of our own is served: web, relay, worker and broker."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("portal")
    log = home / "said.log"
    with log.open("wb") as said:
        demo = subprocess.Popen(
            [sys.executable, "-m", "portal.cli", "demo", "--port", str(port), "--at", STARTS_AT],
            env={**os.environ, "PORTAL_HOME": str(home)},
            stdout=said,
            stderr=said,
        )
    try:
        _wait(f"http://127.0.0.1:{port}", demo, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(60)


def _wait(address: str, demo: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if demo.poll() is not None:
            pytest.fail(f"the demonstration ended: {log.read_text()}")
        try:
            with urlopen(f"{address}/healthz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"the demonstration did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session: the machine's own, nothing downloaded."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    assert found, f"none of {', '.join(BROWSERS)} is installed"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def enter(browser: Browser, address: str) -> Iterator[Enter]:
    """Somebody with a browser of their own; what went wrong in it is told when the test is over."""
    entered: list[Person] = []

    def come(login: str = "", *, width: int = 1280, script: bool = True, **wishes: str) -> Person:
        context = browser.new_context(
            base_url=address,
            locale="zh-CN",
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
        )
        context.add_cookies([{"name": name, "value": wish, "url": address} for name, wish in wishes.items()])
        person = Person(context)
        entered.append(person)
        if login:
            person.sign_in(login)
        return person

    yield come
    for person in entered:
        person.context.close()
    assert [fault for person in entered for fault in person.faults] == []
