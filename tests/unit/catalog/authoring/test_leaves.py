"""A condition as somebody types it: the fact that was meant, the value in its own kind, or what to write."""

from typing import Any

import pytest

from catalog.authoring import leaves
from catalog.conditions import sentence
from catalog.conditions.parse import parse
from catalog.conditions.tree import Op
from foundation.errors import Invalid

KNOWN = leaves.known_fields()


@pytest.mark.parametrize(
    ("name", "op", "said", "value", "words"),
    [
        ("employees", Op.GE, "1,200 人", 1200, "从业人员 1200 人及以上"),
        ("region_code", Op.WITHIN_ANY, "利州区、510811", ["510802", "510811"], "注册在"),
        ("serious_dishonest", Op.EQ, "否", False, "没有被列入严重违法失信名单"),
        ("established_on", Op.LE, "2025年6月30日", "2025-06-30", "成立日期不晚于 2025年6月30日"),
        ("scale", Op.IN, "小型，微型", ["小型", "微型"], "企业规模为小型或微型"),
        ("qualifications", Op.HAS, "高新技术企业", {"type": ["高新技术企业"]}, "获得“高新技术企业”"),
    ],
)
def test_what_is_typed_becomes_a_condition(name: str, op: Op, said: str, value: Any, words: str) -> None:
    leaf = leaves.leaf(name, op, said)
    assert leaf == {"field": name, "op": op.value, "value": value}
    assert sentence.in_words(parse(leaf)).startswith(words)
    assert leaves.leaf(name, op, leaves.said_of(leaf)) == leaf


@pytest.mark.parametrize(
    ("name", "op", "said", "why"),
    [
        ("employees", Op.GE, "很多", "要填数字"),
        ("employees", Op.GE, "", "还没有填"),
        ("serious_dishonest", Op.EQ, "可能", "只能是或否"),
        ("serious_dishonest", Op.GE, "是", "不能比大小"),
        ("established_on", Op.LE, "去年", "要填日期"),
        ("scale", Op.EQ, "巨型", "没有“巨型”"),
        ("region_code", Op.WITHIN_ANY, "月球", "不认识地区"),
    ],
)
def test_what_cannot_be_read_is_named(name: str, op: Op, said: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        leaves.leaf(name, op, said)


def test_a_fact_is_found_by_its_words_and_guessed_when_mistyped() -> None:
    assert leaves.find("从业人员", KNOWN) == "employees"
    assert leaves.find("employees", KNOWN) == "employees"
    assert leaves.find("从业人数", KNOWN) is None
    assert "从业人员" in [meant.label for meant in leaves.did_you_mean("从业人数", KNOWN)]
    assert leaves.did_you_mean("employes", KNOWN)[0].name == "employees"


def test_a_new_fact_says_its_type_its_unit_and_its_source() -> None:
    new = leaves.declare("屋顶光伏装机容量", "number", "兆瓦", "市发改委备案数据")
    leaf = leaves.leaf(new["field"], Op.GE, "0.5", new)
    assert sentence.in_words(parse(leaf)) == "屋顶光伏装机容量 0.5 兆瓦及以上"
    yes = leaves.declare("已入驻孵化器", "yes_no", "", "科技局名单")
    assert sentence.in_words(parse(leaves.leaf(yes["field"], Op.EQ, "是", yes))) == "已入驻孵化器"
    for label, kind, unit, source in (
        ("装机", "number", "", "x"), ("装机", "number", "兆", "x"), ("装机", "number", "兆瓦", ""),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            leaves.declare(label, kind, unit, source)


def test_facts_of_a_case_are_read_as_a_profile_has_them() -> None:
    source = {
        "fields": [{"field": "装机容量_兆瓦", "label": "装机容量", "kind": "number", "unit": "兆瓦"}],
        "conditions": {"all": [{"field": "new_thing", "op": "eq", "value": True}]},
    }
    assert leaves.fact("装机容量_兆瓦", source, "0.5 兆瓦") == 0.5
    assert leaves.fact("new_thing", source, "是") is True
    assert leaves.fact("region_code", source, "利州区") == "510802"
    assert leaves.fact("qualifications", source, "高新技术企业") == [{"type": "高新技术企业"}]
    assert leaves.fact_said([{"type": "高新技术企业"}]) == "高新技术企业"
    assert leaves.fact_said(True) == "是"
