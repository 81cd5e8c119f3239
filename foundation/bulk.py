"""Thousands of rows into one table at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Table, bindparam, column, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Rows = Sequence[Mapping[str, Any]]


def insert(db: Session, table: Any, rows: Rows, *, once: str = "") -> None:
    """Put *rows* with the same names into the table of a model; what is there by the column *once* stays.

    On PostgreSQL every column goes as one array in one statement: a row at a time takes three times as long.
    """
    if not rows:
        return
    if db.get_bind().dialect.name == "postgresql":
        db.connection().execute(_by_columns(table.__table__, rows, once))
    else:
        added = sqlite.insert(table)
        db.connection().execute(added.on_conflict_do_nothing(index_elements=[once]) if once else added, rows)


def _by_columns(table: Table, rows: Rows, once: str) -> postgresql.Insert:
    names = [*rows[0]]
    types = {name: table.c[name].type for name in names}
    arrays = (
        bindparam(f"all_{name}", [row[name] for row in rows], type_=ARRAY(types[name])) for name in names
    )
    columns = (column(name, types[name]) for name in names)
    listed = func.unnest(*arrays).table_valued(*columns, name="listed").render_derived()
    added = postgresql.insert(table).from_select(names, select(*(listed.c[name] for name in names)))
    return added.on_conflict_do_nothing(index_elements=[once]) if once else added
