"""One item published, 5,600 newly entitled of 100,000: from the commit until all have it in their inboxes.

The embedded stack runs beside it: broker, web, relay and worker as processes of their own. Nobody else does
this, so there is no peer; the figure is the seconds themselves.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from benchmarks.rounds import Result
from catalog.services import import_items
from foundation import clock
from foundation.db import Database
from foundation.enterprises.models import Enterprise, Fact
from foundation.enterprises.rules import Kind, Source
from foundation.settings import from_environment
from matching.push.models import Push
from notices.models import Message
from portal import relay
from portal.demo import processes
from portal.schema import migrate

ENTERPRISES, NEWLY, KINDS_OF_VALUE, OTHERS, RUNS = 100_000, 5_600, 1_000, 100, 5
AT_ONCE = 10_000
GOAL, LONGEST = 1.0, 120.0
LOOK = 0.005


def measure(measure_id: str, url: str, folder: Path) -> Result:
    """The median of five publications; the one before them has the worker read its facts."""
    migrate(url)
    environment = _environment(url, folder)
    database = Database(url)
    try:
        _fill(database)
        with _stack(environment, folder):
            database.after_told = relay.nudge(from_environment(environment))
            _publish(database, "WARM", LONGEST)
            times = [_publish(database, f"RUN-{number}", LONGEST) for number in range(RUNS)]
    finally:
        database.close()
    ours = statistics.median(times)
    return {
        "measure": measure_id, "ours": ours, "peer": None, "ratio": ours, "goal": GOAL, "holds": ours <= GOAL,
    }  # fmt: skip


def _fill(database: Database) -> None:
    """A hundred thousand enterprises with one figure each, and a catalogue that nobody meets."""
    for first in range(1, ENTERPRISES + 1, AT_ONCE):
        with database.writing() as db:
            _firms(db, range(first, first + AT_ONCE))
    with database.writing() as db:
        _import(db, [_item(f"OTHER-{number}", 2 * KINDS_OF_VALUE + number) for number in range(OTHERS)])


def _firms(db: Session, ids: range) -> None:
    now = clock.now()
    told = {"created_at": now, "updated_at": now, "kind": Kind.ENTERPRISE, "region_code": "510802"}
    rows = [{"id": one, "credit_code": f"9151{one:014d}", "name": f"样例{one}", **told} for one in ids]
    db.execute(insert(Enterprise), rows)
    said = {"source": Source.IMPORT, "as_of": date(2026, 6, 1), "recorded_at": now}
    facts = [
        {"enterprise_id": one, "field": "tech_reform_equipment_wan", "value": one % KINDS_OF_VALUE, **said}
        for one in ids
    ]
    db.execute(insert(Fact), facts)


def _item(code: str, threshold: int) -> dict[str, Any]:
    conditions = [
        {"field": "region_code", "op": "within", "value": "510800"},
        {"field": "tech_reform_equipment_wan", "op": "ge", "value": threshold},
    ]
    return {
        "id": code, "title": f"样例事项 {code}", "type": "综合评审", "region_code": "510800",
        "region_name": "四川省广元市", "level": "市级", "department": "市经济和信息化局",
        "conditions": {"all": conditions}, "materials": [],
        "benefit": {"kind": "fixed", "amount_yuan": 80000, "text": "一次性8万元"},
    }  # fmt: skip


def _import(db: Session, rows: list[dict[str, Any]]) -> None:
    if import_items(db, None, [json.dumps(row) for row in rows]).refused:
        raise RuntimeError("the bench's own items were refused")


def _publish(database: Database, code: str, patience: float) -> float:
    """Seconds from the commit until everybody who is newly entitled has the message."""
    threshold = KINDS_OF_VALUE - KINDS_OF_VALUE * NEWLY // ENTERPRISES
    with database.writing() as db:
        _import(db, [_item(code, threshold)])
    began = time.monotonic()
    arrived = select(func.count()).select_from(Message).join(Push, Push.message_key == Message.key)
    arrived = arrived.where(Message.title.startswith(f"“样例事项 {code}”"))
    while time.monotonic() < began + patience:
        with database.reading() as db:
            if db.scalar(arrived) == NEWLY:
                return time.monotonic() - began
        time.sleep(LOOK)
    raise RuntimeError(f"{code} did not reach everybody within {patience:.0f} s")


def _environment(url: str, folder: Path) -> dict[str, str]:
    return {
        **os.environ, "DATABASE_URL": url, "SECRET_KEY": "only for the bench",
        "BROKER_URL": f"redis+socket://{folder / 'valkey.sock'}", "FILES_DIR": str(folder / "files"),
        "PORTAL_HOME": str(folder), "SECURE_COOKIES": "0",
    }  # fmt: skip


@contextmanager
def _stack(environment: dict[str, str], folder: Path) -> Iterator[None]:
    """Broker, web, relay and worker, ended afterwards."""
    (folder / "broker").mkdir()
    portal = (sys.executable, "-m", "portal.cli")
    commands = [
        processes.broker(folder / "valkey.sock", folder / "broker").command,
        (*portal, "relay"),
        (*portal, "worker", "--pool", "threads"),
    ]
    with (folder / "stack.log").open("ab") as log:
        running = [
            subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
            for command in commands
        ]
        try:
            yield
        finally:
            for process in reversed(running):
                os.killpg(process.pid, signal.SIGTERM)
            for process in running:
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)


def on_sqlite() -> Result:
    """In a file on disk."""
    with tempfile.TemporaryDirectory(prefix="bench-stored-") as folder:
        return measure("push.stored.sqlite", f"sqlite:///{folder}/portal.db", Path(folder))


def on_postgresql(uri: str) -> Result:
    """In a database of a running server."""
    with tempfile.TemporaryDirectory(prefix="bench-stored-") as folder:
        url = uri.replace("postgresql://", "postgresql+psycopg://", 1)
        return measure("push.stored.pg", url, Path(folder))
