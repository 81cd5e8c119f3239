"""What every test stands on: a clock that stands still, and databases of its own."""

import gc
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from foundation import clock as product_clock
from foundation.clock import BEIJING

pytest_plugins = ["tests.support.databases"]
gc.set_threshold(100_000, 50, 1_000)  # so many short lives: looking for cycles took a seventh of the time


class Clock:
    """The product's time in a test: it moves only when told to."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 6, 1, 10, tzinfo=BEIJING)  # a Monday without holidays around it

    def __call__(self) -> datetime:
        return self.moment

    def set(self, moment: datetime) -> None:
        """Stand at *moment*; a naive one is Beijing's."""
        self.moment = moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)

    def advance(self, span: timedelta) -> datetime:
        """Move on by *span* and say where that is."""
        self.moment += span
        return self.moment


@pytest.fixture(autouse=True)
def clock() -> Iterator[Clock]:
    """Monday 2026-06-01 10:00 in Beijing, until the test says otherwise; no test reads the real date."""
    standing = Clock()
    before = product_clock.set_source(standing)
    yield standing
    product_clock.set_source(before)
