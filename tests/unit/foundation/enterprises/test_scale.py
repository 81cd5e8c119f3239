"""大中小微 by the thresholds of 2017."""

from typing import Any

import pytest

from foundation.enterprises.scale import scale_of


@pytest.mark.parametrize(
    ("industry", "figures", "scale"),
    [
        ("C3982", {"employees": 1000, "revenue_wan": 40000}, "大型"),
        ("C3982", {"employees": 1000, "revenue_wan": 39999}, "中型"),
        ("C3982", {"employees": 320, "revenue_wan": 16000}, "中型"),
        ("C3982", {"employees": 150, "revenue_wan": 3600}, "小型"),
        ("C3982", {"employees": 500, "revenue_wan": 299}, "微型"),
        ("F5212", {"employees": 58, "revenue_wan": 5600}, "中型"),
        ("E4710", {"revenue_wan": 6000, "assets_wan": 4999}, "小型"),
        ("I6513", {"employees": 130, "revenue_wan": 2600.5}, "中型"),
        ("G5910", {"employees": 1000, "revenue_wan": 30000}, "大型"),
        ("G5920", {"employees": 150, "revenue_wan": 30000}, "中型"),
        ("M7320", {"employees": 9}, "微型"),
    ],
)
def test_the_lowest_class_of_any_indicator_counts(industry: str, figures: dict[str, Any], scale: str) -> None:
    found = scale_of({"industry_code": industry, **figures})

    assert found == (scale, ("industry_code", *figures))


@pytest.mark.parametrize(
    "values",
    [
        {"industry_code": "C3982", "employees": 150},
        {"industry_code": "C3982", "employees": 150, "revenue_wan": None},
        {"industry_code": "C3982", "employees": True, "revenue_wan": 10},
        {"industry_code": "A0511", "revenue_wan": 10},  # 专业及辅助性活动 is left out by the rules
        {"industry_code": "J6620", "employees": 10, "revenue_wan": 10},
        {"employees": 10, "revenue_wan": 10},
    ],
)
def test_what_is_not_known_is_not_guessed(values: dict[str, Any]) -> None:
    assert scale_of(values) is None
