"""Takes the guards out of a copy of the project, one at a time: the test named for it has to fail."""

import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.accept.mutation import Mutation
from tests.accept.mutations import MUTATIONS
from tests.accept.report import Findings, say

ROOT = Path(__file__).parents[2]
COPIED = ("portal", "matching", "catalog", "notices", "foundation", "tests", "pyproject.toml")
COPIES = 2
LONGEST = 300
FAILED = re.compile(r"\b\d+ failed\b")


def run(folder: Path) -> Findings:
    """Every guard; first all named tests on the untouched copy, where they have to pass."""
    found = Findings("guards", "both")
    copies: SimpleQueue[Path] = SimpleQueue()
    for number in range(COPIES):
        copies.put(_copy(folder / f"copy-{number}"))
    tests = sorted({mutation.test for mutation in MUTATIONS})
    with ThreadPoolExecutor(COPIES) as threads:
        whole = threads.submit(_passes, copies, tests)
        found.holds("named tests with every guard in place", f"{len(tests)}", whole.result(), "pass")
        noticed = list(threads.map(lambda mutation: _notices(copies, mutation), MUTATIONS))
    found.count("guards taken out", len(MUTATIONS), len(MUTATIONS))
    for mutation, was_noticed in zip(MUTATIONS, noticed, strict=True):
        if not was_noticed:
            found.holds(mutation.guard, "not noticed", False, "its test fails")
    found.count("of them noticed by the named test", sum(noticed), len(MUTATIONS))
    return found


def _copy(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def _passes(copies: "SimpleQueue[Path]", tests: list[str]) -> bool:
    copy = copies.get()
    try:
        code, said = _pytest(copy, ["-n", "2", *tests])
    finally:
        copies.put(copy)
    if code != 0:
        say(said[-3000:])
    return code == 0


def _notices(copies: "SimpleQueue[Path]", mutation: Mutation) -> bool:
    """Whether the named test fails without the guard, and does not just break."""
    copy = copies.get()
    path = copy / mutation.file
    text = path.read_text("utf-8")
    try:
        path.write_text(without(mutation, text), "utf-8")
        chosen = [] if mutation.on == "any" else ["-m", mutation.on]
        code, said = _pytest(copy, ["-x", *chosen, mutation.test])
    finally:
        path.write_text(text, "utf-8")
        copies.put(copy)
    noticed = code == 1 and FAILED.search(said) is not None
    say(f"without {mutation.guard}: {'noticed' if noticed else 'NOT NOTICED'}")
    if not noticed:
        say(said[-1500:])
    return noticed


def without(mutation: Mutation, text: str) -> str:
    """*text* without the guard; the mutation has to fit the code as it stands."""
    if text.count(mutation.old) != 1:
        raise ValueError(f"{mutation.file} has {text.count(mutation.old)} times: {mutation.old}")
    return text.replace(mutation.old, mutation.new)


def _pytest(copy: Path, arguments: list[str]) -> tuple[int, str]:
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=line", *arguments]
    try:
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return -1, "no end"
    return done.returncode, done.stdout + done.stderr
