"""ISO dates as written in documents: a day, a month or a year, each as the days it covers."""

import re
from calendar import monthrange
from datetime import date

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?\Z")


def span(text: str) -> tuple[str, str] | None:
    """The first and the last day that *text* can mean, or None if it is no ISO date."""
    found = _WRITTEN.match(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first.isoformat(), first.isoformat()
    last_month = month or 12
    return first.isoformat(), date(first.year, last_month, monthrange(first.year, last_month)[1]).isoformat()


def in_words(text: str) -> str:
    """2025-06-30 as 2025年6月30日, 2025-06 as 2025年6月; anything else as it stands."""
    found = _WRITTEN.match(text)
    if found is None or span(text) is None:
        return text
    parts = [int(part) for part in found.groups() if part]
    return "".join(f"{number}{unit}" for number, unit in zip(parts, "年月日", strict=False))
