"""Importing and exporting: all or none, each refusal with its row, the same content once."""

import json
import threading
from typing import Any

import pytest
from sqlalchemy import func, select, text

from catalog import queries
from catalog.models import ItemVersion, PolicyItem, RedeemMode
from catalog.services import ImportResult, export, import_items
from foundation import audit
from foundation.accounts.models import Organisation
from foundation.db import Database
from foundation.outbox import Outbox


def take(database: Database, given: Any, **options: Any) -> ImportResult:
    return database.write(lambda db: import_items(db, None, given, **options))


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.taken, result.changed, result.unchanged, len(result.refused)


def test_real_items_are_taken_once(database: Database, lines: list[str]) -> None:
    assert counts(take(database, lines)) == (102, 0, 0, 0)
    assert counts(take(database, lines)) == (0, 0, 102, 0)
    with database.reading() as db:
        assert db.scalar(select(func.count(ItemVersion.id))) == 102
        assert len(audit.timeline(db, "catalog")) == 1
        assert [line.act for line in audit.timeline(db, "item:S001")] == ["published"]
        told = [row.payload for row in db.scalars(select(Outbox).where(Outbox.topic == "catalog.published"))]
        assert len(told) == 102
        assert told[0]["version"] == 1
        assert [finding for _, check in queries.INVARIANTS for finding in check(db)] == []


def test_one_broken_row_stops_the_whole_file(database: Database, rows: list[dict[str, Any]]) -> None:
    rows[4]["window"] = {"start": "2026-09-01", "end": "2026-01-01"}
    result = take(database, rows)
    assert counts(result) == (0, 0, 0, 1)
    assert result.answer()["refused"] == [
        {
            "row": 5,
            "id": "S005",
            "field": "window.end",
            "error": "止于 2026-01-01，早于起始的 2026-09-01",
            "remedy": "请核对起止日期",
        }
    ]
    with database.reading() as db:
        assert queries.published_items(db) == ()


def test_the_others_are_taken_where_that_is_wanted(database: Database, rows: list[dict[str, Any]]) -> None:
    rows[4]["title"] = None
    assert counts(take(database, rows, partial=True)) == (101, 0, 0, 1)


def test_a_dry_run_writes_nothing(database: Database, lines: list[str]) -> None:
    with database.reading() as db:  # the database itself would refuse
        assert counts(import_items(db, None, lines, dry_run=True)) == (102, 0, 0, 0)
        assert queries.published_items(db) == ()


def test_blank_lines_and_a_byte_order_mark_are_nothing(database: Database, lines: list[str]) -> None:
    assert counts(take(database, ["\ufeff" + lines[0], "", "  \n", lines[1]])) == (2, 0, 0, 0)


def test_the_same_id_twice_names_the_first_row(database: Database, lines: list[str]) -> None:
    result = take(database, [lines[0], lines[1], lines[0]], partial=True)
    assert counts(result) == (2, 0, 0, 1)
    assert (result.refused[0].row, result.refused[0].field) == (3, "id")
    assert "第 1 行" in result.refused[0].message


def test_a_changed_row_becomes_the_next_version(catalogue: Database, rows: list[dict[str, Any]]) -> None:
    with catalogue.reading() as db:
        before = queries.item(db, "S001")
    rows[0] |= {"title": "标准化厂房租赁补贴（修订）", "type": "即申即享"}
    assert counts(take(catalogue, rows)) == (0, 1, 101, 0)
    with catalogue.reading() as db:
        now = queries.item(db, "S001")
        assert (now.version, now.title, now.mode) == (2, "标准化厂房租赁补贴（修订）", "instant")
        kept = queries.item_version(db, before.item_version_id)
        assert (kept.version, kept.title, kept.mode) == (1, "标准化厂房租赁补贴", "review")
        assert [line.version for line in audit.timeline(db, "item:S001")] == [1, 2]
        assert [finding for _, check in queries.INVARIANTS for finding in check(db)] == []


def test_export_gives_back_what_came_in(catalogue: Database, lines: list[str]) -> None:
    with catalogue.reading() as db:
        assert list(export(db)) == sorted(lines, key=lambda line: json.loads(line)["id"])


