"""Working time as the State Council's holiday notices define it. Pure, and under a microsecond a look-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from foundation.clock import BEIJING

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)


class CalendarMissing(LookupError):
    """No holiday notice is loaded for that year: refuse, never guess."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year


def _since_midnight(moment: time) -> timedelta:
    return timedelta(
        hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
    )


@dataclass(frozen=True, slots=True)
class Hours:
    """When an organisation is open on a working day, and single dates on which it is not.

    A closed date stops the hours of that organisation; it is no holiday, so limits in days count it.
    """

    sessions: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13), time(17)))
    closed: frozenset[date] = frozenset()
    day: timedelta = field(init=False, repr=False, compare=False)  # the opening time of a whole day

    def __post_init__(self) -> None:
        moments = [moment for session in self.sessions for moment in session]
        if not moments or any(earlier >= later for earlier, later in pairwise(moments)):
            raise ValueError(f"opening hours must follow each other within the day: {self.sessions}")
        lengths = (_since_midnight(closes) - _since_midnight(opens) for opens, closes in self.sessions)
        object.__setattr__(self, "day", sum(lengths, timedelta()))

    @property
    def text(self) -> str:
        """09:00–12:00、13:00–17:00."""
        return "、".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in self.sessions)

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        sessions = [[f"{moment:%H:%M}" for moment in session] for session in self.sessions]
        return {"sessions": sessions, "closed": sorted(day.isoformat() for day in self.closed)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | Sequence[Any] | None) -> "Hours":
        """The hours of an organisation: `{"sessions": […], "closed": […]}`, the sessions alone, or nothing.

        A session is a pair of times, or one text such as "09:00-12:00".
        """
        if not data:
            return OFFICE_HOURS
        known: Mapping[str, Any] = data if isinstance(data, Mapping) else {"sessions": data}
        sessions = tuple(_session(session) for session in known.get("sessions") or ())
        closed = frozenset(date.fromisoformat(day) for day in known.get("closed") or ())
        return cls(sessions or OFFICE_HOURS.sessions, closed)


