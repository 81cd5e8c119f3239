"""The locked sets agree and name no address; that everything has its hash, the installer demands."""

import re
from pathlib import Path

import pytest

SETS = {path.stem: path.read_text("utf-8") for path in Path("requirements").glob("*.txt")}
PIN = re.compile(r"^([a-z0-9.-]+)(?:\[[a-z,]+\])?==(\S+)", re.MULTILINE)


@pytest.mark.parametrize("name", ["dev", "bench"])
def test_the_larger_sets_hold_what_runs(name: str) -> None:
    running, larger = (dict(PIN.findall(SETS[each])) for each in ("run", name))
    assert {package: larger.get(package) for package in running} == running


@pytest.mark.parametrize("name", SETS)
def test_no_address(name: str) -> None:
    assert not re.search(r"://|^--(?!hash)", SETS[name], re.MULTILINE)
