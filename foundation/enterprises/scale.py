"""大中小微 by 国统字〔2017〕213号: the lowest class that any indicator of the industry gives."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

SCALES = ("大型", "中型", "小型", "微型")
FLOORS = ("large_min", "medium_min", "small_min")


@cache
def _rows() -> list[dict[str, Any]]:
    text = files("foundation.enterprises").joinpath("scale_rules.json").read_text(encoding="utf-8")
    return list(json.loads(text)["rows"])


@cache
def inputs() -> frozenset[str]:
    """The facts on which a class may rest."""
    return frozenset(indicator["field"] for row in _rows() for indicator in row["indicators"])


def indicators_of(industry_code: str) -> list[dict[str, Any]]:
    """What counts in an industry (C3982), by its most exact row; nothing where the rules do not cover it."""
    best, found = 0, []
    for row in _rows():
        if any(industry_code.startswith(code) for code in row["exclude"]):
            continue
        for code in row["codes"]:
            if industry_code.startswith(code) and len(code) > best:
                best, found = len(code), row["indicators"]
    return list(found)


def scale_of(values: Mapping[str, Any]) -> tuple[str, tuple[str, ...]] | None:
    """The class by the thresholds and the fields it rests on; None where any of them is not known."""
    code = values.get("industry_code")
    indicators = indicators_of(code) if isinstance(code, str) else []
    figures = [values.get(indicator["field"]) for indicator in indicators]
    if not indicators or not all(_is_number(figure) for figure in figures):
        return None
    classes = [_class(figure, row) for figure, row in zip(figures, indicators, strict=True)]
    return SCALES[max(classes)], ("industry_code", *(indicator["field"] for indicator in indicators))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _class(figure: Any, indicator: Mapping[str, Any]) -> int:
    return next((rank for rank, floor in enumerate(FLOORS) if figure >= indicator[floor]), len(FLOORS))
