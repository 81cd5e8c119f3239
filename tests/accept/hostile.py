"""Malformed inputs for every form, and forty hostile files: nothing breaks down, nothing gets in."""

import os
import subprocess
import sys
from pathlib import Path

from tests.accept.report import Findings, say

SHORT, FULL = 50, 2_000
ROOT = Path(__file__).parents[2]
TRIED = {
    "answers 5xx to malformed forms": "tests/access/test_malformed.py",
    "hostile files that got in whole": "tests/integration/foundation/web/test_hostile_files.py",
}


def run(times: int) -> Findings:
    """*times* malformed inputs a form; the tests themselves, with more of everything."""
    found = Findings("hostile", "sqlite")
    found.tell("malformed inputs a form", times)
    for measure, test in TRIED.items():
        command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "--show-capture=no", test]
        environment = {**os.environ, "MALFORMED_TIMES": str(times)}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            say(done.stdout[-3000:])
        found.holds(measure, "0" if done.returncode == 0 else "see above", done.returncode == 0, "0")
    return found
