"""What a redress does when its time runs out."""

from sqlalchemy.orm import Session

from foundation.deadlines import events as clocks
from foundation.outbox import Payload, Reader
from portal.feedback.redress import services
from portal.feedback.redress.rules import number_of


def near(db: Session, payload: Payload) -> None:
    """A quarter of the time is left."""
    _remind(db, payload, "near", "整改任务快到时限")


def breached(db: Session, payload: Payload) -> None:
    """The time is up: the supervisor hears of it at once."""
    _remind(db, payload, "breached", "整改任务已逾期")


def _remind(db: Session, payload: Payload, what: str, title: str) -> None:
    number = number_of(payload["subject"])
    if number is not None:
        key = f"{payload['limit']}:{what}:{payload['deadline']}"
        services.remind(db, number, title=title, key=key, supervise=what == "breached")


READERS = (
    Reader(clocks.NEAR, "redress.near", near),
    Reader(clocks.BREACHED, "redress.breached", breached),
)
