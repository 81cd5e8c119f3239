"""The verdict equals a naive walk over the raw JSON, on whatever trees and profiles can be made up."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.conditions.parse import parse
from catalog.conditions.sentence import in_words, sentences
from catalog.conditions.verdict import Outcome, judge

NUMBERS = st.sampled_from([0, 1, 2, 5, 5.5, 30, 500])
TEXTS = st.sampled_from(["企业", "小型", "省级"])
DAYS = st.sampled_from(["2024-01-01", "2024-12-31", "2025-06-30"])
REGIONS = st.sampled_from(["100000", "510000", "510800", "510802", "510811", "441900", "340000"])
YES_NO = st.booleans()


def leaf(fields: str, ops: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"field": st.sampled_from(fields.split()), "op": st.sampled_from(ops), "value": values}
    )


pytestmark = pytest.mark.many_examples
TITLES = st.fixed_dictionaries(
    {"type": st.sampled_from(["甲", "乙"])},
    optional={
        "level": st.lists(st.sampled_from(["省级", "市级"]), min_size=1, max_size=2),
        "first_time": YES_NO,
        "obtained_from": DAYS,
        "obtained_to": DAYS,
    },
)
ENTRIES = st.fixed_dictionaries(
    {"type": st.sampled_from(["甲", "乙", None])},
    optional={
        "level": st.sampled_from(["省级", "市级", None]),
        "first_time": st.none() | YES_NO,
        "obtained_on": st.none() | DAYS,
    },
)
LEAVES = st.one_of(
    leaf("a b", ["ge", "gt", "le", "lt", "eq"], NUMBERS),
    leaf("a c", ["eq"], TEXTS | YES_NO),
    leaf("a c", ["in"], st.lists(TEXTS | NUMBERS, min_size=1, max_size=3)),
    leaf("d", ["ge", "le", "gt", "lt"], DAYS),
    leaf("region_code", ["within"], REGIONS),
    leaf("region_code", ["within_any"], st.lists(REGIONS, min_size=1, max_size=3)),
    leaf("qualifications", ["has"], TITLES),
)
TREES = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=4).map(lambda parts: {"all": parts}),
        st.lists(below, min_size=1, max_size=4).map(lambda parts: {"any": parts}),
        below.map(lambda part: {"not": part}),
    ),
    max_leaves=12,
)
ANYTHING = st.none() | NUMBERS | TEXTS | YES_NO | DAYS
PROFILES = st.fixed_dictionaries(
    {},
    optional={
        "a": ANYTHING,
        "b": st.none() | NUMBERS,
        "c": ANYTHING,
        "d": st.none() | DAYS,
        "region_code": st.none() | REGIONS,
        "qualifications": st.none() | st.lists(ENTRIES, max_size=3),
    },
)


def walk(node: dict[str, Any], profile: dict[str, Any]) -> bool | None:
    if "all" in node:
        return conjunction([walk(part, profile) for part in node["all"]])
    if "any" in node:
        return negation(conjunction([negation(walk(part, profile)) for part in node["any"]]))
    if "not" in node:
        return negation(walk(node["not"], profile))
    return compare(node["op"], profile.get(node["field"]), node["value"])


def conjunction(parts: list[bool | None]) -> bool | None:
    return False if False in parts else None if None in parts else True


def negation(part: bool | None) -> bool | None:
    return None if part is None else not part


def kind(value: Any) -> str:
    return "number" if type(value) in (int, float) else type(value).__name__


def compare(op: str, known: Any, wanted: Any) -> bool | None:
    if known is None:
        return None
    if op in ("within", "within_any"):
        return any(inside(known, one) for one in ([wanted] if op == "within" else wanted))
    if op == "has":
        parts = [title(entry, wanted) for entry in known]
        return negation(conjunction([negation(part) for part in parts]))
    if op == "in":
        same = [one for one in wanted if kind(one) == kind(known)]
        return known in same if same else None
    if kind(known) != kind(wanted):
        return None
    if op != "eq" and kind(wanted) == "str" and not known[:1].isdigit():
        return None
    return {
        "eq": known == wanted,
        "ge": known >= wanted,
        "gt": known > wanted,
        "le": known <= wanted,
        "lt": known < wanted,
    }[op]


def inside(code: str, region: str) -> bool:
    if region == "100000":
        return True
    length = 2 if region.endswith("0000") else 4 if region.endswith("00") else 6
    return code[:length] == region[:length]


def title(entry: dict[str, Any], wanted: dict[str, Any]) -> bool | None:
    day = entry.get("obtained_on")
    return conjunction(
        [
            compare("eq", entry.get("type"), wanted["type"]),
            compare("in", entry.get("level"), wanted["level"]) if "level" in wanted else True,
            compare("eq", entry.get("first_time"), wanted["first_time"]) if "first_time" in wanted else True,
            compare("ge", day, wanted["obtained_from"]) if "obtained_from" in wanted else True,
            compare("le", day, wanted["obtained_to"]) if "obtained_to" in wanted else True,
        ]
    )


@settings(max_examples=250, deadline=None)
@given(TREES, PROFILES)
def test_the_verdict_equals_a_naive_walk(raw: dict[str, Any], profile: dict[str, Any]) -> None:
    verdict = judge(parse(raw), profile)

    assert verdict.root.holds is walk(raw, profile)


@settings(max_examples=100, deadline=None)
@given(TREES, PROFILES)
def test_every_verdict_says_why(raw: dict[str, Any], profile: dict[str, Any]) -> None:
    verdict = judge(parse(raw), profile)

    assert bool(verdict.failing) is (verdict.outcome is Outcome.NOT_ELIGIBLE)
    assert bool(verdict.asking) is (verdict.outcome is Outcome.UNKNOWN)
    assert all(finding.gap for finding in verdict.failing)
    assert all(finding.line for finding in verdict.findings)
    assert verdict.nearness[1] == len(verdict.failing)


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_every_tree_reads_as_sentences_and_its_opposite_as_others(raw: dict[str, Any]) -> None:
    assert all(sentence.text for sentence in sentences(parse(raw)))
    assert in_words(parse(raw)) != in_words(parse({"not": raw}))
    assert in_words(parse(raw)) == in_words(parse({"not": {"not": raw}}))
