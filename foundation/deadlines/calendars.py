"""The working calendars that are known, one notice a year, and what stands in where none is out. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from foundation.deadlines import statutory
from foundation.deadlines.workdays import OFFICE_HOURS, Hours, Workdays

PROVISIONAL = 0  # the version of a year without a notice
KEPT = 32  # tables of working days, under a megabyte each


@dataclass(frozen=True, slots=True)
class Notice:
    """One version of one year: the days off and the days made up for them (*on*), with their names."""

    year: int
    version: int
    off: Mapping[date, str]
    on: Mapping[date, str]
    source: str

    @property
    def key(self) -> tuple[int, int]:
        return self.year, self.version


class Calendar:
    """The latest notice of every year."""

    def __init__(self, notices: Iterable[Notice]) -> None:
        self.notices = {notice.year: notice for notice in sorted(notices, key=lambda notice: notice.key)}
        self._tables = lru_cache(KEPT)(self._table)

    def workdays(self, hours: Hours = OFFICE_HOURS, guessed: frozenset[int] = frozenset()) -> Workdays:
        """The published working days; years in *guessed* stand on weekends and statutory days alone."""
        return self._tables(hours, guessed.difference(self.notices))

    def reaching(self, first: int, last: int, hours: Hours = OFFICE_HOURS) -> Workdays:
        """Working days of every year from *first* to *last*, published or not."""
        return self.workdays(hours, frozenset(range(first, last + 1)))

    def label(self, first: int, last: int) -> str:
        """Which versions a due time stands on: 2026.1+2027.0, where 0 means that no notice is out."""
        return "+".join(f"{year}.{self.version(year)}" for year in range(first, last + 1))

    def version(self, year: int) -> int:
        """The version of *year* in use."""
        return self.notices[year].version if year in self.notices else PROVISIONAL

    def made_up(self, day: date) -> bool:
        """Whether a weekend day is worked because of a notice."""
        return day.year in self.notices and day in self.notices[day.year].on

    def free(self, day: date) -> str:
        """Why nobody works on *day*: the holiday's name, or 周末."""
        if day.year in self.notices:
            return self.notices[day.year].off.get(day, "周末")
        return statutory.days_off(day.year).get(day, "周末")

    def _table(self, hours: Hours, guessed: frozenset[int]) -> Workdays:
        off = {day for notice in self.notices.values() for day in notice.off}
        on = {day for notice in self.notices.values() for day in notice.on}
        for year in guessed:
            off.update(statutory.days_off(year))
        return Workdays(frozenset(self.notices) | guessed, frozenset(off), frozenset(on), hours)


class Library:
    """Every version of every year: what a due time stood on can be had again."""

    def __init__(self, notices: Iterable[Notice]) -> None:
        self.notices = {notice.key: notice for notice in notices}
        self.latest = Calendar(self.notices.values())
        self._pinned = lru_cache(KEPT)(self._pin)

    def pinned(self, label: str) -> Calendar:
        """The calendar that *label* names; years that it does not name in their latest version."""
        current = all(self.latest.version(year) == version for year, version in _versions(label))
        return self.latest if current else self._pinned(label)

    def _pin(self, label: str) -> Calendar:
        named = dict(_versions(label))
        others = [notice for notice in self.notices.values() if notice.year not in named]
        return Calendar([*others, *(self.notices[key] for key in named.items() if key[1] != PROVISIONAL)])


def _versions(label: str) -> list[tuple[int, int]]:
    pairs = (part.split(".") for part in label.split("+"))
    return [(int(year), int(version)) for year, version in pairs]
