"""What a publication, a changed profile and a new day set off."""

from datetime import time

from sqlalchemy.orm import Session

from catalog import events as catalogue_events
from catalog import queries as catalogue
from foundation import clock, outbox
from foundation.db import Database
from foundation.enterprises import events as enterprise_events
from foundation.outbox import Payload, Reader
from matching.push import events, held, runs, services, state
from matching.push.rules import Reason
from matching.push.services import LiveCases

# reminders arrive when the window is open
MORNING = time(9)


def spread(db: Session, payload: Payload) -> None:
    """Share a publication out, a block at a time."""
    runs.spread(db, payload["item"], catalogue.stamp(db))


def warm(database: Database, payload: Payload) -> Payload:
    """Have the facts of a block in memory before its lock is taken."""
    number = int(payload["block"])
    with database.reading() as db:
        held.block(db, number, state.revision(db, number))
    return {}


def catch_up(db: Session, payload: Payload) -> None:
    """Look at what was published, for one block."""
    services.catch_up(db, int(payload["block"]))


def look_again(db: Session, payload: Payload) -> None:
    """Look at enterprises whose facts changed."""
    services.look_again(db, payload["credit_codes"])


def look_at_calendar(db: Session, payload: Payload) -> None:
    """The first minute after the window has opened looks at what opens and closes."""
    now = clock.now()
    if now.time() >= MORNING:
        runs.look_at_calendar(db, now.date())


def readers(live: LiveCases) -> tuple[Reader, ...]:
    """This room's readers; *live* says who has an application of an item under way."""

    def remind(db: Session, payload: Payload) -> None:
        news = {code: Reason(reason) for code, reason in payload["news"].items()}
        services.remind(db, int(payload["block"]), news, live)

    return (
        Reader(catalogue_events.PUBLISHED, "matching.push_published", spread),
        Reader(events.CATCH_UP, "matching.push_catch_up", catch_up, prepare=warm),
        Reader(enterprise_events.CHANGED, "matching.push_profile", look_again),
        Reader(outbox.MINUTE, "matching.push_day", look_at_calendar),
        Reader(events.CALENDAR, "matching.push_calendar", remind),
    )
