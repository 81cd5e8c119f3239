"""Two hours without relay and broker: people work on, clocks run out, nobody is told. Then both are back."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.clock import BEIJING
from foundation.db import Database
from foundation.deadlines.models import Deadline
from foundation.outbox import MINUTE, Outbox
from notices.models import Message, Notice
from portal.window.services import acceptance
from tests.accept import census
from tests.accept.killing import house
from tests.accept.report import Findings, say
from tests.accept.servers import Servers
from tests.accept.stack import Stack
from tests.factories import city as factory
from tests.factories.city import DEPARTMENT, City

EXPERIMENT = "outage"
TUESDAY = datetime(2026, 6, 2, tzinfo=BEIJING)
ACCEPTED, IN_TIME, DUE, LATE, BACK = (
    TUESDAY + timedelta(hours=hour, minutes=minute)
    for hour, minute in ((9, 30), (10, 0), (10, 30), (11, 20), (11, 30))
)
CAUGHT_UP_WITHIN = 60.0
LONGEST = 300.0
SHOWN = 5
SHORT, FULL = 24, 400


@dataclass(frozen=True, slots=True)
class Morning:
    """The cases accepted as everything stopped: handed off in time, too late, and not before the end."""

    in_time: tuple[str, ...]
    late: tuple[str, ...]
    left: tuple[str, ...]


def live_through(database: Database, city: City, cases: int, stand_at: Callable[[datetime], None]) -> Morning:
    """The morning without relay and broker, act by act; it ends at the moment when they are back."""
    stand_at(ACCEPTED)
    numbers = [_accepted(database, city, item) for item in _items(database, cases)]
    third = len(numbers) // 3
    morning = Morning(*(tuple(numbers[start::3][:third]) for start in range(3)))
    for moment, chosen in ((IN_TIME, morning.in_time), (LATE, morning.late)):
        stand_at(moment)
        for number in chosen:
            _act(database, acceptance.hand_off, city, number, DEPARTMENT)
    stand_at(BACK)
    return morning


def _items(database: Database, cases: int) -> list[str]:
    """One item a case: a firm applies for an item once."""
    codes = [f"OUTAGE-{number:03}" for number in range(-(-cases // 3) * 3)]
    with database.writing() as db:
        factory.take_items(db, *(factory.item_row(code, title=f"样例：第 {code} 号补助") for code in codes))
    return codes


def _accepted(database: Database, city: City, item: str) -> str:
    with database.writing() as db:
        number = factory.submit(db, city, item=item)
        acceptance.accept(db, city.clerk, number)
    return number


def _act(database: Database, act: Callable[..., object], city: City, *given: str) -> None:
    with database.writing() as db:
        act(db, city.clerk, *given)


def faults(db: Session, morning: Morning) -> Iterator[str]:
    """Where the record tells the morning otherwise than it was."""
    rows = db.scalars(select(Deadline).where(Deadline.limit_name == "handoff").order_by(Deadline.id))
    clocks = {row.subject.removeprefix("case:"): row for row in rows}
    stops = (morning.in_time, IN_TIME), (morning.late, LATE), (morning.left, None)
    for number, stopped in ((number, stopped) for chosen, stopped in stops for number in chosen):
        row = clocks[number]
        if (row.due_at, row.stopped_at) != (DUE, stopped):
            yield f"{number}: due {row.due_at}, stopped {row.stopped_at} instead of {stopped}"
    keys = (key.split(":") for key in db.scalars(select(Message.key)) if ":handoff:breached:" in key)
    urged = Counter(parts[1] for parts in keys)
    for number in morning.left:
        row = clocks[number]
        if row.breached_at != DUE or row.breach_recorded_at is None or row.breach_recorded_at < BACK:
            yield f"{number}: breached at {row.breached_at}, recorded at {row.breach_recorded_at}"
        if urged[number] != 1:
            yield f"{number}: urged {urged[number]} times"


def run(on: str, made: Servers, folder: Path, cases: int) -> Findings:
    """The morning on a database of its own; then real processes come back, in the same morning's time."""
    found = Findings(EXPERIMENT, on)
    before = clock.set_source(lambda: ACCEPTED)
    database = Database(url := made.database(on))
    try:
        with database.writing() as db:
            city = factory.found(db)
        morning = live_through(database, city, cases, lambda moment: _stand_at(moment))
        offset = BACK - clock.system_time()
        clock.set_source(clock.shifted(offset))
        waiting = _waiting(database)
        with Stack(url, folder, clock_offset=offset) as stack:
            caught_up = _until_caught_up(database, morning)
            found.tell("effects that waited two hours", waiting)
            found.holds("caught up", "yes" if caught_up else "no", caught_up)
            with database.reading() as db:
                _look(db, found, morning)
            house(found, stack)
    finally:
        database.close()
        clock.set_source(before)
    return found


def _look(db: Session, found: Findings, morning: Morning) -> None:
    first = db.scalar(select(func.min(Outbox.created_at)).where(Outbox.topic == MINUTE))
    last = census.last_effect(db)
    if first is not None and last is not None:
        found.within("first minute told to the last effect", (last - first).total_seconds(), CAUGHT_UP_WITHIN)
    wrong = list(faults(db, morning))
    found.count("clocks that tell another morning", len(wrong))
    for fault in wrong[:SHOWN]:
        say(fault)
    unprinted = db.scalar(select(func.count(Notice.id)).where(Notice.pdf_key.is_(None)))
    found.count("papers not printed", unprinted or 0)


def _stand_at(moment: datetime) -> None:
    clock.set_source(lambda: moment)


def _waiting(database: Database) -> int:
    with database.reading() as db:
        return census.outstanding(db)


def _until_caught_up(database: Database, morning: Morning) -> bool:
    """Until nothing waits and the sweep has seen what ran out."""
    ran_out = (
        Deadline.breached_at.is_not(None),
        Deadline.stopped_at.is_(None),
        Deadline.limit_name == "handoff",
    )
    told = select(func.count()).where(*ran_out)
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        with database.reading() as db:
            if (db.scalar(told) or 0) >= len(morning.left) and census.outstanding(db) == 0:
                return True
        time.sleep(0.2)
    return False
