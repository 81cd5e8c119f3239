"""Ten thousand made-up trees and profiles: verdict, planes, index and sentence against a naive walk."""

import hypothesis

from tests.accept.report import Findings, say
from tests.unit.catalog.conditions import test_naive_walk as naive
from tests.unit.matching.planes.test_one_answer import one_answer

EXPERIMENT = "trees"
PAIRS = 10_000


def run(pairs: int, seed: int) -> Findings:
    """*pairs* of a tree and a profile; the first disagreement is said and ends it."""
    found, done = Findings(EXPERIMENT, "-"), 0

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=pairs,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(naive.TREES, naive.PROFILES)
    def ask(raw: dict[str, object], profile: dict[str, object]) -> None:
        nonlocal done
        one_answer(raw, profile)
        done += 1

    try:
        ask()
    except AssertionError as other:
        say(f"another answer: {other}")
        found.count("other answers", 1)
    found.at_least("trees × profiles with one answer", done, pairs)
    return found
