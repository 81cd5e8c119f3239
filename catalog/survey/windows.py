"""The calendar of application windows, on a page and as iCalendar. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from icalendar import Calendar, Event

from catalog.rules import Standing
from catalog.shelf import ListedItem
from foundation.web.filters import full_day

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Turn:
    """A day on which an item begins or ceases to take applications."""

    day: date
    opens: bool
    item: ListedItem

    @property
    def words(self) -> str:
        """What happens, in a word."""
        return "开始受理" if self.opens else "受理截止"


@dataclass(frozen=True, slots=True)
class Month:
    """The turns of one month."""

    label: str
    turns: tuple[Turn, ...]


def turns(items: Iterable[ListedItem], today: date) -> list[Turn]:
    """What begins and ends from today on, the nearest first; closed and expired items have no turn left."""
    living = [item for item in items if item.standing(today) in (Standing.OPEN, Standing.UPCOMING)]
    found = [
        Turn(day, opens, item)
        for item in living
        for day, opens in ((item.window.start, True), (item.window.end, False))
        if day is not None and day >= today
    ]
    return sorted(found, key=lambda turn: (turn.day, turn.opens, turn.item.code))


def months(found: Iterable[Turn]) -> list[Month]:
    """The same by month."""
    by_month: dict[tuple[int, int], list[Turn]] = {}
    for turn in found:
        by_month.setdefault((turn.day.year, turn.day.month), []).append(turn)
    kept = sorted(by_month)[:MONTHS]
    return [Month(f"{year}年{month}月", tuple(by_month[year, month])) for year, month in kept]


def calendar(found: Iterable[Turn], base: str) -> bytes:
    """As iCalendar: one whole day an event; the same turn keeps its number, so that calendars update it."""
    made = Calendar()
    made.add("prodid", "-//huiqi-portal//windows//ZH")
    made.add("version", "2.0")
    made.add("x-wr-calname", "惠企政策申报日历")
    for turn in found:
        event = Event()
        event.add("uid", f"{'open' if turn.opens else 'close'}-{turn.item.code}@huiqi-portal")
        event.add("dtstamp", turn.item.published_at)
        event.add("dtstart", turn.day)
        event.add("dtend", turn.day + timedelta(days=1))
        event.add("summary", f"{turn.words}：{turn.item.title}")
        event.add("description", f"{turn.item.department_name or '主管部门待核定'}，{full_day(turn.day)}")
        event.add("url", f"{base}/items/{turn.item.code}")
        made.add_component(event)
    return bytes(made.to_ical())
