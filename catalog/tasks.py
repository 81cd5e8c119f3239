"""What time does to the catalogue."""

from sqlalchemy.orm import Session

from catalog import scheduling
from foundation.outbox import MINUTE, Payload, Reader


def take_effect(db: Session, payload: Payload) -> None:
    """Once a minute; the first tick after a standstill lets everything take effect whose day has come."""
    scheduling.take_effect(db)


READERS: tuple[Reader, ...] = (Reader(MINUTE, "catalog.take_effect", take_effect),)
