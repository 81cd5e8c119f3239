"""Enterprises come in from a file, and say things about themselves."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from foundation import audit
from foundation.accounts.services import add_person
from foundation.db import Database
from foundation.enterprises import queries
from foundation.enterprises.rules import Source
from foundation.enterprises.services import ImportResult, declare, import_enterprises, override_credit_code
from foundation.errors import Invalid, NotFound
from foundation.outbox import Outbox
from foundation.web.access import Actor, Role

CODES = ("91310110666007217T", "91310115591693856A", "91510800714474320D")
UNFIT = "91350211M00013FA1N"


def row(number: int = 0, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"Q{number:02}", "name": f"第{number}纺织有限公司（样例）", "uscc": CODES[number],
        "synthetic": True, "region_code": "510823", "industry_code": "C1711", "org_type": "企业",
        "established_on": "2009-03-01",
        "employees": 210, "revenue_wan": 9000, "scale": "小型", "qualifications": [], "stat_entries": [],
        "attributes": {"rooftop_pv_mw": 0.05, "layoff_rate_pct": None},
        "snapshot_date": "2025-06-30", **changes,
    }  # fmt: skip


def take(database: Database, *rows: Any, **options: Any) -> ImportResult:
    lines = [entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False) for entry in rows]
    with database.writing() as db:
        return import_enterprises(db, None, lines, **options)


def counts(result: ImportResult) -> tuple[int, int, int]:
    return result.taken, result.changed, result.unchanged


def values(database: Database, code: str) -> dict[str, Any]:
    with database.reading() as db:
        return queries.profile(db, code).values


def topics(database: Database) -> list[dict[str, Any]]:
    with database.reading() as db:
        query = select(Outbox.payload).where(Outbox.topic == "enterprises.changed").order_by(Outbox.id)
        return list(db.scalars(query))


@pytest.fixture
def actor(database: Database) -> Actor:
    with database.writing() as db:
        person = add_person(
            db, None, login="wang", name="王会计", password="long enough", organisation_code="510800-window",
            role=Role.WINDOW,
        )  # fmt: skip
    return Actor(person, "王会计", 2, "510800-window", "市级兑现专窗", Role.WINDOW)


def test_every_value_of_the_row_is_there_again_under_its_name(database: Database) -> None:
    given = row()
    assert counts(take(database, given)) == (1, 0, 0)

    known = {**given, **given["attributes"]}
    del known["attributes"], known["layoff_rate_pct"]
    assert values(database, CODES[0]) == known
    assert values(database, "Q00") == known
    assert topics(database)[0]["credit_codes"] == [CODES[0]]
    with database.reading() as db:
        fact = queries.profile(db, "Q00").facts["rooftop_pv_mw"]
        assert (fact.source, fact.as_of) == (Source.IMPORT, date(2025, 6, 30))
        assert [line.act for line in audit.timeline(db, "enterprises")] == ["imported"]


def test_the_same_file_again_changes_nothing(database: Database) -> None:
    take(database, row(0), row(1))

    assert counts(take(database, "\ufeff" + json.dumps(row(0)), "", row(1))) == (0, 0, 2)
    assert len(topics(database)) == 1
    with database.reading() as db:
        assert len(audit.timeline(db, "enterprises")) == 1


def test_a_row_replaces_what_this_source_said_before(database: Database) -> None:
    take(database, row(0), row(1))
    new = row(0, employees=220, synthetic=1, snapshot_date="2025-12-31", attributes={}, id=None)
    del new["scale"], new["revenue_wan"]

    assert counts(take(database, new, row(1), row(2))) == (1, 1, 1)
    known = values(database, CODES[0])
    assert (known["employees"], known["synthetic"], known["id"]) == (220, 1, "Q00")
    assert known.keys().isdisjoint({"rooftop_pv_mw", "scale"})
    with database.reading() as db:
        history = queries.history(db, CODES[0], "employees")
        assert [(line.value, line.current) for line in history] == [(220, True), (210, False)]


def test_one_bad_row_refuses_the_file_unless_the_others_are_wanted(database: Database) -> None:
    rows = (row(0), row(1, region_code="5108"), "{", row(2))

    refused = take(database, *rows)
    assert counts(refused) == (0, 0, 0)
    assert [(line["row"], line["id"], line["field"]) for line in refused.as_dict()["refused"]] == [
        (2, "Q01", "region_code"), (3, None, "row"),
    ]  # fmt: skip
    with database.reading() as db:
        assert queries.count(db) == 0

    assert counts(take(database, *rows, partial=True, dry_run=True)) == (2, 0, 0)
    assert counts(take(database, *rows, partial=True)) == (2, 0, 0)
    with database.reading() as db:
        assert [profile.enterprise.credit_code for profile in queries.profiles(db)] == [CODES[0], CODES[2]]


def test_a_code_or_an_id_stands_for_one_enterprise(database: Database) -> None:
    take(database, row(0))

    result = take(database, row(1, id="Q00"), row(2), row(2), row(0, uscc=CODES[1], id="Q02"))

    assert [(line.row, line.field) for line in result.refused] == [(1, "id"), (3, "uscc"), (4, "uscc")]


def test_a_real_code_that_fails_the_check_digit_needs_a_reason_once(database: Database, actor: Actor) -> None:
    unfit = row(0, uscc=UNFIT)
    assert [line.field for line in take(database, unfit).refused] == ["uscc"]

    assert counts(take(database, {**unfit, "uscc_override_reason": "执照原件如此"})) == (1, 0, 0)
    assert counts(take(database, unfit)) == (0, 0, 1)
    with database.writing() as db:
        override_credit_code(db, actor, credit_code=UNFIT, reason="早期试点发码")
    with database.reading() as db:
        known = queries.by_code(db, UNFIT)
        assert known is not None
        assert known.credit_code_override_reason == "早期试点发码"
        assert [line.act for line in audit.timeline(db, f"enterprise:{UNFIT}")] == ["credit_code_overridden"]


def test_the_scale_is_worked_out_only_where_the_row_gives_none(database: Database) -> None:
    take(database, row(0, scale="大型"), row(1, scale=None), row(2, scale=None, revenue_wan=None))

    assert values(database, CODES[0])["scale"] == "大型"
    assert "scale" not in values(database, CODES[2])
    with database.reading() as db:
        fact = queries.profile(db, CODES[1]).facts["scale"]
        assert (fact.value, fact.source, fact.as_of) == ("小型", Source.DERIVED, date(2025, 6, 30))


def test_what_an_enterprise_declares_counts_where_it_is_fresher(database: Database, actor: Actor) -> None:
    take(database, row(0))
    with database.writing() as db:
        declare(db, actor, credit_code=CODES[0], field="employees", value=230)
        declare(db, actor, credit_code=CODES[0], field="employees", value=230)
        declare(db, actor, credit_code=CODES[0], field="revenue_wan", value=1, as_of=date(2024, 1, 1))
        declare(db, actor, credit_code=CODES[0], field="layoff_rate_pct", value=3)
        declare(db, actor, credit_code=CODES[0], field="layoff_rate_pct", value=4)

    known = values(database, CODES[0])
    assert (known["employees"], known["revenue_wan"], known["layoff_rate_pct"]) == (230, 9000, 4)
    with database.reading() as db:
        lines = audit.timeline(db, f"enterprise:{CODES[0]}")
        assert [line.facts["field"] for line in lines] == [
            "employees", "revenue_wan", "layoff_rate_pct", "layoff_rate_pct",
        ]  # fmt: skip
        # the value may be a person's: beside the chain, where it can be erased
        assert [line.personal["value"] for line in lines] == [230, 1, 3, 4]
        assert "value" not in lines[0].facts
        assert audit.verify(db).whole


@pytest.mark.parametrize("field", ["uscc", "name", "region_code", ""])
def test_identity_is_not_declared(database: Database, actor: Actor, field: str) -> None:
    take(database, row(0))
    with database.writing() as db, pytest.raises(Invalid):
        declare(db, actor, credit_code=CODES[0], field=field, value="x")


def test_what_cannot_be_declared_is_said(database: Database, actor: Actor) -> None:
    tomorrow = date(2026, 6, 1) + timedelta(days=1)
    take(database, row(0))
    with database.writing() as db:
        with pytest.raises(Invalid):
            declare(db, actor, credit_code=CODES[0], field="employees", value=1, as_of=tomorrow)
        with pytest.raises(NotFound):
            declare(db, actor, credit_code=CODES[1], field="employees", value=1)
        with pytest.raises(Invalid):
            override_credit_code(db, actor, credit_code=CODES[0], reason=" ")
    with database.reading() as db, pytest.raises(NotFound):
        queries.profile(db, "Q99")
