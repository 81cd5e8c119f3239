"""Nothing is longer than one can read at once. SQL, long texts and a table's columns do not count."""

import ast
from pathlib import Path

import pytest

PACKAGES = ("portal", "matching", "catalog", "notices", "foundation", "tests", "benchmarks")
MIGRATIONS = Path("portal/migrations/versions")
FILE, TEST_FILE, FUNCTION, TEMPLATE = 400, 500, 40, 150


def _lines(pattern: str) -> dict[Path, int]:
    files = (path for package in PACKAGES for path in Path(package).rglob(pattern))
    return {path: len(path.read_text("utf-8").splitlines()) for path in files}


def _code_lines(function: ast.FunctionDef) -> int:
    covered: set[int] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Constant | ast.JoinedStr):
            covered.update(range(node.lineno + 1, (node.end_lineno or 0) + 1))
    return (function.end_lineno or 0) - function.lineno + 1 - len(covered)


def test_files() -> None:
    limits = {path: TEST_FILE if path.parts[0] == "tests" else FILE for path in _lines("*.py")}
    assert {str(path): lines for path, lines in _lines("*.py").items() if lines > limits[path]} == {}


@pytest.mark.parametrize("package", [package for package in PACKAGES if package != "tests"])
def test_functions(package: str) -> None:
    files = (path for path in Path(package).rglob("*.py") if MIGRATIONS not in path.parents)
    trees = {path: ast.walk(ast.parse(path.read_text("utf-8"))) for path in files}
    functions = [(p, n) for p, tree in trees.items() for n in tree if isinstance(n, ast.FunctionDef)]
    assert {f"{p}: {n.name}": _code_lines(n) for p, n in functions if _code_lines(n) > FUNCTION} == {}


def test_templates() -> None:
    assert {str(path): lines for path, lines in _lines("*.html").items() if lines > TEMPLATE} == {}