OFFICE_HOURS = Hours()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Years in a row, counted once: how many working days lie before each day, and where the n-th one is."""

    base: int  # ordinal of the day before the first
    last: int  # year
    before: list[int]  # before[ordinal - base - 1] = working days before that day
    closings: list[datetime]
    open_before: list[int]  # the same without the dates on which this organisation is closed
    open_days: list[int]  # ordinals


@dataclass(frozen=True, slots=True)
class Workdays:
    """The working days of the years with a notice: weekends and *off* are free, *on* is made up (调休)."""

    years: frozenset[int]
    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()
    hours: Hours = OFFICE_HOURS
    _stretches: dict[int, _Stretch] = field(init=False, repr=False, compare=False)
    _sessions: tuple[tuple[int, int, int], ...] = field(init=False, repr=False, compare=False)
    _day: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        stretches: dict[int, _Stretch] = {}
        for year in sorted(self.years):
            if year not in stretches:
                stretch = self._stretch(year)
                stretches.update(dict.fromkeys(range(year, stretch.last + 1), stretch))
        sessions, passed = [], 0
        for opens, closes in self.hours.sessions:
            begin, end = _since_midnight(opens) // MICROSECOND, _since_midnight(closes) // MICROSECOND
            sessions.append((begin, end, passed))
            passed += end - begin
        object.__setattr__(self, "_stretches", stretches)
        object.__setattr__(self, "_sessions", tuple(sessions))
        object.__setattr__(self, "_day", passed)

    def is_open(self, day: date) -> bool:
        """Whether *day* is worked, swapped weekends included."""
        if day.year not in self.years:
            raise CalendarMissing(day.year)
        return self._is_worked(day)

    def add_days(self, start: datetime, days: int) -> datetime:
        """The end of the *days*-th working day after *start* (the day itself is not counted)."""
        if days < 1:
            raise ValueError(f"a limit of {days} working days")
        if start.tzinfo is not BEIJING:  # asked here, not in a function: this is the one hot path
            start = start.astimezone(BEIJING)
        try:
            stretch = self._stretches[start.year]
        except KeyError:
            raise CalendarMissing(start.year) from None
        try:
            return stretch.closings[stretch.before[start.toordinal() - stretch.base] + days - 1]
        except IndexError:
            raise CalendarMissing(stretch.last + 1) from None

    def next_closing(self, after: datetime) -> datetime:
        """The first end of a working day later than *after*."""
        after = after.astimezone(BEIJING)
        stretch = self._at(after.year)
        candidates = stretch.before[after.toordinal() - stretch.base - 1]
        for closing in stretch.closings[candidates : candidates + 2]:
            if closing > after:
                return closing
        raise CalendarMissing(stretch.last + 1)

    def working_days(self, after: date, until: date) -> int:
        """How many working days lie after *after*, up to and including *until*."""
        if until <= after:
            return 0
        stretch = self._both(after, until)
        return (
            stretch.before[until.toordinal() - stretch.base]
            - stretch.before[after.toordinal() - stretch.base]
        )

    def add_open_time(self, start: datetime, span: timedelta) -> datetime:
        """*start* plus *span* of opening hours; *start* itself where there is nothing to add."""
        if not span:
            return start
        start = start.astimezone(BEIJING)
        stretch = self._at(start.year)
        days, rest = divmod(self._passed(stretch, start) + span // MICROSECOND - 1, self._day)
        if days >= len(stretch.open_days):
            raise CalendarMissing(stretch.last + 1)
        return self._moment(stretch.open_days[days], rest, 1)

    def take_open_time(self, end: datetime, span: timedelta) -> datetime:
        """The last moment from which *span* of opening hours is left until *end*."""
        end = end.astimezone(BEIJING)
        stretch = self._at(end.year)
        days, rest = divmod(self._passed(stretch, end) - span // MICROSECOND, self._day)
        if days < 0:
            raise CalendarMissing(date.fromordinal(stretch.base).year)
        return end if days >= len(stretch.open_days) else self._moment(stretch.open_days[days], rest, 0)

    def open_time(self, since: datetime, until: datetime) -> timedelta:
        """The opening time between two moments; none where they are the wrong way round."""
        if until <= since:
            return timedelta()
        since, until = since.astimezone(BEIJING), until.astimezone(BEIJING)
        stretch = self._both(since, until)
        return timedelta(microseconds=self._passed(stretch, until) - self._passed(stretch, since))

    def _is_worked(self, day: date) -> bool:
        return day in self.on or (day.weekday() < 5 and day not in self.off)

    def _at(self, year: int) -> _Stretch:
        try:
            return self._stretches[year]
        except KeyError:
            raise CalendarMissing(year) from None

    def _both(self, since: date, until: date) -> _Stretch:
        stretch = self._at(since.year)
        if until.year > stretch.last:
            raise CalendarMissing(stretch.last + 1)
        return stretch

    def _passed(self, stretch: _Stretch, moment: datetime) -> int:
        """The opening time of *stretch* before *moment*, in microseconds."""
        index = moment.toordinal() - stretch.base - 1
        whole = stretch.open_before[index]
        passed = whole * self._day
        if stretch.open_before[index + 1] == whole:
            return passed
        clock = _since_midnight(moment.timetz()) // MICROSECOND
        return passed + sum(max(0, min(clock, end) - begin) for begin, end, _ in self._sessions)

    def _moment(self, ordinal: int, passed: int, step: int) -> datetime:
        """When *passed* + *step* of that day's opening time is over; a morning ends at 12:00, not 13:00."""
        begin, _, before = max(session for session in self._sessions if session[2] <= passed)
        midnight = datetime.fromordinal(ordinal).replace(tzinfo=BEIJING)
        return midnight + timedelta(microseconds=begin + passed - before + step)

    def _stretch(self, year: int) -> _Stretch:
        first, last = date(year, 1, 1), year
        while last + 1 in self.years:
            last += 1
        before, open_before = [0], [0]
        closings: list[datetime] = []
        open_days: list[int] = []
        closing = self.hours.sessions[-1][1]
        for ordinal in range(first.toordinal(), date(last, 12, 31).toordinal() + 1):
            day = date.fromordinal(ordinal)
            if self._is_worked(day):
                closings.append(datetime.combine(day, closing, BEIJING))
                if day not in self.hours.closed:
                    open_days.append(ordinal)
            before.append(len(closings))
            open_before.append(len(open_days))
        return _Stretch(first.toordinal() - 1, last, before, closings, open_before, open_days)


def _session(session: str | Sequence[str]) -> tuple[time, time]:
    opens, closes = session.split("-") if isinstance(session, str) else session
    return time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())
