"""What happens after the end of a case."""

from sqlalchemy.orm import Session

from foundation.errors import NotFound
from foundation.outbox import Payload, Reader
from portal.feedback import queries, services


def follow(db: Session, payload: Payload) -> None:
    """Open the follow-up of the case that was paid or rejected."""
    case = queries.ended_case(db, payload["case"])
    if case is None:
        raise NotFound(f"case {payload['case']} has not ended")
    services.open_follow_up(db, case)


READERS = tuple(Reader(topic, name, follow) for topic, name in queries.READERS.items())
