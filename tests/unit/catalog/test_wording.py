"""Amounts, standards, windows and limits as people read them."""

from datetime import date
from typing import Any

import pytest

from catalog import wording
from catalog.rules import Span
from catalog.wording import Limit, Tier

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("benefit", "words"),
    [
        ({"kind": "fixed", "amount_yuan": 80000, "text": "一次性8万元"}, "8 万元"),
        ({"kind": "fixed", "amount_yuan": 100000, "text": "最高10万元"}, "最高 10 万元"),
        ({"kind": "rate", "rate": 0.006, "base": "投入", "cap_yuan": 2000000}, "最高 200 万元"),
        ({"kind": "rate", "rate": 0.006, "base": "投入"}, "投入的 0.6%"),
        ({"kind": "rate", "rate": 1}, "100%"),
        ({"kind": "tiered", "tiers": [{"amount_yuan": 3000}, {"amount_wan": 3}]}, "最高 3 万元"),
        ({"kind": "per_unit", "unit": "兆瓦", "amount_yuan": 100000}, "每兆瓦 10 万元"),
        ({"kind": "other", "text": "见文件"}, "按标准核定"),
        ({"amount_yuan": "八万", "rate": True}, "按标准核定"),
        ({}, "按标准核定"),
    ],
)
def test_the_amount(benefit: dict[str, Any], words: str) -> None:
    assert wording.amount(benefit).words == words


def test_the_steps_of_a_standard() -> None:
    steps = [
        {"from_wan": 500, "to_wan": 1000, "rate": 0.01},
        {"from_wan": 1000, "rate": 0.02, "cap_yuan": 2000000},
        {"to": 3, "amount_yuan": 50000},
        {"when": "国家级", "text": "另议"},
        {"amount_yuan": None},
        "不是一档",
    ]
    assert wording.tiers({"tiers": steps}) == (
        Tier("500 万元至 1000 万元（不含）", "1%"),
        Tier("1000 万元及以上", "2%，最高 200 万元"),
        Tier("不到 3", "5 万元"),
        Tier("国家级", "另议"),
        Tier("见政策原文", "见政策原文"),
    )


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("30 个工作日", Limit(30, True)),
        ("30工作日", Limit(30, True)),
        ("90天", Limit(90, False)),
        ("即时兑付", None),
        ("受理 1 个工作日，审核 10 个工作日", None),
        ("0 天", None),
        (None, None),
    ],
)
def test_a_limit_keeps_its_own_unit(text: str | None, limit: Limit | None) -> None:
    assert wording.limit(text) == limit


def test_a_limit_reads_with_its_unit() -> None:
    assert (str(Limit(30, True)), str(Limit(90, False))) == ("30 个工作日", "90 天")


@pytest.mark.parametrize(
    ("span", "words", "detail"),
    [
        (Span(), "没有限定时间", "以主管部门公告为准"),
        (Span(date(2026, 6, 1), date(2026, 6, 30)), "2026年6月1日至30日", "还有 29 天截止"),
        (Span(None, TODAY), "2026年6月1日前", "今天截止"),
        (Span(None, date(2026, 5, 31)), "2026年5月31日前", "已截止"),
        (Span(date(2026, 7, 1), None), "2026年7月1日起", "还有 30 天开始"),
        (Span(date(2026, 5, 1), None), "2026年5月1日起", ""),
    ],
)
def test_when_to_apply(span: Span, words: str, detail: str) -> None:
    assert wording.window(span, TODAY) == wording.Amount(words, detail)


def test_how_long_it_is_in_force() -> None:
    assert wording.validity(Span(TODAY, date(2026, 6, 30))) == "2026年6月1日至30日"
    assert wording.validity(Span(None, TODAY)) == "至2026年6月1日"
    assert wording.validity(Span(TODAY, None)) == "2026年6月1日起"
    assert wording.validity(Span()) == "来源没有写明"


def test_whatever_stands_where_a_text_belongs() -> None:
    assert wording.in_text([" 一 ", None, {"不": "是"}, 2]) == "一；2"
    assert wording.in_text(True) == ""
