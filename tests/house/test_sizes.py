"""Nothing is longer than one can read at once. SQL and other texts over several lines do not count."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("portal", "matching", "catalog", "notices", "foundation", "tests", "benchmarks")
FILE, TEST_FILE, FUNCTION, TEMPLATE = 400, 500, 40, 150


def _files(pattern: str) -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in Path(package).rglob(pattern) if "vendor" not in path.parts)


def _code_lines(function: ast.AST) -> int:
    covered: set[int] = set()
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Constant | ast.JoinedStr)
            and node.end_lineno
            and node.end_lineno > node.lineno
        ):
            covered.update(range(node.lineno + 1, node.end_lineno + 1))
    return function.end_lineno - function.lineno + 1 - len(covered)  # type: ignore[attr-defined]


def test_files() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in _files("*.py")}
    assert {str(p): n for p, n in lengths.items() if n > (TEST_FILE if p.parts[0] == "tests" else FILE)} == {}


def test_functions() -> None:
    for path in _files("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        functions = [
            node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        long = {
            f"{path}: {each.name}": lines for each in functions if (lines := _code_lines(each)) > FUNCTION
        }
        assert long == {}


def test_templates() -> None:
    lengths = {str(path): len(path.read_text("utf-8").splitlines()) for path in _files("*.html")}
    assert {path: lines for path, lines in lengths.items() if lines > TEMPLATE} == {}
