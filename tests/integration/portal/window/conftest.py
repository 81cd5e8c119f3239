"""A city to act in, and the window's and payouts' readers alone: papers are printed elsewhere."""

from collections.abc import Callable

import pytest

import foundation.deadlines.tasks
import portal.payouts.tasks
import portal.window.tasks
from foundation.db import Database
from tests.factories import city as factory

READERS = (*portal.payouts.tasks.READERS, *portal.window.tasks.READERS, *foundation.deadlines.tasks.READERS)


@pytest.fixture
def deliver(database: Database) -> Callable[[], None]:
    """Let every effect happen that waits."""
    return lambda: factory.deliver(database, READERS)
