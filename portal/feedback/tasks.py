"""What happens after the end of a case, and when its follow-up is due."""

from sqlalchemy.orm import Session

from foundation.deadlines import events as clocks
from foundation.errors import NotFound
from foundation.outbox import Payload, Reader
from portal.feedback import queries, services
from portal.feedback.rules import number_of


def follow(db: Session, payload: Payload) -> None:
    """Open the follow-up of the case that was paid or rejected."""
    case = queries.ended_case(db, payload["case"])
    if case is None:
        raise NotFound(f"case {payload['case']} has not ended")
    services.open_follow_up(db, case)


def near(db: Session, payload: Payload) -> None:
    """A quarter of the time is left."""
    _remind(db, payload, "回访快到时限", "near")


def breached(db: Session, payload: Payload) -> None:
    """The time is up."""
    _remind(db, payload, "回访已逾期", "breached")


def _remind(db: Session, payload: Payload, words: str, what: str) -> None:
    number = number_of(payload["subject"])
    if number is not None:
        services.remind(db, number, words=words, key=f"{payload['subject']}:{what}:{payload['deadline']}")


READERS = (
    *(Reader(topic, name, follow) for topic, name in queries.READERS.items()),
    Reader(clocks.NEAR, "feedback.near", near),
    Reader(clocks.BREACHED, "feedback.breached", breached),
)
