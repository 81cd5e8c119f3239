"""Python reads this file first in every process of the kill test: it lets the driver catch one of them.

The driver arms a trap for a role at a point: `statement` (a transaction has written and is open), `commit`
(everything is written, the commit is about to be sent) or `committed` (the database has it, nobody was told).
The first process of the role that comes there leaves its process id and waits to be killed.
"""

import ctypes
import os
import signal
import time
from typing import Any

FOLDER, ROLE = os.environ.get("ACCEPT_TRAPS", ""), os.environ.get("ACCEPT_ROLE", "")
STARTER = int(os.environ.get("ACCEPT_STARTER", "0"))
PATIENCE = 30
WROTE = "accept.wrote"


def spring(point: str, wrote: int) -> None:
    """Wait for the end, if the driver wants this process here."""
    armed = f"{FOLDER}/{ROLE}.{point}"
    if not os.path.exists(armed):
        return
    try:
        with open(armed) as file:
            if wrote < int(file.read() or "1"):
                return
        os.rename(armed, f"{FOLDER}/caught.{os.getpid()}")
    except OSError:  # another process was faster
        return
    time.sleep(PATIENCE)


def begun(connection: Any) -> None:
    """A transaction has written nothing yet."""
    connection.info[WROTE] = 0


def executed(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
    """Count what it writes."""
    if statement[:6] in ("INSERT", "UPDATE", "DELETE") and cursor.rowcount > 0:
        connection.info[WROTE] = connection.info.get(WROTE, 0) + 1
        spring("statement", connection.info[WROTE])


def committing(connection: Any) -> None:
    """Everything is written."""
    if connection.info.get(WROTE):
        spring("commit", connection.info[WROTE])


def remember(session: Any) -> None:
    """Whose connection it is; what is flushed from here on is counted there as well."""
    session.info[WROTE] = session.connection().info


def committed(session: Any) -> None:
    """The database has it."""
    if wrote := session.info.pop(WROTE, {}).get(WROTE):
        spring("committed", wrote)


def listen() -> None:
    """Hear of every write and commit."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from sqlalchemy.orm import Session

    event.listen(Engine, "begin", begun)
    event.listen(Engine, "after_cursor_execute", executed)
    event.listen(Engine, "commit", committing)
    event.listen(Session, "before_commit", remember)
    event.listen(Session, "after_commit", committed)


if FOLDER and ROLE:
    if os.getppid() == STARTER:  # no process outlives the driver
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
    listen()
