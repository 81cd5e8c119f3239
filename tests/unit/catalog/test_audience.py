"""For whom an item is: what the conditions ask outright, and nothing that they leave open."""

from typing import Any

import pytest

from catalog.audience import Audience, audience
from catalog.conditions.parse import parse

INDUSTRY = {"field": "industry_section", "op": "in", "value": ["B", "C", "D"]}
TRADE = {"field": "industry_section", "op": "eq", "value": "F"}
TEXTILES = {"field": "industry_division", "op": "in", "value": ["C17", "C18"]}
SMALL = {"field": "scale", "op": "in", "value": ["微型", "小型"]}
PEOPLE = {"field": "employees", "op": "ge", "value": 10}


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (None, Audience()),
        (PEOPLE, Audience()),
        ({"all": [INDUSTRY, PEOPLE, SMALL]}, Audience(("B", "C", "D"), ("小型", "微型"))),
        ({"all": [INDUSTRY, TEXTILES]}, Audience(("C",))),
        ({"any": [TRADE, TEXTILES]}, Audience(("C", "F"))),
        ({"any": [TRADE, PEOPLE]}, Audience()),
        ({"not": TRADE}, Audience()),
        ({"field": "industry_section", "op": "eq", "value": "9"}, Audience()),
    ],
)
def test_what_is_asked_outright(conditions: Any, expected: Audience) -> None:
    assert audience(parse(conditions)) == expected
