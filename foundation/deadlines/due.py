"""The answer of the command `due`: one limit from one moment, with nothing in between. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from foundation.clock import BEIJING
from foundation.deadlines.calendars import Calendar
from foundation.deadlines.explain import explain
from foundation.deadlines.limits import LIMITS
from foundation.deadlines.rules import Entry, Kind, Limit
from foundation.errors import Invalid

FIRST_YEAR, LAST_YEAR = 2000, 2100
HOURS = ("opening", "natural")


def due_line(
    name: str, text: str, hours: str, calendar: Calendar, limits: Mapping[str, Limit] = LIMITS
) -> dict[str, Any]:
    """When the limit *name* is due from the ISO time *text*; naive times are Beijing's."""
    if name not in limits:
        raise Invalid.of("limit", f"没有“{name}”这个时限", f"请用其中一个：{'、'.join(limits)}")
    if hours not in HOURS:
        raise Invalid.of("hours", f"不认识“{hours}”", "请用 opening（办公时间）或 natural（自然时间）")
    limit = limits[name].naturally() if hours == "natural" else limits[name]
    reckoning, lines = explain(limit, [Entry(parse_moment(text), Kind.START)], calendar)
    return {
        "limit": name,
        "from": text,
        "due": iso(reckoning.due) if reckoning.due else None,
        "provisional": reckoning.provisional,
        "calendar": reckoning.calendar,
        "lines": [line.text for line in lines],
    }


def parse_moment(text: str) -> datetime:
    """An ISO 8601 time, in Beijing; a date alone is its midnight."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid.of(
            "from", f"“{text.strip()[:40]}”不是时间", "请写成 2026-09-30T16:45+08:00 这样"
        ) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Invalid.of(
            "from", f"{moment.year}年不在范围内", f"请用 {FIRST_YEAR} 年到 {LAST_YEAR} 年之间的时间"
        )
    return moment.astimezone(BEIJING) if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def iso(moment: datetime) -> str:
    """2026-10-08T09:45+08:00, with seconds only where there are any."""
    return moment.isoformat(timespec="auto" if moment.second or moment.microsecond else "minutes")
