"""Only the owner writes a table: its models are imported by its own room, by queries, and for migrations."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("portal", "matching", "catalog", "notices", "foundation")
GATHERS = {"portal.tables"}


def _room(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2] if parts[0] in {"portal", "foundation"} else parts[:1])


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_models_are_imported_by_their_owner_and_by_queries() -> None:
    wrong = set()
    for path in (path for package in PACKAGES for path in Path(package).rglob("*.py")):
        module = ".".join(path.with_suffix("").parts)
        if module in GATHERS or "queries" in module.split("."):
            continue
        foreign = {
            name for name in _imported(path) if name.endswith(".models") and _room(name) != _room(module)
        }
        wrong |= {f"{module} imports {name}" for name in foreign}
    assert wrong == set()
