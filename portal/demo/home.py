"""Where the demonstration keeps what is its own: `$PORTAL_HOME/demo`."""

import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """A folder that one demonstration uses at a time."""

    folder: Path

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Home":
        """The home that *environment* names; `var` in the current folder otherwise."""
        return cls(Path(environment.get("PORTAL_HOME", "var")).absolute() / "demo")

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "portal.db"

    @property
    def files(self) -> Path:
        """The file store."""
        return self.folder / "files"

    @property
    def broker(self) -> Path:
        """What Valkey keeps of tasks under way."""
        return self.folder / "broker"

    @property
    def lock(self) -> Path:
        """Held by the running supervisor."""
        return self.folder / "lock"

    @property
    def address(self) -> Path:
        """Where the running demonstration is reached."""
        return self.folder / "address"

    @property
    def log(self) -> Path:
        """What its processes say."""
        return self.folder / "demo.log"

    @property
    def sockets(self) -> Path:
        """Names the folder of the broker's socket: its path has to be short."""
        return self.folder / "sockets"

    @property
    def schema(self) -> Path:
        """Names the migrations that its database has seen."""
        return self.folder / "schema"

    @property
    def seeded(self) -> Path:
        """There once the demonstration's data are whole."""
        return self.folder / "seeded"

    @property
    def filling(self) -> Path:
        """There while the data are being made: a database beside it is half done."""
        return self.folder / "filling"

    @property
    def clock(self) -> Path:
        """By how many seconds the demonstration's clock differs from the machine's."""
        return self.folder / "clock"

    @property
    def offset(self) -> float:
        """The same as a number; none where it never was set."""
        return float(self.clock.read_text()) if self.clock.exists() else 0.0

    def environment(self) -> dict[str, str]:
        """The settings under which every process of the demonstration runs."""
        return {
            "DATABASE_URL": f"sqlite:///{self.database}",
            "FILES_DIR": str(self.files),
            "PORTAL_CLOCK_OFFSET": str(self.offset),
            "PORTAL_DEMO": "1",
            "SECURE_COOKIES": "0",
            "SECOND_FACTOR": "0",
            "RATE_READS": "0",
        }

    def secret(self) -> str:
        """The demonstration's own key, made once and readable by its owner alone."""
        path = self.folder / "secret"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
        return path.read_text()

    def clear(self) -> None:
        """Start over: what was done in the demonstration is gone; lock and key stay."""
        for path in (self.seeded, self.filling, self.schema, self.clock, *self.folder.glob("portal.db*")):
            path.unlink(missing_ok=True)
        for folder in (self.files, self.broker):
            shutil.rmtree(folder, ignore_errors=True)
