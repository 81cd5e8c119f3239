"""Planes of real items over real enterprises, and what stays the same whoever makes them."""

import json
from pathlib import Path
from typing import Any

import pytest

import matching.planes.blocks
from catalog.conditions.parse import parse
from catalog.conditions.verdict import Outcome
from catalog.services import import_items
from foundation.db import Database
from foundation.enterprises import queries as enterprises
from foundation.enterprises.services import declare, import_enterprises
from foundation.web.access import Actor
from matching.planes import queries
from matching.planes.kept import Planes

ROOT = Path(__file__).parents[4]
DATA = ROOT / "portal/demo/data"
LABELS = [
    json.loads(line)
    for line in (ROOT / "tests/data/eligibility_labels.jsonl").read_text("utf-8").splitlines()
]
WORDS = {True: "eligible", False: "not_eligible", None: "unknown"}


@pytest.fixture
def loaded(database: Database) -> Database:
    with database.writing() as db:
        for name, take in (("policies", import_items), ("enterprises", import_enterprises)):
            lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
            assert take(db, None, lines).refused == ()
    return database


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of four enterprises, so that eleven fill three."""
    for module in (matching.planes.blocks, matching.planes.kept, matching.planes.queries):
        monkeypatch.setattr(module, "SIZE", 4)


def planes_of(database: Database, share: list[int] | None = None) -> Planes:
    with database.reading() as db:
        return queries.planes(db, share)


def bits(planes: Planes) -> dict[tuple[str, int], bytes]:
    codes = [recipe.code for recipe in planes.book.recipes]
    return {(code, number): block.plane(code) for code in codes for number, block in planes.blocks.items()}


def test_every_label_agrees_forward_and_reverse(loaded: Database) -> None:
    planes = planes_of(loaded)
    with loaded.reading() as db:
        profiles = {one.enterprise.external_id: one for one in enterprises.profiles(db)}
        items, index = queries.index(db)

    for row in LABELS:
        profile = profiles[row["id"]]
        reverse = dict(zip((item.code for item in items), index.match(profile.values).truths(), strict=True))
        for code, label in row["labels"].items():
            eligible, unknown = (
                profile.enterprise.id in ids for ids in (planes.eligible(code), planes.unknown(code))
            )
            forward = "eligible" if eligible else "unknown" if unknown else "not_eligible"
            assert (row["id"], code, forward, WORDS[reverse[code]]) == (
                row["id"],
                code,
                label["label"],
                label["label"],
            )


def test_the_counts_are_those_of_the_command(loaded: Database) -> None:
    assert planes_of(loaded).counts("S034") == {
        Outcome.ELIGIBLE: 6,
        Outcome.NOT_ELIGIBLE: 4,
        Outcome.UNKNOWN: 1,
    }


@pytest.mark.usefixtures("small_blocks")
def test_shares_together_are_the_whole(loaded: Database) -> None:
    with loaded.reading() as db:
        numbers = [*queries.numbers(db)]
    assert len(numbers) == 3
    whole = bits(planes_of(loaded))

    assert {**bits(planes_of(loaded, numbers[:1])), **bits(planes_of(loaded, numbers[1:]))} == whole


@pytest.mark.usefixtures("small_blocks")
def test_what_was_kept_through_changes_is_what_a_rebuild_makes(loaded: Database, owner: Actor) -> None:
    kept = planes_of(loaded)
    with loaded.writing() as db:
        code = next(enterprises.profiles(db)).enterprise.credit_code
        for field, value in (
            ("employees", 3),
            ("is_labor_dispatch", True),
            ("rooftop_pv_mw", "不详"),
            ("new", 1),
        ):
            declare(db, owner, credit_code=code, field=field, value=value)
        newcomer = enterprise("N1", "91510802MA00000000", employees=200, industry_section="C")
        assert import_enterprises(db, None, [json.dumps(newcomer)]).refused == ()
    with loaded.reading() as db:
        for profile in (enterprises.profile(db, code), enterprises.profile(db, "N1")):
            kept.change(profile.enterprise.id, profile.values)

    assert bits(kept) == bits(planes_of(loaded))


def enterprise(name: str, credit_code: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "name": "广元利州云算软件有限公司（样例）",
        "uscc": credit_code,
        "org_type": "企业",
        "region_code": "510802",
        "qualifications": [],
        "stat_entries": [],
        "snapshot_date": "2026-05-31",
        "uscc_override_reason": "仅供测试",
    } | more


def test_a_published_item_tells_who_is_newly_entitled(loaded: Database) -> None:
    kept = planes_of(loaded)
    large = {"all": [{"field": "employees", "op": "ge", "value": 100}]}
    nobody_said = {"all": [large, {"field": "never_heard_of", "op": "ge", "value": 1}]}
    with loaded.reading() as db:
        first = queries.put(db, kept, "NEW", parse(nobody_said))
        second = queries.put(db, kept, "NEW", parse(large))
        wanted = [
            one.enterprise.id for one in enterprises.profiles(db) if (one.values.get("employees") or 0) >= 100
        ]
    gained = [place for found in second for place in found.gained.tolist()]

    assert [found.gained.tolist() for found in first] == [[]]
    assert gained == sorted(wanted)
    assert kept.eligible("NEW").tolist() == gained
    lost = [place for found in kept.withdraw("NEW") for place in found.lost.tolist()]
    assert lost == gained
    assert kept.eligible("NEW").tolist() == []


def test_the_index_is_kept_until_something_is_published(loaded: Database) -> None:
    with loaded.reading() as db:
        _, first = queries.index(db)
        _, again = queries.index(db)
    row = json.loads((DATA / "policies.jsonl").read_text("utf-8").splitlines()[0]) | {
        "id": "X1",
        "title": "另一项",
    }
    with loaded.writing() as db:
        assert import_items(db, None, [json.dumps(row)]).refused == ()
    with loaded.reading() as db:
        items, later = queries.index(db)

    assert first is again
    assert later is not first
    assert "X1" in [item.code for item in items]
