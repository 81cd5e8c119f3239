"""A class of ours never has the name of one of Tabler's: its rules would come along unasked."""

import re
from pathlib import Path

STATIC = Path("foundation/web/static")
# Tabler's own, which we use as what they are and give our look
RESTYLED = {"btn", "btn-danger", "btn-primary", "form-control", "form-select", "icon", "table"}


def _classes(path: Path) -> set[str]:
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", path.read_text("utf-8"), flags=re.DOTALL)
    return set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", selectors))


def test_no_class_of_ours_is_one_of_tablers() -> None:
    theirs = _classes(STATIC / "vendor/tabler.min.css")
    assert {"page", "steps", "empty", "chart", "mark", "columns-2"} <= theirs
    clashes = {sheet.name: sorted(_classes(sheet) & theirs - RESTYLED) for sheet in STATIC.glob("*.css")}
    assert {name: found for name, found in clashes.items() if found} == {}