def test_an_export_imports_again_to_the_same_bytes(
    database: Database, rows: list[dict[str, Any]], database_kind: str
) -> None:
    strange = {
        **rows[0],
        "id": "Z-9",
        "note": '“引号”\\"\t\u2028é😀',
        "z": 1e-7,
        "a": {"b": [1.0, 10**30, None, True]},
    }
    lone = {**rows[1], "id": "a1", "benefit": None, "materials": [{"name": "发票", "copies": "1 份"}]}
    take(database, [json.dumps(strange), json.dumps(lone, ensure_ascii=False)])
    with database.reading() as db:
        first = list(export(db))
    assert counts(take(database, first)) == (0, 0, 2, 0)
    take(database, [{**strange, "title": "改过"}])
    assert counts(take(database, first)) == (0, 1, 1, 0)
    with database.reading() as db:
        assert list(export(db)) == first


def test_what_nobody_met_before_refuses_nothing(database: Database, rows: list[dict[str, Any]]) -> None:
    unheard = {"field": "moon_base_count", "op": "ge", "value": 2}
    row = {**rows[0], "type": "承诺兑现", "department": "县深空探索局", "conditions": {"all": [unheard]}}
    result = take(
        database, [row, {**rows[1], "type": None, "department": None, "benefit": None, "conditions": None}]
    )
    assert counts(result) == (2, 0, 0, 0)
    assert {"conditions.moon_base_count", "test_cases"} <= {warned.field for warned in result.warnings}
    with database.reading() as db:
        item, other = queries.item(db, "S001"), queries.item(db, "S002")
        assert item.mode_label == "承诺兑现"
        assert item.mode not in {"exempt", "instant", "review"}
        assert db.get_one(RedeemMode, item.mode).label == "承诺兑现"
        assert not item.department_confirmed
        assert (other.mode, other.department_id) == ("unstated", None)


def test_a_department_that_the_city_knows_is_found(catalogue: Database) -> None:
    with catalogue.reading() as db:
        item = queries.item(db, "S001")
        organisation = db.get_one(Organisation, item.department_id)
        assert (organisation.name, item.department_confirmed) == ("广元市经济和信息化局", True)
        elsewhere = queries.item(db, "S006")  # 成都's bureau has the same name and is another one
        assert elsewhere.department_id != item.department_id


def test_near_duplicates_are_only_warned_of(database: Database, rows: list[dict[str, Any]]) -> None:
    twin = {**rows[0], "id": "S001-2", "title": rows[0]["title"] + "。"}
    result = take(database, [rows[0], twin])
    assert counts(result) == (2, 0, 0, 0)
    assert [(warned.id, warned.field) for warned in result.warnings if warned.field == "title"] == [
        ("S001-2", "title")
    ]


def test_two_imports_at_once_take_every_item_once(database: Database, lines: list[str]) -> None:
    results: list[ImportResult] = []
    workers = [threading.Thread(target=lambda: results.append(take(database, lines))) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(result.taken for result in results) == [0, 0, 102]
    with database.reading() as db:
        assert db.scalar(select(func.count(PolicyItem.id))) == 102


def test_a_thousand_rows_are_one_import(database: Database, rows: list[dict[str, Any]]) -> None:
    many = [{**row, "id": f"{row['id']}-{copy}"} for copy in range(10) for row in rows]
    assert counts(take(database, many)) == (1020, 0, 0, 0)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE policy_item SET current = 7 WHERE code = 'S003'", "item S003: 0 versions in force"),
        ("UPDATE item_version SET digest = 'x' WHERE id = 3", "item version 3: the digest"),
        ("UPDATE item_version SET conditions = '{}' WHERE id = 4", "item version 4: the conditions"),
    ],
)
def test_an_invariant_tells_what_was_tampered_with(catalogue: Database, statement: str, found: str) -> None:
    with catalogue.writing() as db:
        db.execute(text(statement))
    with catalogue.reading() as db:
        findings = [finding for _, check in queries.INVARIANTS for finding in check(db)]
    assert len(findings) == 1
    assert findings[0].startswith(found)
