"""Which of several sources to go by."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from foundation.enterprises.rules import Source, believed


@dataclass(frozen=True)
class Said:
    source: Source
    as_of: date
    value: Any


OLD, NEW = date(2025, 1, 1), date(2025, 6, 1)


@pytest.mark.parametrize(
    ("facts", "value"),
    [
        ([Said(Source.REGISTER, OLD, 1), Said(Source.IMPORT, NEW, 2), Said(Source.DECLARED, NEW, 3)], 1),
        ([Said(Source.IMPORT, OLD, 2), Said(Source.DECLARED, NEW, 3)], 3),
        ([Said(Source.IMPORT, NEW, 2), Said(Source.DECLARED, OLD, 3)], 2),
        ([Said(Source.DECLARED, NEW, 3), Said(Source.IMPORT, NEW, 2)], 2),
        ([Said(Source.REGISTER, NEW, None), Said(Source.DECLARED, OLD, False)], False),
    ],
    ids=[
        "the register",
        "the fresher word",
        "the fresher file",
        "the file on the same day",
        "whatever is known",
    ],
)
def test_the_register_then_the_fresher(facts: list[Said], value: object) -> None:
    best = believed(facts)

    assert best is not None
    assert best.value == value


def test_nothing_known_is_nothing() -> None:
    assert believed([Said(Source.IMPORT, NEW, None)]) is None
