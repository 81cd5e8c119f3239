"""The running demonstration and a real browser. Nothing is skipped here: a missing browser is a failure."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.people import Person
from tests.e2e.stage import chromium, demonstration, new_context

HEIGHT = 800
Enter = Callable[..., Person]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demonstration of these tests keeps what is its own."""
    return tmp_path_factory.mktemp("portal")


@pytest.fixture(scope="session")
def address(home: Path) -> Iterator[str]:
    """Where a demonstration of our own is served: web, relay, worker and broker."""
    with demonstration(home) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    with chromium() as running:
        yield running


@pytest.fixture
def enter(browser: Browser, address: str) -> Iterator[Enter]:
    """Somebody with a browser of their own; what went wrong in it is told when the test is over."""
    entered: list[Person] = []

    def come(login: str = "", *, width: int = 1280, script: bool = True, **wishes: str) -> Person:
        context = new_context(browser, address, width, HEIGHT, script=script)
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
