"""Add up what web processes counted."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from catalog.sought.models import OpenedCount, SoughtCount

KEPT = timedelta(days=400)
Counted = Mapping[tuple[date, str], int]


def add(db: Session, sought: Counted, hits: Mapping[str, int], opened: Counted) -> None:
    """Add counts to those that stand there already; what is older than the years compared goes."""
    for day, query in sorted(sought):
        values = {"day": day, "query": query, "times": sought[day, query], "hits": hits.get(query, 0)}
        _add(db, SoughtCount, values, ["day", "query"])
    for day, code in sorted(opened):
        _add(db, OpenedCount, {"day": day, "code": code, "times": opened[day, code]}, ["day", "code"])
    last = max(day for day, _ in (*sought, *opened))
    for table in (SoughtCount, OpenedCount):
        db.execute(delete(table).where(table.day < last - KEPT))


def _add(db: Session, table: Any, values: dict[str, Any], key: list[str]) -> None:
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = insert(table).values(**values)
    updated = {name: fresh.excluded[name] for name in values if name not in (*key, "times")}
    updated["times"] = table.times + fresh.excluded.times
    db.execute(fresh.on_conflict_do_update(index_elements=key, set_=updated))
