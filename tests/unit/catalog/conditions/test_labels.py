"""The 220 verdicts that people gave by reading the plain words."""

import json
from pathlib import Path
from typing import Any

import pytest

from catalog.conditions.parse import parse
from catalog.conditions.verdict import judge

ROOT = Path(__file__).parents[4]


def rows(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]


LABELS = rows("tests/data/eligibility_labels.jsonl")


@pytest.fixture(scope="module")
def policies() -> dict[str, Any]:
    return {row["id"]: row["conditions"] for row in rows("portal/demo/data/policies.jsonl")}


@pytest.fixture(scope="module")
def profiles() -> dict[str, Any]:
    return {row["id"]: row | row["attributes"] for row in rows("portal/demo/data/enterprises.jsonl")}


@pytest.mark.parametrize("row", LABELS, ids=[row["id"] for row in LABELS])
def test_the_verdicts_agree_with_people(row: Any, policies: dict[str, Any], profiles: dict[str, Any]) -> None:
    wanted = {code: label["label"] for code, label in row["labels"].items()}

    given = {code: judge(parse(policies[code]), profiles[row["id"]]).outcome.value for code in wanted}

    assert given == wanted
