"""What is sought and opened, by day: no person, no session, no address."""

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from catalog.sought.rules import LONGEST_KEPT
from foundation.db import Base


class SoughtCount(Base):
    """How often one text was sought on one day, and how many items it found last."""

    __tablename__ = "sought_count"
    __table_args__ = (CheckConstraint("times > 0 AND hits >= 0", name="counted"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    query: Mapped[str] = mapped_column(String(LONGEST_KEPT), primary_key=True)
    times: Mapped[int]
    hits: Mapped[int]


class OpenedCount(Base):
    """How often the guide of one item was opened on one day."""

    __tablename__ = "opened_count"
    __table_args__ = (CheckConstraint("times > 0", name="counted"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    times: Mapped[int]
