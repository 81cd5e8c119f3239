"""Places and facts that nobody has heard of: the command line answers as a walk over the raw JSON does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from portal import cli
from tests.factories import unseen
from tests.unit.catalog.conditions.test_naive_walk import walk

WORDS = {True: "eligible", False: "not_eligible", None: "unknown"}
ITEMS, FIRMS, SEED = 100, 30, 20250630


@pytest.fixture(autouse=True)
def logger_as_before() -> Iterator[None]:
    """Commands have the log written to what a test captures; it is gone afterwards."""
    yield
    structlog.reset_defaults()


def test_every_unseen_label_agrees(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = unseen.world(SEED, ITEMS, FIRMS)
    environment = {"PORTAL_HOME": str(tmp_path), "DATABASE_URL": database_url}

    def portal(*words: str) -> list[dict[str, Any]]:
        assert cli.run((*words, "--json"), environment) == 0, capsys.readouterr().err
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    for kind, rows in (("catalog", world.items), ("enterprises", world.firms)):
        file = tmp_path / f"{kind}.jsonl"
        file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
        (took,) = portal(kind, "import", str(file))
        assert (took["taken"], took["refused"]) == (len(rows), [])
    answers = {
        one["enterprise"]: one for one in portal("match", "--enterprise", "all", "--as-of", "2025-06-30")
    }

    assert len({field for item in world.items for field in _fields(item["conditions"])}) >= 70
    assert answers.keys() == {firm["id"] for firm in world.firms}
    for firm in world.firms:
        given = {one["item"]: one["outcome"] for one in answers[firm["id"]]["results"]}
        facts = unseen.facts_of(firm)
        assert given == {item["id"]: WORDS[walk(item["conditions"], facts)] for item in world.items}
    found = [one["outcome"] for answer in answers.values() for one in answer["results"]]
    assert all(found.count(word) > 20 for word in WORDS.values())


def _fields(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*(_fields(part) for part in node))
    if not isinstance(node, dict):
        return set()
    own = {node["field"]} if "field" in node else set()
    return own.union(*(_fields(node[key]) for key in ("all", "any", "not") if key in node))
