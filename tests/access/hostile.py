"""The world once more, with whatever a person can type there turned into hostile names.

Not through the forms: some of them would refuse. This is what stands in the rows once somebody got past them.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, String, Table, Text, bindparam, select, text

from foundation.db import Base, Database
from portal.app import create_app
from tests.access.cells import NothingKept
from tests.access.conftest import Portal
from tests.factories.hostile_names import NAMES

# what the portal makes itself and reads again, by the end of a column's name; all other text may be typed
MADE = re.compile(
    r"(^|_)(act|address|calendar|code|codes|digest|established_on|external_id|field|handle|hash|ids|issuer|key|"
    r"level|limit_name|link|location|login|media_type|mode|number|origin|payload|payment_id|proofs|"
    r"provincial_label|reader|relation|role|rule|salt|secret|series|stamp|subject|token|topic)$"
)
TYPED = {"document_number", "enterprise_contact.address", "organisation.address"}
# stored values that rules read: a word of a list, days, hours
READ = {
    "deadline.hours", "deadline_entry.reason", "redeem_mode.label", "item_version.conditions",
    "item_version.applicant_kinds", "organisation.opening_hours", "payment_batch.refused",
}  # fmt: skip
READ_KEYS = {"type", "level", "region_name", "kind", "unit", "label"}
HAN = re.compile(r"[\u3400-\u9fff]")
MARK = re.compile(r"⟦(\d+)⟧")
# of an item's row: what its editor may write and the world's items lack
GUIDE: Mapping[str, Any] = {
    **dict.fromkeys(
        ("legal_basis", "conditions_plain", "source_url", "source_kind", "doubts", "time_limit"), "话"
    ),
    "guide": dict.fromkeys(("place", "hours", "phone", "supervision_phone", "interpretation"), "话"),
}


@dataclass(slots=True)
class Names:
    """Gives one cell after another *together* of the names; rounds enough to make a hundred give it all.

    Each value ends with a mark of its own, so that whoever meets the mark knows what has to stand before it.
    """

    round: int = 0
    together: int = 1
    given: list[str] = field(default_factory=list)

    def next(self) -> str:
        """The text of the next cell."""
        first = self.together * (len(self.given) + self.round)
        chosen = (NAMES[(first + at) % len(NAMES)] for at in range(self.together))
        self.given.append(f"{' '.join(chosen)}⟦{len(self.given)}⟧")
        return self.given[-1]

    def torn(self, told: str, *, folded: bool = True) -> Iterator[str]:
        """Of the values that *told* ends somewhere: those that it does not hold whole."""
        for mark in MARK.finditer(told):
            value = self.given[int(mark[1])]
            if not told[: mark.end()].endswith(" ".join(value.split()) if folded else value):
                yield f"{value[:60]} as {told[max(mark.start() - 60, 0) : mark.end()]}"


def filled(plain: Portal, at: Path, names: Names) -> Portal:
    """The portal on a copy of its world that is full of *names*."""
    whole = sqlite3.connect(plain.database.engine.url.database or "")
    with closing(whole), closing(sqlite3.connect(at)) as copy:
        whole.backup(copy)
    url = f"sqlite:///{at}"
    database = Database(url)
    fill(database, names)
    database.close()
    kept = NothingKept(url)
    app = create_app(replace(plain.app.extensions["site"].settings, database_url=url), kept)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    return Portal(app, plain.world, kept)


def fill(database: Database, names: Names) -> None:
    """Write hostile names into every text of every row."""
    with database.writing() as db:
        connection = db.connection()
        for trigger in connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            connection.execute(text(f'DROP TRIGGER "{trigger}"'))
        for table in Base.metadata.sorted_tables:
            _fill(connection, table, [column for column in table.columns if _typed(column)], names)


def _typed(column: Column[Any]) -> bool:
    kinds = (String, Text, type(Base.metadata.tables["audit_event"].c.facts.type))
    known = {column.name, f"{column.table.name}.{column.name}"}
    if not isinstance(column.type, kinds) or column.primary_key or column.foreign_keys or column.unique:
        return False
    return bool(known & TYPED) or not (known & READ or MADE.search(column.name))


def _fill(connection: Connection, table: Table, columns: list[Column[Any]], names: Names) -> None:
    if not columns:
        return
    keys = list(table.primary_key.columns)
    change = (
        table.update()
        .where(*(key == bindparam(f"is_{key.name}") for key in keys))
        .values({column.name: bindparam(f"to_{column.name}") for column in columns})
    )
    rows = [
        {f"is_{key.name}": row[key] for key in keys}
        | {f"to_{column.name}": _hostile(row[column], column, names) for column in columns}
        for row in connection.execute(select(table)).mappings()
    ]
    if rows:
        connection.execute(change, rows)


def _hostile(value: Any, column: Column[Any], names: Names) -> Any:
    if column.name == "source" and column.table.name in {"item_version", "item_draft"}:
        row = json.loads(value) | GUIDE
        return json.dumps(_inside(row, names), ensure_ascii=False)
    if isinstance(value, str):  # a file's name goes by its end
        return f"{names.next()}{re.sub('^.*(?=[.])', '', value)}" if "name" in column.name else names.next()
    return _inside(value, names)


def _inside(value: Any, names: Names) -> Any:
    """What a person typed stands in Chinese; the other words of a JSON value are the portal's own."""
    if isinstance(value, dict):
        return {key: each if key in READ_KEYS else _inside(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_inside(each, names) for each in value]
    return names.next() if isinstance(value, str) and HAN.search(value) else value
