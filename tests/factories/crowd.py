"""A crowd of enterprises with one figure each, put in at once; items that so and so many of them meet."""

import json
from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from catalog.services import import_items
from foundation import clock
from foundation.db import Database
from foundation.enterprises.models import Enterprise, Fact
from foundation.enterprises.rules import Kind, Source

FIGURE = "tech_reform_equipment_wan"
FIGURES = 1_000  # enterprise *n* has the figure n modulo this
AT_ONCE = 10_000


def gather(database: Database, count: int) -> None:
    """Enterprises with the internal ids from 1 to *count*."""
    for first in range(1, count + 1, AT_ONCE):
        with database.writing() as db:
            _firms(db, range(first, min(first + AT_ONCE, count + 1)))


def _firms(db: Session, ids: range) -> None:
    now = clock.now()
    told = {"created_at": now, "updated_at": now, "kind": Kind.ENTERPRISE, "region_code": "510802"}
    rows = [{"id": one, "credit_code": f"9151{one:014d}", "name": f"样例{one}", **told} for one in ids]
    db.execute(insert(Enterprise), rows)
    said = {"source": Source.IMPORT, "as_of": date(2026, 6, 1), "recorded_at": now}
    facts = [{"enterprise_id": one, "field": FIGURE, "value": one % FIGURES, **said} for one in ids]
    db.execute(insert(Fact), facts)


def item(code: str, threshold: int) -> dict[str, Any]:
    """An item for whoever has the figure *threshold* or more."""
    conditions = [
        {"field": "region_code", "op": "within", "value": "510800"},
        {"field": FIGURE, "op": "ge", "value": threshold},
    ]
    return {
        "id": code, "title": f"样例事项 {code}", "type": "综合评审", "region_code": "510800",
        "region_name": "四川省广元市", "level": "市级", "department": "市经济和信息化局",
        "conditions": {"all": conditions}, "materials": [],
        "benefit": {"kind": "fixed", "amount_yuan": 80000, "text": "一次性8万元"},
    }  # fmt: skip


def publish(db: Session, rows: list[dict[str, Any]]) -> None:
    """Put items into the catalogue."""
    if import_items(db, None, [json.dumps(row) for row in rows]).refused:
        raise RuntimeError("items of our own making were refused")
