"""Views are thin: they hand their session to services and queries, and never ask the database themselves."""

import re
from pathlib import Path

PACKAGES = ("portal", "matching", "catalog", "notices", "foundation")
SPEAKS = re.compile(r"\bdb\.\w+|\.(?:writing|reading|write|commit|rollback)\(")
IMPORTS = re.compile(r"^\s*(?:import sqlalchemy.*|from sqlalchemy\S* import .*)$", re.MULTILINE)


def _views() -> dict[str, str]:
    files = [path for package in PACKAGES for path in Path(package).rglob("*.py")]
    return {str(path): path.read_text("utf-8") for path in files if "views" in {path.stem, path.parent.name}}


def test_a_view_knows_only_the_name_of_the_session() -> None:
    allowed = {"from sqlalchemy.orm import Session"}
    wrong = {
        path: found for path, text in _views().items() if (found := set(IMPORTS.findall(text)) - allowed)
    }
    assert wrong == {}


def test_a_view_passes_the_session_on() -> None:
    assert {path: found for path, text in _views().items() if (found := SPEAKS.findall(text))} == {}
