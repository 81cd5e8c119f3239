"""10,500 items of the trade over 30 regions, and six kinds of query: by template, from fixed seeds."""

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pypinyin import lazy_pinyin

from catalog import rules, wording
from catalog.rules import Span
from catalog.shelf import ListedItem, SearchedText
from foundation.accounts.reference import CITY

VOCABULARY: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
CORES: list[str] = VOCABULARY["cores"]
REGIONS: list[str] = list(VOCABULARY["regions"])
YEARS = ["2022年", "2023年", "2024年", "2025年", "2026年"]
PURPOSES = ["申报", "兑现", "资金", "项目", "政策", "申领"]
PAPERS = ["实施细则", "若干措施", "通知", "办法"]
DEMANDS = ["正常经营满一年", "纳入统计库", "信用良好", "无重大安全环保事故"]
APPLICANTS = ["企业", "中小微企业", "规模以上企业", "个体工商户", "农民合作社"]
MOST = ["一次性", "最高", "每年"]
FIGURES = [1, 2, 5, 10, 20, 30, 50, 100, 200]
EACH = 120


@dataclass(frozen=True, slots=True)
class Sample:
    """One item, with what it is at the core and for whom."""

    title: str
    summary: str
    core: str
    region: str


@dataclass(frozen=True, slots=True)
class Question:
    """A text as someone would type it, and the items that answer it."""

    kind: str
    text: str
    relevant: frozenset[int]


def samples(count: int = 10_500, seed: int = 3) -> list[Sample]:
    """The items."""
    dice = random.Random(seed)
    pairs = [(core, region) for core in CORES for region in REGIONS]
    dice.shuffle(pairs)
    return [_sample(dice, *pairs[at % len(pairs)]) for at in range(count)]


def _sample(dice: random.Random, core: str, region: str) -> Sample:
    share = dice.random()
    if share < 0.35:
        title = f"{region}{core}"
    elif share < 0.55:
        title = f"{region}{dice.choice(YEARS)}{core}"
    elif share < 0.7:
        title = f"{core}({region})"
    elif share < 0.9:
        title = f"{region}{core}{dice.choice(PURPOSES)}"
    else:
        title = f"{region}关于{core}的{dice.choice(PAPERS)}"
    summary = (
        f"对在{region}行政区域内依法登记注册、{dice.choice(DEMANDS)}的{dice.choice(APPLICANTS)}，"
        f"符合{core}条件的，给予{dice.choice(MOST)}{dice.choice(FIGURES)}万元{core[-2:]}。"
        f"由{dice.choice(VOCABULARY['departments'])}负责，实行{dice.choice(VOCABULARY['modes'])}。"
    )
    return Sample(title, summary, core, region)


def listed(found: list[Sample]) -> tuple[list[ListedItem], list[SearchedText]]:
    """The same as the search reads them."""
    return [_listed(at, one) for at, one in enumerate(found)], [
        SearchedText(one.summary, "", "") for one in found
    ]


def _listed(at: int, one: Sample) -> ListedItem:
    code = VOCABULARY["regions"][one.region]
    return ListedItem(
        code=f"{at:05d}",
        title=one.title,
        mode="review",
        mode_label="综合评审",
        level=None,
        department_name=None,
        region_code=code,
        region_name=one.region,
        foreign=not rules.applies_here(code, CITY),
        window=Span(),
        validity=Span(),
        amount=wording.Amount(""),
        needs=(),
        topics=(),
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def questions(found: list[Sample], seed: int = 5) -> list[Question]:
    """The six kinds of query."""
    dice = random.Random(seed)
    by_core: dict[str, set[int]] = defaultdict(set)
    by_both: dict[tuple[str, str], set[int]] = defaultdict(set)
    for at, one in enumerate(found):
        by_core[one.core].add(at)
        by_both[one.core, one.region].add(at)
    asked = [
        *_exact(dice, found, by_both),
        *_partial(dice, found, by_core),
        *(("typo", _mistyped(dice, core), by_core[core]) for core in _cores(dice, found, EACH)),
        *(("pinyin", "".join(lazy_pinyin(core)), by_core[core]) for core in _cores(dice, found, EACH // 2)),
        *(("initials", _initials(core), by_core[core]) for core in _cores(dice, found, EACH // 2)),
        *(
            ("spoken", said, by_core[core])
            for core, ways in VOCABULARY["spoken"].items()
            for said in ways
        ),
    ]  # fmt: skip
    return [Question(kind, text, frozenset(relevant)) for kind, text, relevant in asked]


Asked = Iterator[tuple[str, str, set[int]]]


def _cores(dice: random.Random, found: list[Sample], count: int) -> Iterator[str]:
    for _ in range(count):
        yield dice.choice(found).core


def _exact(dice: random.Random, found: list[Sample], by_both: dict[tuple[str, str], set[int]]) -> Asked:
    for _ in range(EACH):
        one = dice.choice(found)
        yield "exact", one.title, by_both[one.core, one.region]


def _partial(dice: random.Random, found: list[Sample], by_core: dict[str, set[int]]) -> Asked:
    for _ in range(EACH):
        one = dice.choice(found)
        length = max(3, int(len(one.core) * dice.uniform(0.5, 0.8)))
        start = dice.randint(0, len(one.core) - length)
        part = one.core[start : start + length]
        relevant = {at for core in by_core if part in core for at in by_core[core]}
        yield "partial", one.region[:2] + part if dice.random() < 0.5 else part, relevant


def _homophones() -> dict[str, list[str]]:
    letters = {letter for core in CORES for letter in core} | set(VOCABULARY["homophones"])
    by_sound: dict[str, list[str]] = defaultdict(list)
    for letter in sorted(letters):
        by_sound[lazy_pinyin(letter)[0]].append(letter)
    return by_sound


HOMOPHONES = _homophones()


def _mistyped(dice: random.Random, core: str) -> str:
    letters = list(core)
    for _ in range(1 if len(letters) < 7 else 2):
        at, share = dice.randrange(len(letters)), dice.random()
        others = [each for each in HOMOPHONES.get(lazy_pinyin(letters[at])[0], []) if each != letters[at]]
        if share < 0.6 and others:
            letters[at] = dice.choice(others)
        elif 0.6 <= share < 0.8 and len(letters) > 4:
            del letters[at]
        else:
            letters[at], letters[at - 1] = letters[at - 1], letters[at]
    return "".join(letters)


def _initials(core: str) -> str:
    return "".join(sound[0] for sound in lazy_pinyin(core))
