"""How matches read on the pages of an enterprise. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from catalog import wording
from catalog.conditions import explain
from catalog.conditions.fields import Kind
from catalog.conditions.later import holds_from
from catalog.conditions.parse import is_number
from catalog.conditions.register import field_of, label
from catalog.conditions.sentence import ANY_OF
from catalog.conditions.tree import Has, Leaf
from catalog.conditions.verdict import Finding, Findings, Outcome, Verdict
from catalog.rules import STANDING_LABELS, Mode, standing
from foundation.enterprises.queries import FactView
from foundation.enterprises.rules import Source
from foundation.web.filters import full_day, money
from matching.board import Board
from matching.questions import FROM_REGISTERS, Question, can_be_asked
from matching.rules import Item, Match

SOURCES = {
    Source.REGISTER: "登记数据",
    Source.IMPORT: "已有数据",
    Source.DECLARED: "企业填报",
    Source.DERIVED: "按标准推算",
}
Facts = Mapping[str, FactView]
NO_FACTS: Facts = MappingProxyType({})
NO_CLAUSES: Mapping[Leaf, str] = MappingProxyType({})
MODES = frozenset({Mode.EXEMPT.value, Mode.INSTANT.value, Mode.REVIEW.value})


@dataclass(frozen=True, slots=True)
class Row:
    """One item in a list: the verdict in few words, the reason that decides, what it brings."""

    item: Item
    outcome: Outcome
    chip: str
    why: str
    amount: str
    closed: bool
    can_apply: bool
    ask: str = ""
    formula: str = ""

    @property
    def known_mode(self) -> bool:
        """Whether the mode has a picture."""
        return self.item.mode in MODES


@dataclass(frozen=True, slots=True)
class Line:
    """One condition held against the enterprise."""

    text: str
    holds: bool | None
    why: str
    href: str = ""
    action: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Conditions under one heading."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """One fact as the enterprise may read and correct it."""

    field: str
    label: str
    value: str
    source: str
    as_of: date
    can_be_corrected: bool
    others: tuple[str, ...] = ()


def heading(board: Board) -> tuple[str, ...]:
    """The answer, in pieces that do not break."""
    count, asking = len(board.codes["entitled"]), len(board.codes["asking"])
    if not count and asking:
        return (f"有 {asking} 项还差信息，", "答完就知道能不能享受")
    if not count:
        return ("现在没有可享的政策",)
    if not board.total_fen:
        return (f"{count} 项可享，", "金额按标准核定")
    return (f"{count} 项可享，", f"预计 {total(board)}")


def total(board: Board) -> str:
    """The sum of the best combination, marked where parts are not yet known."""
    return money(board.total_fen) + ("" if board.total_is_whole else "以上")


def parts(board: Board, items: Mapping[str, Item]) -> list[tuple[str, str]]:
    """What the sum is made of: the dearest first, and in one line what is not known yet."""
    known = [code for code in board.combination.chosen if board.amounts[code]]
    known.sort(key=lambda code: (-(board.amounts[code] or 0), code))
    told = [(items[code].title, money(board.amounts[code])) for code in known[:MOST_PARTS]]
    others, open_ = known[MOST_PARTS:], len(board.combination.chosen) - len(known)
    if others:
        told.append((f"另外 {len(others)} 项", money(sum(board.amounts[code] or 0 for code in others))))
    return [*told, *([(f"{open_} 项按标准核定", "待核定")] if open_ else [])]


MOST_PARTS = 10


def left_out(board: Board, items: Mapping[str, Item]) -> list[str]:
    """What the best combination leaves out, and why."""
    return [
        f"“{items[one.code].title}”（{money(one.fen)}）和“{items[one.instead].title}”"
        f"只能享受一项（{one.group}），已选金额高的。"
        for one in board.combination.left_out
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """Which entries of a group are shown: the first and the last, counted from 1."""

    number: int
    first: int
    last: int
    total: int

    @property
    def following(self) -> int:
        """The page after it; 0 if it is the last."""
        return self.number + 1 if self.last < self.total else 0


def part(asked: str, total: int) -> Part:
    """One page of a group; what is no page is the first."""
    number = int(asked) if asked.isdecimal() and 0 < len(asked) < 6 else 1
    number = min(max(number, 1), max(-(-total // SHOWN), 1))
    return Part(number, (number - 1) * SHOWN + 1, min(number * SHOWN, total), total)


SHOWN = 10


def row(match: Match, today: date, facts: Facts = NO_FACTS) -> Row:
    """One match as a row of its group."""
    if match.outcome is Outcome.NOT_ELIGIBLE:
        chip, why = f"差 {len(match.verdict.failing)} 个条件", _missing(match.verdict, facts)
    elif match.open is False:
        chip, why = _standing(match.item, today), _period(match.item)
    elif match.outcome is Outcome.ELIGIBLE:
        chip, why = _can(match), _reason(match.verdict)
    else:
        chip, why = f"差 {len(match.verdict.asking)} 条", _unknown(match.verdict)
    ask = next((finding.field for finding in match.verdict.asking if can_be_asked(finding)), "")
    shut = match.open is False
    estimated = match.estimate
    amount = wording.amount(match.item.benefit).words if estimated.fen is None else money(estimated.fen)
    return Row(match.item, match.outcome, chip, why, amount, shut, match.can_apply, ask, _formula(match))


def _formula(match: Match) -> str:
    """How the estimate was reckoned, and who pays which part."""
    estimate = match.estimate
    if not estimate.formula:
        return f"知道“{label(estimate.missing)}”后可以算出金额" if estimate.missing else ""
    shares = "，".join(f"{source} {money(fen)}" for source, fen in estimate.parts)
    return f"{estimate.formula}{f'（{shares}）' if shares else ''}"


def _can(match: Match) -> str:
    if match.item.mode == Mode.EXEMPT:
        return "不用申请"
    return "可以申请" if match.can_apply else "可享"


def _standing(item: Item, today: date) -> str:
    return STANDING_LABELS[standing(item.window, item.validity, today)]


def _period(item: Item) -> str:
    if item.window:
        return f"受理时间：{wording.window(item.window, date.max).words}。"
    return f"有效期：{wording.validity(item.validity)}。"


def _missing(verdict: Verdict, facts: Facts) -> str:
    """The smallest set of conditions that would have to change, each with what is missing."""
    told = "".join(map(_short, verdict.failing))
    days = [_later(one, facts) for one in verdict.failing]
    soon = f"照现在的情况，{full_day(max(day for day in days if day))}起符合。" if all(days) else ""
    return f"{told}{soon}"


def _short(finding: Finding) -> str:
    if isinstance(finding.leaf, Has):
        return f"{finding.gap}。要求：{finding.text}。"
    return f"{finding.text}，{finding.gap}。"


def _reason(verdict: Verdict) -> str:
    """What distinguishes this enterprise: not where and what it is, but what it has done."""
    told = [finding for finding in verdict.findings if finding.holds and not finding.settled]
    if not told:
        return "各项条件都符合。"
    finding = max(told, key=lambda one: isinstance(one.leaf, Has) or is_number(one.known))
    return (
        f"已有{finding.shown}。" if isinstance(finding.leaf, Has) and finding.known else f"{finding.line}。"
    )


def _unknown(verdict: Verdict) -> str:
    asked = dict.fromkeys(_subject(finding) for finding in verdict.asking)
    return f"还不知道：{'、'.join(asked)}。"


def _subject(finding: Finding) -> str:
    return label(finding.field) if finding.leaf else "政策原文的具体条件"


def sections(
    verdict: Verdict, facts: Facts, ask_at: str, cited: Mapping[Leaf, str] = NO_CLAUSES
) -> list[Section]:
    """All conditions of one item: those that must hold, then each choice of several."""
    said = _Said(facts, ask_at, cited)
    must = [part for part in verdict.root.parts if isinstance(part, Finding)]
    choices = [part for part in verdict.root.parts if isinstance(part, Findings)]
    found = [Section(f"必须满足的 {len(must)} 项", tuple(_line(one, said) for one in must))] if must else []
    for choice in choices:
        lines = tuple(_line(one, said) if isinstance(one, Finding) else _joined(one) for one in choice.parts)
        found.append(Section(f"下面 {len(lines)} 项，{ANY_OF}：{_SAID[choice.holds]}", lines))
    return found


_SAID = {True: "已满足", False: "都不满足", None: "待确认"}


@dataclass(frozen=True, slots=True)
class _Said:
    """What a line is said with: the facts, where a question is answered, the clauses of the source."""

    facts: Facts
    ask_at: str
    cited: Mapping[Leaf, str]


def _line(finding: Finding, said: _Said) -> Line:
    reason = finding.gap or finding.shown
    clause = said.cited.get(finding.leaf, "") if finding.leaf else ""
    if finding.holds is None and can_be_asked(finding):
        why = f"{reason}。{finding.question}"
        return Line(finding.text, None, why, f"{said.ask_at}?ask={finding.field}#ask", "去回答", clause)
    fact, later = said.facts.get(finding.field), _later(finding, said.facts)
    source = f"（{_origin(fact)}）" if fact else ""
    others = "".join(f"。{each}，没有采用" for each in _others(finding.field, fact)) if fact else ""
    soon = f"。照现在的情况，{full_day(later)}起符合" if later else ""
    return Line(finding.text, finding.holds, f"{reason}{source}{soon}{others}", clause=clause)


def _later(finding: Finding, facts: Facts) -> date | None:
    fact = facts.get(finding.field)
    return holds_from(finding, fact.as_of) if fact else None


def _origin(fact: FactView) -> str:
    return f"{SOURCES[fact.source]}，{full_day(fact.as_of)}"


def _others(name: str, fact: FactView) -> tuple[str, ...]:
    """What other sources say instead."""
    return tuple(
        f"{SOURCES[one.source]}（{full_day(one.as_of)}）是 {explain.fact(name, one.value)}"
        for one in fact.others
    )


def _joined(group: Findings) -> Line:
    """A group within a choice as one line."""
    flat = list(_flat(group))
    text = ("，且" if group.needs_all else "，或者").join(finding.text for finding in flat)
    why = "；".join(
        dict.fromkeys(finding.gap or finding.shown for finding in flat if finding.holds is group.holds)
    )
    return Line(text, group.holds, why)


def _flat(group: Findings) -> Iterator[Finding]:
    for part in group.parts:
        if isinstance(part, Finding):
            yield part
        else:
            yield from _flat(part)


def why_asked(question: Question) -> str:
    """What an answer decides."""
    if question.prices and not question.settles:
        return f"回答这一题，就能算出“{question.prices[0].title}”的金额。只用于政策比对，随时可改。"
    names = [f"“{item.title}”" for item in question.settles[:2]]
    if len(question.settles) > 2:
        return (
            f"回答这一题，就能判断{'、'.join(names)}等 {len(question.settles)} 项。只用于政策比对，随时可改。"
        )
    if names:
        return f"回答这一题，就能判断{'和'.join(names)}。只用于政策比对，随时可改。"
    if question.helps:
        return f"这一题关系到 {len(question.helps)} 项政策。只用于政策比对，随时可改。"
    return "您可以更正这一项。只用于政策比对，办件时以核验结果为准。"


def answered(matches: Iterable[Match], field: str) -> str:
    """What an answer has decided."""
    touched = [one for one in matches if any(finding.field == field for finding in one.verdict.findings)]
    counts = [
        f"{sum(one.outcome is outcome for one in touched)} 项{word}"
        for outcome, word in _OUTCOMES.items()
        if any(one.outcome is outcome for one in touched)
    ]
    return f"已记下“{label(field)}”。与它有关的政策：{'，'.join(counts)}。" if counts else "已记下。"


_OUTCOMES = {Outcome.ELIGIBLE: "可享", Outcome.UNKNOWN: "还需补信息", Outcome.NOT_ELIGIBLE: "不符合"}


def known_facts(facts: Facts, leaves: Mapping[str, Leaf]) -> list[Known]:
    """What is known of an enterprise and asked for by some item, by name."""
    return [
        Known(
            name,
            label(name),
            explain.fact(name, facts[name].value),
            SOURCES[facts[name].source],
            facts[name].as_of,
            name not in FROM_REGISTERS and field_of(leaves[name]).kind not in (Kind.LIST, Kind.PLACE),
            _others(name, facts[name]),
        )
        for name in sorted(leaves.keys() & facts.keys())
    ]
