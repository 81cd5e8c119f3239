"""Test cases that ride with an item: facts, and the verdict that its conditions have to come to. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.conditions.parse import parse
from catalog.conditions.tree import Unstated
from catalog.conditions.verdict import Outcome, judge
from foundation.errors import Invalid, Problem

KEY = "test_cases"
EXPECTED = tuple(outcome.value for outcome in Outcome)


@dataclass(frozen=True, slots=True)
class RuleCase:
    """Facts as a file gives them, and what must come of them."""

    name: str
    facts: Mapping[str, Any]
    expect: Outcome


@dataclass(frozen=True, slots=True)
class Tried:
    """A case, and what the conditions come to."""

    case: RuleCase
    got: Outcome

    @property
    def passes(self) -> bool:
        """Whether it came as expected."""
        return self.got is self.case.expect


def faults(given: object) -> Iterator[Problem]:
    """What is wrong with test cases as a file gives them."""
    if given is None:
        return
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        yield Problem(KEY, "应为测试用例的列表", '请写成 [{"name": "…", "facts": {…}, "expect": "eligible"}]')
        return
    for at, each in enumerate(given):
        if not isinstance(each.get("facts"), Mapping) or not isinstance(each.get("name"), str):
            yield Problem(f"{KEY}[{at}]", "没有名称或数据", "请写 name 和 facts")
        if each.get("expect") not in EXPECTED:
            yield Problem(f"{KEY}[{at}].expect", "不认识这个结果", f"可以写 {'、'.join(EXPECTED)}")


def of(source: Mapping[str, Any]) -> tuple[RuleCase, ...]:
    """The cases of an item."""
    return tuple(
        RuleCase(each["name"], each["facts"], Outcome(each["expect"])) for each in source.get(KEY) or ()
    )


def tried(source: Mapping[str, Any]) -> list[Tried]:
    """Every case of an item held against its conditions."""
    tree = parse(source.get("conditions"))
    return [Tried(case, judge(tree, case.facts).outcome) for case in of(source)]


def untested(source: Mapping[str, Any]) -> bool:
    """Whether there are conditions that no case tries."""
    return not source.get(KEY) and not isinstance(parse(source.get("conditions")), Unstated)


def demand_passing(source: Mapping[str, Any]) -> None:
    """Refuse conditions that come to something else than their cases say."""
    failing = [each.case.name for each in tried(source) if not each.passes]
    if failing:
        names = "、".join(f"“{name}”" for name in failing)
        raise Invalid.of(KEY, f"测试用例 {names} 没有通过，不能发布", "请改条件，或核对用例的预期结果")
