"""Malformed inputs for every form, forty hostile files, a hundred hostile names: nothing gets in."""

import os
import subprocess
import sys
from pathlib import Path

from tests.accept.report import Findings, say

SHORT, FULL = 50, 2_000
# of so many rounds each gives every text ten names; of a hundred each gives it one, by itself
ROUNDS, ALONE = 10, 100
ROOT = Path(__file__).parents[2]
TRIED = {
    "answers 5xx to malformed forms": "tests/access/test_malformed.py",
    "hostile files that got in whole": "tests/integration/foundation/web/test_hostile_files.py",
    "names that are more than text on a page": "tests/access/test_hostile.py",
    "names that are more than text on paper or in a mail": "tests/integration/notices/test_hostile_names.py",
    "scripts run or policies violated in a browser": "tests/e2e/test_hostile_world.py",
}


def run(times: int) -> Findings:
    """*times* malformed inputs a form; the tests themselves, with more of everything."""
    found = Findings("hostile", "sqlite")
    found.tell("malformed inputs a form", times)
    for measure, test in TRIED.items():
        command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "--show-capture=no", test]
        rounds = ALONE if times >= FULL else ROUNDS
        environment = {**os.environ, "MALFORMED_TIMES": str(times), "HOSTILE_ROUNDS": str(rounds)}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            say(done.stdout[-3000:])
        found.holds(measure, "0" if done.returncode == 0 else "see above", done.returncode == 0, "0")
    return found
