"""The only place that reads the time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")

Source = Callable[[], datetime]


def system_time() -> datetime:
    """The machine's own time, aware, in UTC."""
    return datetime.now(UTC)


_source: Source = system_time


def now() -> datetime:
    """The current instant of the product, aware and in Beijing time."""
    return _source().astimezone(BEIJING)


def set_source(source: Source) -> Source:
    """Swap the source of time (tests, walks, the demo); returns the old one."""
    global _source
    old, _source = _source, source
    return old


def shifted(offset: timedelta) -> Source:
    """A source that runs on at *offset* from the machine's time, so that several processes agree."""
    return lambda: system_time() + offset
