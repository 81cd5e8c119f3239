"""One row of a file: what is understood, and what is refused with its field and a remedy."""

import json
from typing import Any

import pytest

from catalog import rows
from catalog.rules import Channel, OutcomeKind, Scope
from foundation.errors import Invalid

ROW: dict[str, Any] = {
    "id": "T001",
    "title": "样例：技术改造补助",
    "type": "综合评审",
    "region_code": "510800",
    "department": "市经济和信息化局",
    "conditions": {
        "all": [
            {"field": "org_type", "op": "in", "value": ["企业", "个体工商户"]},
            {"field": "employees", "op": "ge", "value": 10},
        ]
    },
    "benefit": {"kind": "rate", "rate": 0.1, "text": "10%"},
    "window": {"start": "2026-01-01", "end": "2026-12-31"},
}


def refused(**changes: Any) -> set[str]:
    with pytest.raises(Invalid) as refusal:
        rows.read(7, {**ROW, **changes})
    for problem in refusal.value.problems:
        assert (problem.row, bool(problem.message), bool(problem.remedy)) == (7, True, True)
    return {problem.field for problem in refusal.value.problems}


def test_a_row_is_kept_as_it_was_given() -> None:
    draft = rows.read(1, json.dumps({**ROW, "unheard_of": {"z": 1, "a": [1.0, "é"]}}, ensure_ascii=False))
    assert json.loads(draft.source) == {**ROW, "unheard_of": {"z": 1, "a": [1.0, "é"]}}
    assert list(json.loads(draft.source)) == [*ROW, "unheard_of"]
    assert draft.applicant_kinds == ("企业", "个体工商户")
    assert (draft.scope, draft.outcome, draft.channel) == (Scope.LOCAL, OutcomeKind.MONEY, Channel.PORTAL)


def test_the_order_of_keys_changes_nothing() -> None:
    assert rows.digest_of(ROW) == rows.digest_of(dict(reversed(ROW.items())))
    assert rows.digest_of(ROW) != rows.digest_of({**ROW, "title": "别的"})


def test_null_is_unknown_and_refuses_nothing() -> None:
    empty = dict.fromkeys(ROW, None) | {"id": "T002", "title": "只有名称"}
    draft = rows.read(1, empty)
    assert (draft.mode_label, draft.region_code, draft.department, draft.conditions) == (None,) * 4
    assert draft.applicant_kinds == ()


def test_what_a_row_says_of_itself_wins() -> None:
    more = {
        "scope": "市县联办",
        "outcome": "certificate",
        "channel": "到主管部门办理",
        "applicant_kinds": ["自然人"],
    }
    draft = rows.read(1, {**ROW, **more, "time_limit": 30, "region_code": 510800, "id": 12})
    assert (draft.scope, draft.outcome, draft.channel) == (
        Scope.JOINT,
        OutcomeKind.CERTIFICATE,
        Channel.BUREAU,
    )
    assert (draft.applicant_kinds, draft.time_limit) == (("自然人",), "30")
    assert (draft.region_code, draft.code) == ("510800", "12")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": None}, "id"),
        ({"id": "a/b"}, "id"),
        ({"id": True}, "id"),
        ({"title": ""}, "title"),
        ({"title": "  "}, "title"),
        ({"title": 5}, "title"),
        ({"title": "长" * 301}, "title"),
        ({"type": ["综合评审"]}, "type"),
        ({"region_code": "5108"}, "region_code"),
        ({"region_code": True}, "region_code"),
        ({"department": 3}, "department"),
        ({"conditions": {"all": [{"field": "employees", "op": "≥", "value": 1}]}}, "conditions.all[0].op"),
        ({"conditions": "全部企业"}, "conditions"),
        ({"benefit": "8万元"}, "benefit"),
        ({"benefit": {"kind": 3}}, "benefit.kind"),
        ({"benefit": {"kind": "fixed", "amount_yuan": "8万"}}, "benefit.amount_yuan"),
        ({"benefit": {"kind": "fixed", "amount_yuan": -1}}, "benefit.amount_yuan"),
        ({"benefit": {"kind": "tiered", "tiers": [{"amount_wan": True}]}}, "benefit.tiers[0].amount_wan"),
        ({"benefit": {"kind": "tiered", "tiers": "三档"}}, "benefit.tiers"),
        ({"window": "全年"}, "window"),
        ({"window": {"start": "2026-02-30"}}, "window.start"),
        ({"window": {"start": "2026-6-1"}}, "window.start"),
        ({"window": {"start": "2026-06-02", "end": "2026-06-01"}}, "window.end"),
        ({"validity": {"from": 2026}}, "validity.from"),
        ({"materials": "营业执照"}, "materials"),
        ({"materials": [{"form": "原件"}]}, "materials[0].name"),
        ({"topics": [1]}, "topics"),
        ({"scope": "镇级"}, "scope"),
        ({"sources": [{"source": "市级", "percent": 60}]}, "sources"),
        ({"sources": [{"percent": 100}]}, "sources"),
        ({"guide": "见附件"}, "guide"),
        ({"guide": {"review_workdays": 0}}, "guide.review_workdays"),
        ({"guide": {"flow": [{"limit": "1 天"}]}}, "guide.flow"),
        ({"time_limit": ["30 天"]}, "time_limit"),
    ],
)
def test_each_fault_names_its_field(changes: dict[str, Any], field: str) -> None:
    assert refused(**changes) == {field}


@pytest.mark.parametrize("name", rows.REQUIRED)
def test_a_missing_column_is_named(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rows.read(3, {key: value for key, value in ROW.items() if key != name})
    assert [(problem.field, problem.row) for problem in refusal.value.problems] == [(name, 3)]


def test_every_fault_of_a_row_is_told_at_once() -> None:
    assert refused(title="", window="全年", region_code="x") == {"title", "window", "region_code"}


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "T001"',
        "[1, 2]",
        '"text"',
        '{"id": "T", "x": NaN}',
        '{"id": "T", "x": 1e999}',
        '{"id": "T", "x": "\\ud800"}',
        '{"id": "T", "x": "\\u0000"}',
        "[" * 50_000,
        '{"id": "' + "长" * rows.LONGEST_ROW + '"}',
    ],
)
def test_a_line_that_is_no_item_is_refused_as_a_whole(line: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rows.read(9, line)
    assert [(problem.field, problem.row) for problem in refusal.value.problems] == [("row", 9)]


def test_the_first_of_several_departments_leads() -> None:
    assert rows.lead_department("县财政局、县经科局、大英经开区") == "县财政局"
    assert rows.lead_department("、") == "、"


def test_one_kind_of_applicant_may_stand_alone() -> None:
    alone = {"field": "org_type", "op": "eq", "value": "企业"}
    assert rows.read(1, {**ROW, "conditions": alone}).applicant_kinds == ("企业",)
