"""What is tracked names no package registry and no place of the machine on which it was written."""

import re
from collections.abc import Iterator
from pathlib import Path

TRACKED = {".ci", ".gitignore", ".npmrc"}
SKIPPED = {"var", "node_modules", "vendor", "__pycache__", "dist"}
# spelt apart, or this file would name them itself
FORBIDDEN = re.compile(
    r"https?://[^/\s\"']*(?:py"
    + r"pi|np"
    + r"mjs|registry|artifact|nexus|mirror)[^/\s\"']*|/wo"
    + r"rk/|\.\./sha"
    + r"red"
)


def _texts() -> Iterator[Path]:
    for path in Path().rglob("*"):
        hidden = any(part.startswith(".") and part not in TRACKED for part in path.parts)
        if path.is_file() and not hidden and not SKIPPED & set(path.parts):
            yield path


def test_no_registry_and_no_workplace() -> None:
    found = [
        f"{path}: {match[0]}"
        for path in _texts()
        if (match := FORBIDDEN.search(path.read_bytes().decode("utf-8", "ignore")))
    ]
    assert found == []
