"""How long what was let out may be opened."""

from datetime import datetime, timedelta

import pytest

from foundation.clock import BEIJING
from portal.disclosure.rules import still_open

SINCE = datetime(2026, 6, 1, 10, tzinfo=BEIJING)


@pytest.mark.parametrize(("minutes", "is_open"), [(-1, False), (0, True), (9, True), (10, False)])
def test_ten_minutes(minutes: int, is_open: bool) -> None:
    assert still_open(SINCE, SINCE + timedelta(minutes=minutes)) is is_open
