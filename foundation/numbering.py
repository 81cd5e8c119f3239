"""Numbers without gaps, taken in the transaction that uses them."""

from sqlalchemy import Integer, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.db import Base


class Counter(Base):
    """The last number taken of a series in a year."""

    __tablename__ = "counter"

    series: Mapped[str] = mapped_column(String(80), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int]


def take(db: Session, series: str, year: int) -> int:
    """The next number of *series* in *year*, from 1; given back by a rollback: no gap, no repeat."""
    return take_many(db, series, year, 1)[0]


def take_many(db: Session, series: str, year: int, count: int) -> range:
    """The next *count* numbers of *series* in *year*, in one statement."""
    dialect = db.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = (
        insert(Counter)
        .values(series=series, year=year, last=count)
        .on_conflict_do_update(index_elements=["series", "year"], set_={"last": Counter.last + count})
        .returning(Counter.last)
    )
    last = db.execute(statement).scalar_one()
    return range(last - count + 1, last + 1)
