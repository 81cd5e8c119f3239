"""`./run screenshots`: the ten main pages at desk and phone width, taken from a demonstration of its own."""

import tempfile
from pathlib import Path

from tests.e2e.main_pages import MAIN_PAGES
from tests.e2e.people import Person
from tests.e2e.stage import chromium, demonstration, new_context

FOLDER = Path("docs/screenshots")
WIDTHS = {"wide": (1280, 800), "narrow": (360, 740)}


def main() -> None:
    """Take them all anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as home, demonstration(Path(home)) as address, chromium() as browser:
        for where, (width, height) in WIDTHS.items():
            people: dict[str, Person] = {}
            for page in MAIN_PAGES:
                if page.login not in people:
                    people[page.login] = Person(new_context(browser, address, width, height))
                    if page.login:
                        people[page.login].sign_in(page.login)
                person = people[page.login]
                person.open(page.path)
                person.page.screenshot(path=FOLDER / f"{page.name}-{where}.png")


if __name__ == "__main__":
    main()
