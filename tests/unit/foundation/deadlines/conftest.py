"""The published calendars of 2004-2026, and moments of 2026."""

import pytest

from foundation.deadlines.calendars import Calendar
from foundation.deadlines.reference import known_notices


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """What a new database knows; 2027 is not among it."""
    return Calendar(known_notices())
