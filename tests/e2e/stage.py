"""The running demonstration and a real browser."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, sync_playwright

# a Wednesday morning without holidays around it: the same demonstration whatever the day
STARTS_AT = "2026-06-03T10:00"
PATIENCE_SECONDS = 300
# the first is the same Chromium without a window: it takes a third less time
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=zh-CN",
)  # fmt: skip


class NotThere(Exception):
    """The demonstration or the browser could not be started."""


@contextmanager
def demonstration(home: Path) -> Iterator[str]:
    """Where a demonstration of our own is served: web, relay, worker and broker."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
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
            raise NotThere(f"the demonstration ended: {log.read_text()}")
        try:
            with urlopen(f"{address}/healthz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    raise NotThere(f"the demonstration did not start: {log.read_text()}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """One Chromium: the machine's own, nothing downloaded; NotThere if it is missing."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise NotThere(f"none of {', '.join(BROWSERS)} is installed")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield running
        running.close()


def new_context(
    browser: Browser, address: str, width: int, height: int, *, script: bool = True
) -> BrowserContext:
    """A browser without a past, for one person."""
    return browser.new_context(
        base_url=address,
        locale="zh-CN",
        viewport={"width": width, "height": height},
        java_script_enabled=script,
    )
