"""The file for the treasury holds the accounts of many: who fetches it says what for."""

from collections.abc import Callable

from flask import url_for
from sqlalchemy.orm import Session

from foundation.web.access import Actor, Role
from portal.disclosure.sources import Source
from portal.payouts.batches import queries

KINDS = ("xlsx", "csv")


def what(kind: str) -> str:
    """How the record names a file of this kind."""
    return f"treasury-{kind}"


def _rows(db: Session, actor: Actor, number: str) -> int:
    return len(queries.file_of(db, actor, number)[0])


def _place(kind: str) -> Callable[[str], str]:
    return lambda number: url_for("batches.treasury_file", number=number, kind=kind)


SOURCES = tuple(
    Source(what(kind), f"付款文件（{kind}）", frozenset({Role.FINANCE}), _place(kind), rows=_rows)
    for kind in KINDS
)
