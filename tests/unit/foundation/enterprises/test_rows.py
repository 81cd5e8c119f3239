"""Reading one line of an enterprises file: what is taken, and what the refusal says."""

import json
from datetime import date
from typing import Any

import pytest

from foundation.enterprises.rules import Kind, Row, credit_code_problem, kind_of, read_row

GOOD: dict[str, Any] = {
    "id": "Q01", "name": "遂宁船山线路板有限公司（样例）", "uscc": "91510903MAK3M05759",
    "region_code": "510903", "industry_code": "C3982", "org_type": "企业", "established_on": "2017-05-10",
    "employees": 150, "qualifications": [{"type": "节水型企业"}], "stat_entries": [],
    "serious_dishonest": False, "scale": "小型",
    "attributes": {"rooftop_pv_mw": 0.5, "layoff_rate_pct": None}, "snapshot_date": "2025-06-30",
}  # fmt: skip


def read(**changes: Any) -> tuple[Row | None, list[str]]:
    row, problems = read_row(7, json.dumps({**GOOD, **changes}))
    assert all(problem.row == 7 and problem.message and problem.remedy for problem in problems)
    return row, [problem.field for problem in problems]


def taken(**changes: Any) -> Row:
    row, problems = read(**changes)
    assert row is not None
    assert not problems
    return row


def test_a_row_keeps_identity_apart_from_open_facts() -> None:
    row = taken(never_met_before={"a": [1]})

    assert (row.external_id, row.credit_code, row.kind) == ("Q01", "91510903MAK3M05759", Kind.ENTERPRISE)
    assert row.snapshot_date == date(2025, 6, 30)
    assert row.facts["rooftop_pv_mw"] == 0.5
    assert row.facts["never_met_before"] == {"a": [1]}
    assert row.facts["layoff_rate_pct"] is None
    assert not {"id", "uscc", "name", "attributes"} & row.facts.keys()


def test_unknown_is_no_fault() -> None:
    unknown = dict.fromkeys(GOOD.keys() - {"uscc", "name"})

    row = taken(**unknown)

    assert row.region_code is row.established_on is row.snapshot_date is row.external_id is None


def test_an_own_column_goes_before_an_attribute_unless_it_is_null() -> None:
    assert taken(employees=10, attributes={"employees": 20}).facts["employees"] == 10
    assert taken(employees=None, attributes={"employees": 20}).facts["employees"] == 20
    assert taken(attributes={"name": "another"}).name == GOOD["name"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"uscc": None}, "uscc"),
        ({"uscc": "9151090"}, "uscc"),
        ({"uscc": 91510903}, "uscc"),
        ({"name": ""}, "name"),
        ({"name": 5}, "name"),
        ({"name": "长" * 201}, "name"),
        ({"id": ["Q"]}, "id"),
        ({"id": True}, "id"),
        ({"id": ""}, "id"),
        ({"region_code": "5109"}, "region_code"),
        ({"region_code": True}, "region_code"),
        ({"established_on": "2017-13-01"}, "established_on"),
        ({"established_on": 2017}, "established_on"),
        ({"snapshot_date": "去年"}, "snapshot_date"),
        ({"snapshot_date": "2025"}, "snapshot_date"),
        ({"employees": "约 150"}, "employees"),
        ({"employees": True}, "employees"),
        ({"serious_dishonest": "否"}, "serious_dishonest"),
        ({"qualifications": "高新技术企业"}, "qualifications"),
        ({"stat_entries": ["规上工业"]}, "stat_entries"),
        ({"scale": "很大"}, "scale"),
        ({"attributes": [1]}, "attributes"),
        ({"attributes": {"": 1}}, ""),
        ({"attributes": {"长" * 81: 1}}, "长" * 80),
        ({"attributes": {"x": "\u0000"}}, "row"),
        ({"attributes": {"x": "\ud800"}}, "row"),
    ],
)
def test_a_fault_is_named_with_row_field_and_remedy(changes: dict[str, Any], field: str) -> None:
    row, fields = read(**changes)

    assert row is None
    assert fields == [field]


@pytest.mark.parametrize(
    "line", ["{", "[]", "1", '{"employees": NaN}', "[" * 100_000, '{"employees": 1e999}']
)
def test_what_is_no_object_is_refused(line: str) -> None:
    row, problems = read_row(3, line)

    assert row is None
    assert [(problem.row, problem.field) for problem in problems] == [(3, "row")]


def test_a_month_or_a_year_of_founding_is_kept_as_it_was_given() -> None:
    assert taken(established_on="2017-05").established_on == "2017-05"
    assert taken(established_on="2017").established_on == "2017"
    assert taken(region_code=510903).region_code == "510903"


# the codes were seen in public; the second is real and fails GB 32100 all the same
@pytest.mark.parametrize(("code", "holds"), [("91310115591693856A", True), ("91350211M00013FA1N", False)])
def test_the_check_digit_is_asked_for_unless_someone_gives_a_reason(code: str, holds: bool) -> None:
    row = taken(uscc=f" {code.lower()} ")
    problem = credit_code_problem(row, None)

    assert row.credit_code == code
    assert (problem is None) is holds
    assert problem is None or (problem.row, problem.id, problem.field) == (7, "Q01", "uscc")
    assert credit_code_problem(row, "执照原件如此") is None
    assert credit_code_problem(taken(uscc=code, uscc_override_reason="早期试点发码"), None) is None


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("个体工商户", Kind.SOLE_TRADER),
        ("基金会", Kind.SOCIAL),
        ("行会", Kind.ENTERPRISE),
        (None, Kind.ENTERPRISE),
    ],
)
def test_every_word_for_an_applicant_has_a_kind(word: object, kind: Kind) -> None:
    assert kind_of(word) is kind
