"""What an item brings, by which formula, and the real payments of 2016 to the yuan."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog.conditions.parse import parse
from catalog.conditions.tree import AllOf
from matching.amounts import estimate

DATA = Path(__file__).parents[2] / "data/guangyuan_2016_rent_subsidy.csv"
HALVES = (("县区", Decimal(50)), ("市级", Decimal(50)))
EQUIPMENT = {"field": "tech_reform_equipment_wan", "op": "ge", "value": 500}
SUN = {"field": "rooftop_pv_mw", "op": "ge", "value": 0.1}
TITLE = {"field": "qualifications", "op": "has", "value": {"type": "企业技术中心"}}


def tree(*conditions: Any) -> Any:
    return parse({"all": list(conditions)})


def test_the_payments_of_2016_come_out_to_the_yuan_halves_included() -> None:
    with DATA.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7
    total = 0
    for row in rows:
        benefit = {"kind": "rate", "rate": int(row["rate_pct"]) / 100, "base_field": "annual_rent_yuan"}
        found = estimate(benefit, AllOf(()), {"annual_rent_yuan": int(row["annual_rent_yuan"])}, HALVES)
        halves = int(row["county_subsidy_yuan"]), int(row["city_subsidy_yuan"])
        assert found.parts == (("县区", halves[0] * 100), ("市级", halves[1] * 100)), row["enterprise"]
        assert found.fen is not None
        total += found.fen
    assert total == 2 * 258_567_00


@pytest.mark.parametrize(
    ("benefit", "values", "fen", "formula"),
    [
        ({"kind": "fixed", "amount_yuan": 80000}, {}, 80000_00, "固定标准 8 万元"),
        ({"kind": "fixed", "amount_wan": 8, "text": "最高8万元"}, {}, None, ""),
        (
            {"kind": "rate", "rate": 0.08, "base_field": "tech_reform_equipment_wan", "cap_yuan": 1000000},
            {"tech_reform_equipment_wan": 620},
            496000_00,
            "当年技改购置设备 620 万元 × 8%",
        ),
        (
            {"kind": "rate", "rate": 0.3, "base": "当年技改购置设备", "cap_wan": 100},
            {"tech_reform_equipment_wan": 620},
            1000000_00,
            "当年技改购置设备 620 万元 × 30%，超过上限，按最高 100 万元",
        ),
        ({"kind": "rate", "rate": 0.3, "base": "一年利息"}, {"tech_reform_equipment_wan": 620}, None, ""),
        (
            {"kind": "per_unit", "unit": "兆瓦", "amount_yuan": 100000, "cap_yuan": 200000},
            {"rooftop_pv_mw": 0.55},
            55000_00,
            "屋顶光伏容量 0.55 兆瓦 × 10 万元/兆瓦",
        ),
        (
            {
                "kind": "tiered_rate",
                "tiers": [
                    {"from_wan": 500, "to_wan": 1000, "rate": 0.01}, {"from_wan": 1000, "rate": 0.02},
                ],
            },
            {"tech_reform_equipment_wan": 1000},
            200000_00,
            "当年技改购置设备 1000 万元 × 2%",
        ),
        (
            {
                "kind": "tiered_rate",
                "progressive": True,
                "tiers": [{"to_wan": 500, "rate": 0.1}, {"from_wan": 500, "rate": 0.05}],
            },
            {"tech_reform_equipment_wan": 620},
            560000_00,
            "当年技改购置设备分段计算：500 万元 × 10% + 120 万元 × 5%",
        ),
        (
            {"kind": "tiered", "tiers": [{"from": 500, "amount_wan": 5}]},
            {"tech_reform_equipment_wan": 620},
            50000_00,
            "当年技改购置设备 620 万元，这一档 5 万元",
        ),
        (
            {
                "kind": "tiered",
                "tiers": [{"when": "国家级", "amount_yuan": 500000}, {"when": "省级", "amount_yuan": 1}],
            },
            {"qualifications": [{"type": "企业技术中心", "level": "国家级"}]},
            500000_00,
            "国家级这一档 50 万元",
        ),
        ({"kind": "tiered", "tiers": [{"when": "国家级", "amount_yuan": 1}]}, {}, None, ""),
        ({"kind": "loan", "cap_yuan": 5}, {}, None, ""),
    ],
)  # fmt: skip
def test_every_kind_names_its_formula_or_says_nothing(
    benefit: dict[str, Any], values: dict[str, Any], fen: int | None, formula: str
) -> None:
    found = estimate(benefit, tree(EQUIPMENT, SUN, TITLE), values)
    assert (found.fen, found.formula) == (fen, formula)


def test_what_is_missing_for_a_sum_is_named() -> None:
    benefit = {"kind": "rate", "rate": 0.08, "base_field": "tech_reform_equipment_wan"}
    assert estimate(benefit, AllOf(()), {}).missing == "tech_reform_equipment_wan"


def test_rounding_is_the_one_that_the_item_names() -> None:
    benefit = {"kind": "rate", "rate": 0.333, "base_field": "annual_rent_yuan"}
    values = {"annual_rent_yuan": 1000.05}
    sums = {
        rounding: estimate(benefit | {"rounding": rounding}, AllOf(()), values).fen
        for rounding in ("yuan_down", "yuan_half_up", "fen_down", "fen_half_up", None)
    }
    assert list(sums.values()) == [333_00, 333_00, 333_01, 333_02, 333_00]
    assert "取到元，合计 333 元" in estimate(benefit, AllOf(()), values).formula
