"""What waits for a person as an iCalendar, and the secret address under which it is fetched."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event
from itsdangerous import BadSignature, URLSafeSerializer

from portal.firms.rules import Task

SALT = "portal.firms.calendar"
BEFORE = timedelta(days=-1)


def address(secret_key: str, number: int) -> str:
    """The secret part of the address of one calendar."""
    return str(URLSafeSerializer(secret_key, SALT).dumps(number))


def number_of(secret_key: str, given: str) -> int | None:
    """Which calendar an address belongs to; None where it is none of ours."""
    try:
        number = URLSafeSerializer(secret_key, SALT).loads(given)
    except BadSignature:
        return None
    return number if isinstance(number, int) else None


def render(tasks: Iterable[Task], now: datetime, base: str) -> bytes:
    """Every task with a limit as an event at its limit, with a reminder the day before."""
    calendar = Calendar()
    calendar.add("prodid", "-//huiqi-portal//firms//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "惠企政策：要办的事")
    for task in tasks:
        if task.due is not None:
            calendar.add_component(_event(task, task.due, now, base))
    return bytes(calendar.to_ical())


def _event(task: Task, due: datetime, now: datetime, base: str) -> Event:
    event, alarm = Event(), Alarm()
    event.add("uid", f"{task.todo.value}-{task.credit_code}-{task.key}@huiqi-portal")
    event.add("dtstamp", now)
    event.add("dtstart", due)
    event.add("dtend", due)
    event.add("summary", f"{task.words}：{task.title}（{task.firm}）")
    event.add("url", f"{base}{task.path}")
    alarm.add("action", "DISPLAY")
    alarm.add("description", task.words)
    alarm.add("trigger", BEFORE)
    event.add_component(alarm)
    return event
