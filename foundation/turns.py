"""Whose turn it is to write on SQLite, among all threads and processes.

SQLite lets waiting writers try again at ever longer intervals: under load newcomers win, and somebody is
turned away in the end. Here the kernel queues them. It keeps order, nothing else: whoever has waited too long
goes on to SQLite's own lock, which alone protects the data.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Thread


class Turns:
    """The queue before one database; *path* is a file beside it."""

    def __init__(self, path: Path, patience: float) -> None:
        self._path, self._patience = path, patience

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Wait for one's turn, and keep it until the context or the process ends."""
        try:
            place = _Place(self._path)
        except OSError:  # no such folder, or not ours to write: SQLite says it better
            yield
            return
        try:
            place.wait(self._patience)
            yield
        finally:
            place.leave()


class _Place:
    def __init__(self, path: Path) -> None:
        self._file, self._state = path.open("w"), Lock()
        self._waits = self._left = False

    def wait(self, patience: float) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._waits = True
            thread = Thread(target=self._queue, daemon=True)  # the kernel knows no wait with an end
            thread.start()
            thread.join(patience)

    def _queue(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        with self._state:
            self._waits = False
            if self._left:
                self._file.close()

    def leave(self) -> None:
        with self._state:
            self._left = True
            if not self._waits:
                self._file.close()
