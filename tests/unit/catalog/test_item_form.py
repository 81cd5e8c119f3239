"""An item's own form: read in its kinds, named by field and row, reckoned to the fen."""

from collections.abc import Callable
from typing import Any

import pytest

from catalog import item_form, rows
from foundation.errors import Invalid
from tests.factories.city import item_row

FORM: dict[str, Any] = {
    "fields": [
        {"key": "f1", "label": "项目名称", "kind": "text"},
        {"key": "f2", "label": "开工日期", "kind": "date", "required": False},
        {"key": "f3", "label": "产能", "kind": "number", "unit": "台"},
        {"key": "f4", "label": "类型", "kind": "choice", "choices": ["新建", "扩建"]},
        {"key": "f5", "label": "享受过同类补助", "kind": "yes_no"},
        {
            "key": "f6",
            "label": "设备",
            "kind": "rows",
            "columns": [
                {"key": "c1", "label": "名称", "kind": "text"},
                {"key": "c2", "label": "价款", "kind": "money"},
                {"key": "c3", "label": "购置日期", "kind": "date", "required": False},
            ],
        },
    ],
    "amount": {"of": "f6.c2", "percent": 12.5, "cap_yuan": 500000},
    "declarations": ["材料真实。"],
}
SAID = {
    "answer:f1": ["技改"],
    "answer:f2": ["2026年3月1日"],
    "answer:f3": ["12 台"],
    "answer:f4": ["扩建"],
    "answer:f5": ["否"],
    "answer:f6:c1": ["车床", "", "铣床"],
    "answer:f6:c2": ["620,000.01", "", "80000"],
    "answer:f6:c3": ["2026-02-01", "", ""],
}


def given(said: dict[str, list[str]]) -> Callable[[str], list[str]]:
    return lambda name: said.get(name, [])


def form() -> item_form.ItemForm:
    return item_form.of(item_row(form=FORM))


def test_answers_are_read_in_their_kinds() -> None:
    answers, problems = item_form.read(form(), given(SAID))
    assert problems == []
    assert answers == {
        "f1": "技改",
        "f2": "2026-03-01",
        "f3": "12",
        "f4": "扩建",
        "f5": False,
        "f6": [
            {"c1": "车床", "c2": 62_000_001, "c3": "2026-02-01"},
            {"c1": "铣床", "c2": 8_000_000},
        ],
    }
    assert item_form.missing(form(), answers) == []
    assert ("产能", "12 台") in item_form.shown(form(), answers)
    (table,) = item_form.tables(form(), answers)
    assert table.heads == ("名称", "价款（元）", "购置日期")
    assert table.rows[1] == ("铣床", "80,000", "没有填")


def test_the_amount_is_a_share_of_the_sum_rounded_down_and_capped() -> None:
    answers, _ = item_form.read(form(), given(SAID))
    # 700,000.01 × 12.5% = 87,500.00125
    assert item_form.amount(form(), answers) == 8_750_000
    answers["f6"][0]["c2"] = 9_000_000_00
    assert item_form.amount(form(), answers) == 500_000_00
    assert item_form.amount(form(), {}) is None
    assert item_form.amount(item_form.ItemForm(), answers) is None


def test_what_cannot_be_read_is_named_by_field_and_row() -> None:
    wrong = {
        **SAID,
        "answer:f2": ["明天"],
        "answer:f3": ["许多"],
        "answer:f4": ["改建"],
        "answer:f5": ["也许"],
        "answer:f1": ["长" * 501],
        "answer:f6:c1": ["车床", "", ""],
        "answer:f6:c2": ["六十", "", "80000"],
    }
    _, problems = item_form.read(form(), given(wrong))
    labels = form().labels
    assert [labels[problem.field] for problem in problems] == [
        "项目名称", "开工日期", "产能", "类型", "享受过同类补助", "设备第 1 行，价款", "设备第 3 行，名称",
    ]  # fmt: skip


def test_what_is_missing_is_told_at_once() -> None:
    answers, _ = item_form.read(form(), given({}))
    labels = [problem.field for problem in item_form.missing(form(), answers)]
    assert labels == ["answer:f1", "answer:f3", "answer:f4", "answer:f5", "answer:f6"]


def test_a_sheet_may_have_its_columns_in_any_order() -> None:
    field = form().fields[5]
    grid = [["备注", "价款（元）", "名称", "购置日期"], ["", 620000.0, "车床", ""], ["", "", "", ""]]
    assert item_form.from_sheet(field, grid[:2]) == [("车床", "620000", "")]
    with pytest.raises(Invalid, match="价款"):
        item_form.from_sheet(field, [["名称"], ["车床"]])
    with pytest.raises(Invalid, match="名称"):
        item_form.from_sheet(field, [])


def test_too_many_rows_are_refused() -> None:
    field = form().fields[5]
    kept, problems = item_form.read_rows(field, [("车床", "1", "")] * (item_form.MOST_ROWS + 1))
    assert len(kept) == item_form.MOST_ROWS
    assert "最多" in problems[-1].remedy


@pytest.mark.parametrize(
    "broken",
    [
        "x",
        {"fields": "x"},
        {"fields": [{"key": "f1", "label": "x", "kind": "colour"}]},
        {"fields": [{"key": "f1", "label": "", "kind": "text"}]},
        {"fields": [{"key": "f1", "label": "x", "kind": "choice"}]},
        {"fields": [{"key": "f1", "label": "x", "kind": "rows"}]},
        {"fields": [{"key": "f1", "label": "x", "kind": "text"}] * 2},
        {"fields": ["x"]},
        {"declarations": [1]},
        {**FORM, "amount": {"of": "f1"}},
        {**FORM, "amount": {"of": "f6.c2", "percent": "x"}},
        {**FORM, "amount": 1},
    ],
)
def test_what_is_no_form_refuses_its_row(broken: object) -> None:
    with pytest.raises(Invalid):
        rows.read(1, item_row(form=broken))
    rows.read(1, item_row(form=None))


def test_a_cap_is_read_to_the_fen() -> None:
    capped = item_form.of(item_row(form={**FORM, "amount": {"of": "f6.c2", "cap_yuan": 8.29}}))
    assert capped.amount is not None
    assert capped.amount.cap_fen == 829
