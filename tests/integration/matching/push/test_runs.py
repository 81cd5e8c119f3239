"""A run is shared by ranges, may die anywhere, and ends with the same bits."""

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import func, select

import matching.planes.blocks
import matching.planes.kept
import matching.planes.queries
import matching.push.services
import matching.push.state
from catalog.services import import_items
from foundation import outbox
from foundation.db import Database
from foundation.enterprises.services import import_enterprises
from matching.push import events, held, services
from matching.push.models import Push, PushPlane, PushRun
from matching.push.queries import INVARIANTS
from matching.push.tasks import readers
from notices.models import Message
from portal import relay
from tests.factories.city import deliver
from tests.integration.matching.conftest import firm, policy
from tests.integration.matching.push.conftest import EQUIPMENT

FIRMS, MIDWAY = 40, 9
READERS = readers(lambda db, code: ())


@pytest.fixture
def crowd(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Forty firms in blocks of eight; every second one bought enough."""
    for module in (
        matching.planes.blocks, matching.planes.kept, matching.planes.queries, matching.push.services,
        matching.push.state,
    ):  # fmt: skip
        monkeypatch.setattr(module, "SIZE", 8)
    held.forget()
    with database.writing() as db:
        rows = [_row(number) for number in range(FIRMS)]
        assert import_enterprises(db, None, rows).refused == ()
    deliver(database, READERS)
    yield database
    held.forget()


def _row(number: int, **more: Any) -> str:
    code = {"uscc": f"91510802MA{number:08d}", "uscc_override_reason": "样例", "id": f"E{number}"}
    attributes = {"tech_reform_equipment_wan": 700 if number % 2 else 300} | more
    return json.dumps(firm(**attributes) | code)


def publish(database: Database, *rows: dict[str, Any]) -> None:
    with database.writing() as db:
        import_items(db, None, [json.dumps(row) for row in rows])


def planes_of(database: Database) -> dict[tuple[int, int], tuple[bytes, bytes]]:
    with database.reading() as db:
        return {(row.item_id, row.block): (row.surely, row.maybe) for row in db.scalars(select(PushPlane))}


def counts(database: Database) -> tuple[int, int]:
    with database.reading() as db:
        return tuple(db.scalar(select(func.count()).select_from(one)) or 0 for one in (Push, Message))  # type: ignore[return-value]


def broken(database: Database) -> list[str]:
    with database.reading() as db:
        return [line for _, find in INVARIANTS for line in find(db)]


def test_a_run_that_dies_in_any_range_goes_on_without_doubling(
    crowd: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(crowd, policy("A1", "设备补助", EQUIPMENT))
    failing = iter([True, False, True, True] + [False] * 100)

    def fail_sometimes(db: Any, *rest: Any) -> None:
        advance(db, *rest)
        if next(failing):
            raise RuntimeError("killed")

    advance = services.runs.advance
    monkeypatch.setattr(services.runs, "advance", fail_sometimes)
    deliver(crowd, READERS)
    for _ in range(3):
        _try_again(crowd)

    assert counts(crowd) == (FIRMS // 2, FIRMS // 2)
    assert broken(crowd) == []
    with crowd.reading() as db:
        run = db.scalars(select(PushRun)).one()
        assert (run.ranges, run.ranges_done, run.found) == (6, 6, FIRMS // 2)


def _try_again(database: Database) -> None:
    with database.writing() as db:
        for row in db.scalars(select(outbox.Delivery).where(outbox.Delivery.done_at.is_(None))):
            row.next_at = row.next_at.replace(year=2020)
    deliver(database, READERS)


def _ranges_asked_for(crowd: Database) -> list[tuple[int, str]]:
    """The deliveries of a run, one for each range of enterprises."""
    asked: list[tuple[int, str]] = []
    while relay.carry(crowd, READERS, lambda outbox_id, name: asked.append((outbox_id, name))):
        for outbox_id, name in asked:
            if name == "matching.push_published":
                outbox.deliver(crowd, READERS, outbox_id, name)
    return [each for each in asked if each[1] == "matching.push_catch_up"]


def test_two_workers_share_a_run_and_the_one_that_dies_is_replaced(
    crowd: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(crowd, *(policy(f"A{n}", f"补助{n}", EQUIPMENT) for n in range(4)))
    ranges = _ranges_asked_for(crowd)
    calls = count()

    def die_once(db: Any, *rest: Any) -> None:
        advance(db, *rest)
        if next(calls) == MIDWAY:
            raise SystemExit  # rolls its range back

    def work(own: list[tuple[int, str]]) -> None:
        with suppress(SystemExit):  # a process would be gone
            for each in own:
                outbox.deliver(crowd, READERS, *each)

    advance = services.runs.advance
    monkeypatch.setattr(services.runs, "advance", die_once)
    workers = [Thread(target=work, args=(own,)) for own in (ranges, ranges[::-1])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    held.forget()  # as its successor begins
    _try_again(crowd)

    assert counts(crowd) == (4 * FIRMS // 2, FIRMS // 2)
    assert broken(crowd) == []
    with crowd.writing() as db:
        assert [services.rebuild(db, number) for number in range(6)] == [[]] * 6


def test_planes_rebuild_to_the_same_bits_whatever_happened(crowd: Database) -> None:
    publish(crowd, policy("A1", "设备补助", EQUIPMENT), policy("A2", "又一项", {"not": EQUIPMENT}))
    deliver(crowd, READERS)
    with crowd.writing() as db:
        rows = [_row(number, tech_reform_equipment_wan=number * 40) for number in range(0, FIRMS + 9, 3)]
        assert import_enterprises(db, None, rows).refused == ()
    publish(crowd, policy("A1", "设备补助", EQUIPMENT | {"value": 600}))
    deliver(crowd, READERS)
    kept = planes_of(crowd)

    assert broken(crowd) == []
    with crowd.writing() as db:
        assert [services.rebuild(db, number) for number in range(6)] == [[]] * 6
    assert planes_of(crowd) == kept
    with crowd.writing() as db:
        for row in db.scalars(select(PushPlane).where(PushPlane.block < 3)):
            row.surely, row.maybe = b"\xff", b""
    assert len(broken(crowd)) == 6
    with crowd.writing() as db:
        for number in range(6):
            services.rebuild(db, number)
    assert planes_of(crowd) == kept


def test_a_block_of_memory_follows_what_others_changed(crowd: Database) -> None:
    publish(crowd, policy("A1", "设备补助", EQUIPMENT))
    deliver(crowd, READERS)
    mine = held._held.copy()
    held.forget()  # as another process would
    with crowd.writing() as db:
        import_enterprises(db, None, [_row(0, tech_reform_equipment_wan=900)])
    deliver(crowd, READERS)
    held._held.update(mine)
    publish(crowd, policy("A2", "又一项", EQUIPMENT | {"value": 800}))
    deliver(crowd, READERS)

    assert broken(crowd) == []
    with crowd.reading() as db:
        told = select(func.count()).select_from(Push)
        assert db.scalar(told) == FIRMS // 2 + 2
        assert events.CATCH_UP in set(db.scalars(select(outbox.Outbox.topic)))
