"""What a column keeps, and what it says of a leaf where values are many, odd or late."""

from typing import Any

import pytest

import matching.planes.columns
from catalog.conditions.parse import parse
from catalog.conditions.tree import Compare, Has, OneOf, Within
from catalog.conditions.truth import holds
from matching.planes.bitmaps import holding, positions
from matching.planes.columns import Column
from matching.planes.pieces import Pieces

WORDS = 4
ODD: list[Any] = [
    None,
    True,
    False,
    "",
    "2025-06",
    "２０２５",
    [],
    [{"type": "甲"}],
    {"a": 1},
    2**60,
    float("inf"),
]


def said(column: Column, condition: dict[str, Any], count: int) -> tuple[list[int], list[int]]:
    leaf = parse(condition)
    assert isinstance(leaf, Compare | OneOf | Within | Has)
    ((surely, never),) = column.bitmaps([Pieces(leaf)], holding(range(count), WORDS))
    return positions(surely).tolist(), positions(never).tolist()


def wanted(values: list[Any], condition: dict[str, Any]) -> tuple[list[int], list[int]]:
    leaf = parse(condition)
    assert isinstance(leaf, Compare | OneOf | Within | Has)
    truths = [holds(leaf, {leaf.field: value}) for value in values]
    return tuple([at for at, truth in enumerate(truths) if truth is side] for side in (True, False))  # type: ignore[return-value]


@pytest.mark.parametrize(
    "condition",
    [
        {"field": "f", "op": "gt", "value": 5},
        {"field": "f", "op": "le", "value": 5.5},
        {"field": "f", "op": "lt", "value": 2**60},
        {"field": "f", "op": "eq", "value": 5},
        {"field": "f", "op": "eq", "value": True},
        {"field": "f", "op": "ge", "value": "2025-06"},
        {"field": "f", "op": "in", "value": ["乙", 7, "510802"]},
        {"field": "f", "op": "within", "value": "510800"},
        {"field": "f", "op": "has", "value": {"type": "甲"}},
    ],
    ids=lambda condition: f"{condition['op']} {condition['value']}",
)
def test_any_mixture_of_values_reads_as_the_leaf_itself(condition: dict[str, Any]) -> None:
    values = [
        *ODD,
        4,
        5,
        5.0,
        5.5,
        6,
        7,
        -1,
        "甲",
        "乙",
        "510802",
        "510900",
        "2025-05-31",
        "2025-06-30",
        "2025-07-01",
    ]

    assert said(Column(values, WORDS), condition, len(values)) == wanted(values, condition)


@pytest.mark.parametrize("values", [[n % 97 for n in range(200)], [f"企业{n % 97}" for n in range(200)]])
def test_a_long_list_of_options_is_looked_up(values: list[Any]) -> None:
    condition = {"field": "f", "op": "in", "value": values[:90:2]}

    assert said(Column(values, WORDS), condition, 200) == wanted(values, condition)


def test_values_come_back_as_they_mean() -> None:
    values = [*ODD, 5, "甲", "510802", "2025-05-31"]

    assert [*Column(values, WORDS).values()][: len(values)] == values


def test_a_later_value_is_taken_in_and_a_like_one_changes_nothing() -> None:
    column = Column([1, 2, "甲"], WORDS)

    assert not column.put(0, 1.0)
    assert column.put(0, True)
    assert column.put(1, 3)
    assert column.put(2, None)
    assert column.put(3, "乙")
    now = [True, 3, None, "乙"]
    assert [*column.values()][:4] == now
    condition = {"field": "f", "op": "ge", "value": 2}
    assert said(column, condition, 4) == wanted(now, condition)


def test_entries_that_change_are_asked_anew() -> None:
    column = Column([[{"type": "甲"}], []], WORDS)
    condition = {"field": "f", "op": "has", "value": {"type": "甲"}}
    assert said(column, condition, 2) == ([0], [1])

    column.put(1, [{"type": "甲"}])

    assert said(column, condition, 2) == ([0, 1], [])


def test_late_values_are_sorted_in_before_the_codes_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching.planes.columns, "MOST_CODES", 12)
    column = Column([1, 2, 3], WORDS)

    for value in range(100):
        column.put(1, value)

    assert column.end <= 12
    assert [*column.values()][:3] == [1, 99, 3]


def test_whole_numbers_beyond_floats_keep_apart() -> None:
    values = [2**53, 2**53 + 1, 2**53 + 2, 10**400]
    for wanted_value in values:
        condition = {"field": "f", "op": "ge", "value": wanted_value}
        assert said(Column(values, WORDS), condition, 4) == wanted(values, condition)
