"""The running demonstration and a real browser. Nothing is skipped here: a missing browser is a failure."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.people import Looked, Person
from tests.e2e.stage import chromium, demonstration, new_context

HEIGHT = 800
SESSION = "portal"
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


@pytest.fixture(scope="session")
def looked() -> Looked:
    """The routes that axe has looked at, each for one role."""
    return set()


@pytest.fixture(scope="session")
def sessions() -> dict[str, str]:
    """The session cookie of whoever signed in before: signing in is shown once a person."""
    return {}


@pytest.fixture
def enter(browser: Browser, address: str, looked: Looked, sessions: dict[str, str]) -> Iterator[Enter]:
    """Somebody with a browser of their own; what went wrong in it is told when the test is over.

    Who changes or ends its session comes with *anew*: it signs in for itself, and nobody goes on with it.
    """
    entered: list[Person] = []
    lasting: list[tuple[str, Person]] = []

    def come(
        login: str = "", *, width: int = 1280, script: bool = True, anew: bool = False, **wishes: str
    ) -> Person:
        context = new_context(browser, address, width, HEIGHT, script=script)
        person = Person(context, login.rstrip("0123456789"), looked if script else None)
        entered.append(person)
        if login and (anew or login not in sessions):
            person.sign_in(login)
        elif login:
            wishes[SESSION] = sessions[login]
        context.add_cookies([{"name": name, "value": wish, "url": address} for name, wish in wishes.items()])
        if login and not anew:
            lasting.append((login, person))
            sessions[login] = _session_of(person)
        return person

    yield come
    for login, person in lasting:  # it says when its owner was last here
        sessions[login] = _session_of(person)
    for person in entered:
        person.context.close()
    assert [fault for person in entered for fault in person.faults] == []


def _session_of(person: Person) -> str:
    return {cookie["name"]: cookie["value"] for cookie in person.context.cookies()}[SESSION]
