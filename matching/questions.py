"""Which facts to ask an enterprise for, the most useful first, and how to read its answers. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from catalog.conditions.fields import REGISTER, Field, Kind
from catalog.conditions.register import field_named, field_of
from catalog.conditions.tree import Compare, Leaf, OneOf
from catalog.conditions.verdict import Finding
from foundation.errors import Invalid
from matching.rules import Item, Match

NONE_OF_THESE = "以上都不是"
UNSURE = "unsure"
# What the registers say about an enterprise; it is corrected there and never asked for here.
FROM_REGISTERS = frozenset({
    "id", "uscc", "name", "region_code", "established_on", "snapshot_date", "org_type",
    "industry_code", "industry_section", "industry_division",
})  # fmt: skip
# where a benefit names the fact that it is reckoned from
AMOUNT_FIELDS = ("base_field", "units_field")
_ASKABLE = frozenset({Kind.NUMBER, Kind.YES_NO, Kind.CHOICE, Kind.TEXT, Kind.DATE})
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Question:
    """One fact to ask for, what to choose from, and the items that it settles alone or helps to settle."""

    field: Field
    options: tuple[str, ...]
    settles: tuple[Item, ...]
    helps: tuple[Item, ...]
    # items that are had for certain, whose amount needs the answer
    prices: tuple[Item, ...] = ()
    # what the items that it settles would bring, as far as that is known
    fen: int = 0

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What to tick, as sent and in words; none where something is to be typed."""
        if self.field.kind is Kind.YES_NO:
            return (("yes", "是"), ("no", "否"))
        return tuple((option, option) for option in self.options)


def questions(matches: Iterable[Match], entitled: Iterable[Match] = ()) -> tuple[Question, ...]:
    """What to ask: the fact that settles most items first, then the one that decides on most money.

    *matches* are unknown; for *entitled* ones a fact may be missing that their amount is reckoned from.
    """
    findings: dict[str, list[Finding]] = {}
    settles: dict[str, list[Match]] = {}
    helps: dict[str, list[Match]] = {}
    for match in matches:
        asked = match.verdict.asking
        for finding in filter(can_be_asked, asked):
            findings.setdefault(finding.field, []).append(finding)
            (settles if len(asked) == 1 else helps).setdefault(finding.field, []).append(match)
    prices = _priced(entitled)
    found = [
        _question([one.leaf for one in same if one.leaf], settles.get(name, []), helps.get(name, []))
        for name, same in findings.items()
    ]
    found = [replace(one, prices=tuple(prices.pop(one.field.name, ()))) for one in found]
    found += [Question(_figure(name), (), (), (), tuple(items)) for name, items in prices.items()]
    return tuple(sorted(found, key=_usefulness))


def _usefulness(question: Question) -> tuple[int, int, int, str]:
    decides = len(question.settles) + len(question.prices)
    return -decides, -question.fen, -len(question.helps), question.field.name


def _priced(entitled: Iterable[Match]) -> dict[str, list[Item]]:
    """The figures from which amounts are reckoned and which nobody has told yet."""
    found: dict[str, list[Item]] = {}
    for match in entitled:
        name = match.estimate.missing
        if name and name not in FROM_REGISTERS:
            found.setdefault(name, []).append(match.item)
    return found


def question_about(matches: Iterable[Match], name: str) -> Question | None:
    """The question about one fact, known or not; None if no item asks for it or it cannot be asked."""
    listed = list(matches)
    held = [
        (match, finding) for match in listed for finding in match.verdict.findings if finding.field == name
    ]
    leaves = [finding.leaf for _, finding in held if finding.leaf and can_be_asked(finding)]
    if not leaves:
        return _about_an_amount(listed, name)
    asking = {match.item.code: match for match, finding in held if finding in match.verdict.asking}.values()
    settles = [match for match in asking if len(match.verdict.asking) == 1]
    helps = [match for match in asking if len(match.verdict.asking) > 1]
    return _question(leaves, settles, helps)


def _about_an_amount(matches: Iterable[Match], name: str) -> Question | None:
    """The question about a figure that is asked for by no condition, but by an amount."""
    named = [
        match.item for match in matches if name in (match.item.benefit.get(key) for key in AMOUNT_FIELDS)
    ]
    if not named or name in FROM_REGISTERS:
        return None
    return Question(_figure(name), (), (), (), tuple(named))


def _figure(name: str) -> Field:
    """A fact that is a figure, however it is called."""
    field = field_named(name)
    return replace(field, kind=Kind.NUMBER, question=field.question or f"贵公司的“{field.label}”是多少？")


def can_be_asked(finding: Finding) -> bool:
    """Whether the enterprise itself can say it: no lists, no places, nothing that a register holds."""
    if finding.leaf is None or finding.field in FROM_REGISTERS:
        return False
    return field_of(finding.leaf).kind in _ASKABLE


def _question(leaves: list[Leaf], settles: list[Match], helps: list[Match]) -> Question:
    field, fen = field_of(leaves[0]), sum(match.amount_fen or 0 for match in settles)
    settled, helped = (tuple(match.item for match in matches) for matches in (settles, helps))
    if field.kind not in (Kind.CHOICE, Kind.TEXT):
        return Question(field, (), settled, helped, fen=fen)
    named = (str(value) for leaf in leaves for value in _values(leaf))
    options = dict.fromkeys((*field.choices, *named))
    closed = field.name in REGISTER and field.kind is Kind.CHOICE
    choices = (*options, *(() if closed else (NONE_OF_THESE,)))
    return Question(field, choices, settled, helped, fen=fen)


def _values(leaf: Leaf) -> tuple[object, ...]:
    if isinstance(leaf, OneOf):
        return leaf.values
    return (leaf.value,) if isinstance(leaf, Compare) else ()


def read_answer(question: Question, text: str) -> bool | int | float | str:
    """The answer *text* as the value of the fact; Invalid says what an answer looks like."""
    answer = text.strip()
    if question.options:
        if answer in question.options:
            return answer
        raise Invalid.of("value", "请从给出的选项中选一个", "不清楚也可以选“不清楚”")
    return _READERS[question.field.kind](question.field, answer)


def _yes_no(field: Field, answer: str) -> bool:
    if answer not in ("yes", "no"):
        raise Invalid.of("value", "请选“是”或“否”", "不清楚也可以选“不清楚”")
    return answer == "yes"


def _number(field: Field, answer: str) -> int | float:
    plain = answer.replace(",", "").replace("，", "").removesuffix(field.unit).strip()
    if not _NUMBER.fullmatch(plain):
        raise Invalid.of("value", f"{field.label}：请填数字，例如 620", "没有就填 0，不清楚可以换一题")
    return float(plain) if "." in plain else int(plain)


def _day(field: Field, answer: str) -> str:
    try:
        if _DAY.fullmatch(answer):
            return date.fromisoformat(answer).isoformat()
    except ValueError:
        pass
    raise Invalid.of("value", f"{field.label}：请填日期，例如 2025-06-30", "不清楚可以换一题")


_READERS = {Kind.YES_NO: _yes_no, Kind.NUMBER: _number, Kind.DATE: _day}
