"""What the experiments found: one row a measure, a table at the end."""

import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

HEADINGS = ("experiment", "on", "measure", "found", "goal", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; without a goal it is only told."""

    experiment: str
    on: str
    measure: str
    found: str
    goal: str = ""
    holds: bool = True

    def cells(self) -> tuple[str, ...]:
        """As the table prints it."""
        verdict = "" if not self.goal and self.holds else "ok" if self.holds else "FAILED"
        return (self.experiment, self.on, self.measure, self.found, self.goal, verdict)


class Findings:
    """Rows of one experiment on one database."""

    def __init__(self, experiment: str, on: str) -> None:
        self.experiment, self.on = experiment, on
        self.rows: list[Row] = []

    def tell(self, measure: str, found: object) -> None:
        """A figure without a goal."""
        self.rows.append(Row(self.experiment, self.on, measure, str(found)))

    def count(self, measure: str, found: int, goal: int = 0) -> None:
        """A count that has to be *goal* exactly."""
        self.rows.append(Row(self.experiment, self.on, measure, str(found), f"= {goal}", found == goal))

    def at_least(self, measure: str, found: int, goal: int) -> None:
        """A count that has to be *goal* or more."""
        self.rows.append(Row(self.experiment, self.on, measure, str(found), f">= {goal}", found >= goal))

    def within(self, measure: str, seconds: float, goal: float) -> None:
        """A time that must not be longer than *goal*."""
        self.rows.append(
            Row(self.experiment, self.on, measure, f"{seconds:.1f} s", f"<= {goal:.0f} s", seconds <= goal)
        )

    def holds(self, measure: str, found: str, holds: bool, goal: str = "holds") -> None:
        """Something that is so or is not."""
        self.rows.append(Row(self.experiment, self.on, measure, found, goal, holds))


def say(text: str) -> None:
    """One line of progress."""
    sys.stderr.write(f"accept: {text}\n")
    sys.stderr.flush()


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Say how long *what* took."""
    began = time.monotonic()
    yield
    say(f"{what}: {time.monotonic() - began:.0f} s")


def table(rows: Iterable[Row]) -> str:
    """The rows in columns."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
