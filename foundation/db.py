"""The database: one engine, transactions that write, transactions that only read."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Index,
    MetaData,
    String,
    TypeDecorator,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from foundation import log
from foundation.clock import BEIJING
from foundation.turns import Turns

T = TypeVar("T")
logger = log.get(__name__)

RETRIES = 5
# serialization failure, deadlock: PostgreSQL asks the caller to run the whole transaction again
RETRYABLE = frozenset({"40001", "40P01"})
BUSY_SECONDS = 15
# PostgreSQL ends a transaction that does nothing for so long: its process hangs, or its host is gone
HUNG_SECONDS = 60
# a PostgreSQL that vanished without closing its connections is given up after ten and thirty seconds
VANISHED = {"connect_timeout": 10, "tcp_user_timeout": 30_000, "keepalives_idle": 15}
# set in a session's info when its transaction wrote something for the relay
TOLD = "outbox.told"
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the portal."""

    metadata = MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """An aware moment: stored in UTC, handed out in Beijing time, naive values refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive moment {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(BEIJING)


class _EnumText(TypeDecorator[StrEnum]):
    """A StrEnum stored by its value, so that a new member needs no migration."""

    impl = String(40)
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.members(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.members(value)


def enum_column(members: type[StrEnum]) -> TypeDecorator[StrEnum]:
    """The column type of *members*."""
    return _EnumText(members)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows of *where*, the same on both databases."""
    return Index(name, *columns, unique=unique, postgresql_where=text(where), sqlite_where=text(where))


Fen = BigInteger
Json = JSON().with_variant(JSONB(), "postgresql")


class Database:
    """One database, SQLite or PostgreSQL; the same code runs on both."""

    def __init__(self, url: str, *, pool_size: int = 5, slow_query_ms: int = 500) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        hung = f"-c idle_in_transaction_session_timeout={HUNG_SECONDS}s"
        self.engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=20,
            pool_pre_ping=not self.is_sqlite,
            connect_args={"timeout": BUSY_SECONDS} if self.is_sqlite else {"options": hung, **VANISHED},
        )
        _tell_slow(self.engine, slow_query_ms)
        self._turns = None
        if self.is_sqlite:
            self._turns = Turns(Path(url.removeprefix("sqlite:///") + ".turn"), BUSY_SECONDS)
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        # a nudge for the relay; losing it costs a second, since the relay polls as well
        self.after_told: Callable[[], None] = lambda: None

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that writes: committed at the end, rolled back on any error. It never retries."""
        engine = self.engine.execution_options(writes=True)
        turn = self._turns.mine() if self._turns else nullcontext()
        with turn, Session(engine, expire_on_commit=False) as db, db.begin():
            yield db
        if db.info.pop(TOLD, False):
            self.after_told()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A look; the database itself refuses a write."""
        engine = self.engine if self.is_sqlite else self.engine.execution_options(postgresql_readonly=True)
        with Session(engine, autoflush=False, expire_on_commit=False) as db:
            yield db

    def write(self, work: Callable[[Session], T]) -> T:
        """Run *work* in `writing()`, again from the start where the database asks for it; five tries."""
        for attempt in range(RETRIES - 1):
            try:
                with self.writing() as db:
                    return work(db)
            except DBAPIError as error:
                if not _asks_for_retry(error):
                    raise
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret
        with self.writing() as db:
            return work(db)

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _tell_slow(engine: Engine, longest_ms: int) -> None:
    """Put every statement that takes longer into the log, without its values: they may be personal."""

    def begin(*given: Any) -> None:
        given[4].began = time.perf_counter()

    def end(*given: Any) -> None:
        took = (time.perf_counter() - given[4].began) * 1000
        if took > longest_ms:
            logger.warning("slow query", ms=round(took), statement=" ".join(given[2].split())[:500])

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)


def _asks_for_retry(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in RETRYABLE


def _prepare_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the begin event below opens transactions, not the driver
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # a deferred BEGIN that reads first and writes later fails at once under concurrency, busy timeout or not
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
