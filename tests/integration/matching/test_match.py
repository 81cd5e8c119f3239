"""The match command on the data that people judged: every label, every item, every enterprise."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catalog.services import import_items
from foundation.db import Database
from foundation.enterprises.services import import_enterprises
from foundation.errors import NotFound
from matching.queries import match_all, match_enterprise, match_item

ROOT = Path(__file__).parents[3]
DATA = ROOT / "portal/demo/data"
AS_OF = date(2025, 6, 30)


def lines(path: Path) -> Iterator[str]:
    return iter(path.read_text(encoding="utf-8").splitlines())


@pytest.fixture
def loaded(database: Database) -> Database:
    with database.writing() as db:
        assert import_items(db, None, lines(DATA / "policies.jsonl")).refused == ()
        assert import_enterprises(db, None, lines(DATA / "enterprises.jsonl")).refused == ()
    return database


def test_every_label_agrees_and_every_item_is_listed(loaded: Database) -> None:
    labels = {
        row["id"]: row["labels"]
        for row in map(json.loads, lines(ROOT / "tests/data/eligibility_labels.jsonl"))
    }
    codes = sorted(row["id"] for row in map(json.loads, lines(DATA / "policies.jsonl")))
    with loaded.reading() as db:
        answers = {answer["enterprise"]: answer for answer in match_all(db, AS_OF)}

    assert answers.keys() == labels.keys()
    for name, wanted in labels.items():
        outcomes = {result["item"]: result["outcome"] for result in answers[name]["results"]}
        assert [result["item"] for result in answers[name]["results"]] == codes
        assert {code: outcomes[code] for code in wanted} == {
            code: label["label"] for code, label in wanted.items()
        }


def test_an_answer_names_day_amount_window_and_reasons(loaded: Database) -> None:
    with loaded.reading() as db:
        answer = match_enterprise(db, "Q01", AS_OF)
        by_credit_code = match_enterprise(db, "91510903MAK3M05759", AS_OF)
    results = {result["item"]: result for result in answer["results"]}

    assert answer == by_credit_code
    assert answer["as_of"] == "2025-06-30"
    assert results["S002"] == {
        "item": "S002",
        "outcome": "eligible",
        "open": None,
        "amount_fen": 8_000_000,
        "because": [
            {"text": "注册在四川省：遂宁市船山区", "holds": True},
            {"text": "是企业", "holds": True},
            {"text": "属于工业：制造业", "holds": True},
            {
                "text": "2024年1月1日至2025年6月30日期间首次纳入“规上工业”统计：规上工业（2024年12月1日）",
                "holds": True,
            },
        ],
    }
    assert results["S034"]["open"] is True
    assert "amount_fen" not in results["S034"]
    assert results["S012"]["open"] is False


def test_the_day_moves_the_window_and_not_the_conditions(loaded: Database) -> None:
    with loaded.reading() as db:
        early, late = match_enterprise(db, "Q01", AS_OF), match_enterprise(db, "Q01", date(2026, 1, 1))

    def outcomes(answer: dict[str, Any]) -> list[Any]:
        return [result["outcome"] for result in answer["results"]]

    assert outcomes(early) == outcomes(late)
    assert [
        next(r["open"] for r in answer["results"] if r["item"] == "S034") for answer in (early, late)
    ] == [
        True,
        False,
    ]


def test_an_item_lists_every_enterprise(loaded: Database) -> None:
    with loaded.reading() as db:
        answer = match_item(db, "S034", AS_OF)

    assert answer["counts"] == {"eligible": 6, "not_eligible": 4, "unknown": 1}
    assert {"enterprise": "Q08", "outcome": "unknown"} in answer["enterprises"]
    assert len(answer["enterprises"]) == 11


def test_names_that_nobody_knows_are_said_to_be_unknown(loaded: Database) -> None:
    with loaded.reading() as db:
        with pytest.raises(NotFound, match="X9"):
            match_enterprise(db, "X9", AS_OF)
        with pytest.raises(NotFound, match="S999"):
            match_item(db, "S999", AS_OF)


def unseen(**more: Any) -> dict[str, Any]:
    return {
        "id": "N1",
        "title": "样例事项",
        "type": "综合评审",
        "region_code": "510800",
        "region_name": "四川省广元市",
        "level": "市级",
        "department": "市没有见过的局",
        "conditions_plain": "样例",
        "benefit": {"kind": "fixed", "amount_yuan": 1000, "text": "一次性1000元"},
        "materials": [],
        "window": {"start": "2025-06-30", "end": "2025-06-30"},
        "validity": None,
    } | more


def test_unseen_fields_null_facts_and_boundaries_work_the_same(database: Database) -> None:
    quantum = {"field": "quantum_sensor_count", "op": "ge", "value": 3}
    rows = [
        unseen(conditions={"all": [quantum]}),
        unseen(id="N2", title="另一个样例", conditions={"not": quantum}),
        unseen(id="N3", title="没有写条件的样例", conditions=None),
    ]
    firm = {
        "id": "E1",
        "name": "样例",
        "uscc": "91510903MAK3M05759",
        "org_type": "企业",
        "region_code": "510802",
    }
    firm |= {"qualifications": [], "stat_entries": []}
    other = firm | {"id": "E2", "uscc": "91510904MA8U38EW82"}
    with database.writing() as db:
        import_items(db, None, [json.dumps(row) for row in rows])
        firms = [
            firm | {"attributes": {"quantum_sensor_count": 3}},
            other | {"attributes": {"quantum_sensor_count": None}},
        ]
        import_enterprises(db, None, [json.dumps(one) for one in firms])
    with database.reading() as db:
        answers = {answer["enterprise"]: answer["results"] for answer in match_all(db, AS_OF)}

    outcomes = {name: [result["outcome"] for result in results] for name, results in answers.items()}
    assert outcomes == {
        "E1": ["eligible", "not_eligible", "unknown"],
        "E2": ["unknown", "unknown", "unknown"],
    }
    assert [result["open"] for result in answers["E1"]] == [True, True, True]
    assert answers["E1"][0]["because"] == [
        {"text": "指标 quantum_sensor_count 3 个及以上：3 个", "holds": True}
    ]
