"""What a question does when its time runs out."""

from sqlalchemy.orm import Session

from foundation.deadlines import events as clocks
from foundation.outbox import Payload, Reader
from portal.window.questions import services
from portal.window.questions.rules import number_of


def near(db: Session, payload: Payload) -> None:
    """A quarter of the time is left."""
    _remind(db, payload, "near", "咨询快到时限")


def breached(db: Session, payload: Payload) -> None:
    """The time is up (催办)."""
    _remind(db, payload, "breached", "咨询已逾期")


def supervise(db: Session, payload: Payload) -> None:
    """A working day later still nothing (督办)."""
    _remind(db, payload, "supervise", "咨询逾期超过 1 个工作日，列入督办")


def _remind(db: Session, payload: Payload, what: str, title: str) -> None:
    number = number_of(payload["subject"])
    if number is not None:
        key = f"{payload['subject']}:{payload['limit']}:{what}:{payload['deadline']}"
        supervised = what == "supervise"
        services.remind(db, number, payload["holder"], title=title, key=key, supervise=supervised)


READERS = (
    Reader(clocks.NEAR, "questions.near", near),
    Reader(clocks.BREACHED, "questions.breached", breached),
    Reader(clocks.SUPERVISE, "questions.supervise", supervise),
)
