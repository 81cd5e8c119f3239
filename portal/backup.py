"""A copy of everything that a city must not lose: the database at one moment, and the files it names."""

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url

from foundation import audit, clock
from foundation.db import Database
from foundation.errors import Conflict, Invalid

NAME, ANCHOR = "portal", ".anchor.json"


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds."""

    database: Path
    files: int
    copied: int


def back_up(database: Database, files: Path, folder: Path) -> Made:
    """Copy the database into *folder* under the time of day, and the files that are not there yet.

    The database first: a file is written before the transaction that names it, so none can be missing.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Invalid.of("DIR", f"{folder} 不能用：{error.strerror}", "请换一个能写的目录") from None
    name = f"{NAME}-{clock.now():%Y%m%d-%H%M%S-%f}"
    take, suffix = (_sqlite, "db") if database.is_sqlite else (_dump, "dump")
    copy, half = folder / f"{name}.{suffix}", folder / f"{name}.half"
    with database.reading() as db:
        end = audit.head(db)
    try:
        take(database, half)
    except Exception:
        half.unlink(missing_ok=True)  # every night one more of them would fill the disk
        raise
    half.rename(copy)  # what bears its name is whole
    copy.with_suffix(ANCHOR).write_text(json.dumps({"lines": end.lines, "head": end.head}) + "\n", "utf-8")
    every = [path for path in files.glob("??/*") if len(path.name) == 64] if files.is_dir() else []
    missing = [path for path in every if not (folder / "files" / path.parent.name / path.name).exists()]
    for path in missing:
        target = folder / "files" / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_suffix(".half")
        shutil.copyfile(path, half)
        half.rename(target)
    return Made(copy, len(every), len(missing))


def _sqlite(database: Database, target: Path) -> None:
    # a connection of its own: VACUUM runs outside any transaction
    with closing(sqlite3.connect(database.url.removeprefix("sqlite:///"))) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def _dump(database: Database, target: Path) -> None:
    postgresql(database.url, "pg_dump", "--format=custom", f"--file={target}")


def postgresql(url: str, name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on the database at *url*; Conflict says what it said."""
    program = shutil.which(name)
    if program is None:
        raise Conflict(
            f"这台机器没有 {name}，不能备份或恢复。请安装 postgresql-client，或到数据库服务器上做。"
        )
    told = make_url(url)
    # without the password, which everybody on the machine could read in the list of processes
    where = URL.create(
        "postgresql", told.username, None, told.host, told.port, told.database, told.query
    ).render_as_string()
    done = subprocess.run(
        [program, *arguments, f"--dbname={where}"],
        env={**os.environ, "PGPASSWORD": str(told.password or "")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [""])[-1]
        raise Conflict(f"{name} 没有成功：{said}。请检查数据库地址和版本。")
