"""Secret addresses under which people's calendars can be fetched."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from foundation.db import Base, Instant, partial_index


class CalendarAddress(Base):
    """One address; the secret itself is not kept, it is signed with the portal's key."""

    __tablename__ = "calendar_address"
    __table_args__ = (
        partial_index("uq_calendar_address_live", "person_id", where="revoked_at IS NULL", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
