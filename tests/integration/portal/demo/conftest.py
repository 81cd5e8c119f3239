"""A demonstration that is filled once, and never started."""

from datetime import datetime

import pytest

from foundation import clock as product_clock
from foundation.clock import BEIJING
from portal.demo import prepare
from portal.demo.home import Home
from tests.conftest import Clock

# a Saturday night: nothing may have happened then
NOW = datetime(2026, 6, 6, 23, 10, tzinfo=BEIJING)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The demonstration as it stands right after its first start, at NOW."""
    home = Home(tmp_path_factory.mktemp("demo"))
    patch = pytest.MonkeyPatch()
    patch.setattr(product_clock, "system_time", lambda: NOW)
    prepare.prepare(home)
    patch.undo()
    return home


@pytest.fixture
def tonight(clock: Clock) -> datetime:
    """The test's clock stands at NOW."""
    clock.set(NOW)
    return NOW
