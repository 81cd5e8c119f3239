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
    dialect = db.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = (
        insert(Counter)
        .values(series=series, year=year, last=1)
        .on_conflict_do_update(index_elements=["series", "year"], set_={"last": Counter.last + 1})
        .returning(Counter.last)
    )
    return db.execute(statement).scalar_one()
