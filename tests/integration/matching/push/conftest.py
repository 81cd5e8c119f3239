"""Firms of a small city, and their inboxes."""

import json
from collections.abc import Callable, Collection
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.services import import_items
from foundation.db import Database
from foundation.enterprises.services import import_enterprises
from matching.push import held
from matching.push.tasks import readers
from notices.models import Message
from tests.factories.city import deliver
from tests.integration.matching.conftest import firm, policy

CODES = ("91510802MAMTCWGT54", "91510800MAD0A1B2CG", "91510802MAD0A1B3X3")
EQUIPMENT = {"field": "tech_reform_equipment_wan", "op": "ge", "value": 500}


class Town:
    """Three firms; what is published or reported reaches whoever it concerns at once."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.live: dict[str, Collection[int]] = {}
        self.readers = readers(self._live)

    def _live(self, db: Session, code: str) -> Collection[int]:
        return self.live.get(code, ())

    def publish(self, *rows: dict[str, Any]) -> None:
        with self.database.writing() as db:
            assert import_items(db, None, [json.dumps(row) for row in rows]).refused == ()

    def report(self, which: int, **attributes: Any) -> None:
        row = firm(**attributes) | {"id": f"E{which}", "uscc": CODES[which], "name": f"样例{which}号公司"}
        with self.database.writing() as db:
            assert import_enterprises(db, None, [json.dumps(row)]).refused == ()

    def settle(self) -> None:
        deliver(self.database, self.readers)

    def inbox(self, which: int) -> list[str]:
        with self.database.reading() as db:
            mine = select(Message.title).where(Message.recipient_code == CODES[which]).order_by(Message.id)
            return list(db.scalars(mine))


@pytest.fixture
def town(database: Database) -> Town:
    """Firm 0 bought much, firm 1 little, of firm 2 nobody knows."""
    held.forget()
    found = Town(database)
    found.report(0, tech_reform_equipment_wan=620)
    found.report(1, tech_reform_equipment_wan=480)
    found.report(2)
    found.settle()
    return found


Publish = Callable[..., None]
__all__ = ("CODES", "EQUIPMENT", "Town", "policy")
