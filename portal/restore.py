"""From a backup back to a running city: into an empty database, then looked through line by line."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect, select, union
from sqlalchemy.orm import Session

from foundation import audit
from foundation.db import Database
from foundation.errors import Conflict, Invalid
from foundation.files import FileStore
from portal import invariants, schema
from portal.backup import ANCHOR, NAME, postgresql
from portal.tables import metadata

# every column that names a file by its digest
NAMED = (
    metadata.tables["case_file"].c.key,
    *(
        column
        for table in metadata.sorted_tables
        for column in table.c
        if column.name.endswith(("file_key", "pdf_key"))
    ),
)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and everything that is wrong with it."""

    copy: Path
    files: int
    lines: int
    troubles: tuple[str, ...]


def restore(
    url: str, files: Path, folder: Path, named: str = "", progress: Progress = lambda done, of: None
) -> Restored:
    """Bring the newest copy of *folder* (or the one *named*) into the empty database at *url*.

    A copy of an older release is brought to this one's schema. Then everything is looked through; what is
    wrong is told, and the copy stays restored, so that it can be looked at.
    """
    copy = _copy(folder, named, "db" if url.startswith("sqlite") else "dump")
    _demand_empty(url)
    if url.startswith("sqlite"):
        _sqlite(url, copy)
    else:
        postgresql(url, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
                   "--single-transaction", str(copy))  # fmt: skip
    schema.migrate(url)
    _bring(folder / "files", files)
    return _look_through(url, files, copy, progress)


def _copy(folder: Path, named: str, suffix: str) -> Path:
    if named:
        found = [folder / named] if (folder / named).is_file() else []
    else:
        found = sorted(folder.glob(f"{NAME}-*.{suffix}"))
    if not found:
        raise Invalid.of(
            "DIR", f"{folder} 里没有备份（{NAME}-*.{suffix}）", "请核对目录，或用 --copy 写明文件名"
        )
    return found[-1]


def _demand_empty(url: str) -> None:
    if url.startswith("sqlite") and not Path(url.removeprefix("sqlite:///")).exists():
        return
    database = Database(url)
    try:
        tables = inspect(database.engine).get_table_names()
    finally:
        database.close()
    if tables:
        raise Conflict(
            "这个数据库里已经有数据，没有恢复。请新建一个空的数据库，把 DATABASE_URL 指向它再恢复。"
        )


def _sqlite(url: str, copy: Path) -> None:
    target = Path(url.removeprefix("sqlite:///"))
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(".half")
    shutil.copyfile(copy, half)
    with closing(sqlite3.connect(half)) as connection:
        sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    if not sound:
        half.unlink()
        raise Conflict(f"{copy.name} 已经损坏，没有恢复。请用前一份备份。")
    half.rename(target)


def _bring(source: Path, target: Path) -> None:
    """Every file that is not there yet, under its name only when whole."""
    for path in source.glob("??/*"):
        place = target / path.parent.name / path.name
        if len(path.name) == 64 and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            half = place.with_suffix(".half")
            shutil.copyfile(path, half)
            half.rename(place)


def _look_through(url: str, files: Path, copy: Path, progress: Progress) -> Restored:
    database = Database(url)
    try:
        with database.reading() as db:
            keys = sorted(key for key in db.scalars(union(*(select(column) for column in NAMED))) if key)
            chain = audit.verify(db)
            troubles = [
                *_wrong_files(FileStore(files), keys, progress),
                *(f"{name}: {row}" for name, rows in invariants.check(db) for row in rows),
                *([] if chain.whole else [f"审计链在第 {chain.broken_at} 行断了：{chain.reason}"]),
                *_cut_off(db, copy),
            ]
    finally:
        database.close()
    return Restored(copy, len(keys), chain.lines, tuple(troubles))


def _wrong_files(store: FileStore, keys: list[str], progress: Progress) -> Iterator[str]:
    for done, key in enumerate(keys, 1):
        path = store.path(key)
        if not path.is_file():
            yield f"缺文件 {key}"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != key:
            yield f"文件损坏 {key}"
        progress(done, len(keys))


def _cut_off(db: Session, copy: Path) -> Iterator[str]:
    """Whether the end of the chain that the backup wrote down beside itself is still in it."""
    anchor = copy.with_suffix(ANCHOR)
    if anchor.exists():
        kept = json.loads(anchor.read_text("utf-8"))
        if kept["lines"] and audit.line_hash(db, kept["lines"]) != kept["head"]:
            yield f"审计链第 {kept['lines']} 行和备份时记下的不同"
