"""What the clocks do by themselves."""

from datetime import datetime

from sqlalchemy.orm import Session

from foundation.deadlines.sweep import sweep
from foundation.outbox import MINUTE, Payload, Reader


def on_minute(db: Session, payload: Payload) -> None:
    """Once a minute; a tick that comes late sweeps up to its own minute, the next one further."""
    sweep(db, datetime.fromisoformat(payload["at"]))


READERS: tuple[Reader, ...] = (Reader(MINUTE, "deadlines.sweep", on_minute),)
