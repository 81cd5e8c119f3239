"""Every room stands in the import contracts, and no `__init__.py` passes a name on."""

import re
import tomllib
from pathlib import Path

import pytest

CONTRACTS = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
PACKAGES = ("portal", "matching", "catalog", "notices", "foundation")


def _layers(contract: str) -> set[str]:
    layers = next(each["layers"] for each in CONTRACTS if each["id"] == contract)
    return {name.rpartition(".")[2] for layer in layers for name in re.findall(r"[\w.]+", layer)}


def _modules(package: str) -> set[str]:
    found = {path.stem for path in Path(package).glob("*.py")} | {
        path.parent.name for path in Path(package).glob("*/*.py")
    }
    return found - {"__init__", package}


@pytest.mark.parametrize("package", ["portal", "foundation"])
def test_every_module_and_room_stands_in_its_contract(package: str) -> None:
    assert _modules(package) - _layers(f"{package}-rooms") == set()


def test_the_packages_stand_in_theirs() -> None:
    assert _layers("packages") == set(PACKAGES)


def test_no_package_re_exports() -> None:
    inits = [path for package in PACKAGES for path in Path(package).rglob("__init__.py")]
    assert [str(path) for path in inits if path.read_text("utf-8").strip()] == []
