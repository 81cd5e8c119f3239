"""What the clocks do by themselves."""

from datetime import datetime

from sqlalchemy.orm import Session

from foundation import clock
from foundation.deadlines.sweep import sweep
from foundation.outbox import MINUTE, Payload, Reader


def on_minute(db: Session, payload: Payload) -> None:
    """Once a minute; the first tick after a standstill sweeps up to the present."""
    sweep(db, max(datetime.fromisoformat(payload["at"]), clock.now()))


READERS: tuple[Reader, ...] = (Reader(MINUTE, "deadlines.sweep", on_minute),)
