"""Migrations and decisions have each number once, without gaps: two branches took the same one unawares."""

import re
from pathlib import Path

VERSIONS, DECISIONS = Path("portal/migrations/versions"), Path("docs/adr")
TITLE = re.compile(r"# (?:\d+\.? )?(.+)")
REVISION = re.compile(r"^(?:down_)?revision = (?:\"(\w+)\"|None)$", re.MULTILINE)


def _numbers(paths: list[Path]) -> list[str]:
    """0001 and on, as many as there are *paths*."""
    return [f"{number:04}" for number in range(1, len(paths) + 1)]


def test_migrations_are_one_chain_in_the_order_of_their_files() -> None:
    paths = sorted(VERSIONS.glob("*.py"))
    numbers = _numbers(paths)
    chain = [(path.name[:4], *REVISION.findall(path.read_text("utf-8"))) for path in paths]
    assert chain == list(zip(numbers, numbers, ["", *numbers], strict=False))


def test_every_decision_has_its_number_and_stands_in_the_index() -> None:
    paths = sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")
    assert [path.name[:4] for path in paths] == _numbers(paths)
    titles = [TITLE.findall(path.read_text("utf-8"))[0] for path in paths]
    lines = [f"- {path.name[:4]} [{title}]({path.name})" for path, title in zip(paths, titles, strict=True)]
    index = (DECISIONS / "README.md").read_text("utf-8").splitlines()
    assert [line for line in index if line.startswith("- ")] == lines
