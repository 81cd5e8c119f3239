"""The condition tree in plain Chinese: one clause a leaf, groups as lists within lists."""

from dataclasses import dataclass

from catalog.conditions import dates, industries, regions
from catalog.conditions.fields import Field, Kind
from catalog.conditions.normal import Group, Literal, Part, normal
from catalog.conditions.parse import is_number
from catalog.conditions.register import field_of
from catalog.conditions.tree import Check, Compare, Has, Node, OneOf, Op, Unstated, Within
from catalog.conditions.wording import either, quantity, value

UNSTATED = "来源没有写明条件，请看政策原文"
NO_LIMIT = "没有限制条件"
ANY_OF = "满足其中一项即可"
ALL_OF = "同时满足"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of the conditions; *parts* are the lines below it."""

    text: str
    parts: tuple["Sentence", ...] = ()


def sentences(node: Node) -> tuple[Sentence, ...]:
    """What is asked, one line a clause; all lines together are asked for."""
    lines = tuple(_line(part) for part in normal(node).parts)
    return lines or (Sentence(NO_LIMIT),)


def in_words(node: Node) -> str:
    """The whole tree as one sentence."""
    return "；".join(_inline(part, inside=False) for part in normal(node).parts) or NO_LIMIT


def _line(part: Part) -> Sentence:
    if isinstance(part, Literal):
        return Sentence(clause(part))
    return Sentence(heading(part), tuple(_line(below) for below in part.parts))


def heading(group: Group) -> str:
    """What stands above the parts of *group*."""
    return ALL_OF if group.needs_all else ANY_OF


def _inline(part: Part, *, inside: bool) -> str:
    if isinstance(part, Literal):
        return clause(part)
    join = "，且" if part.needs_all else "，或者"
    joined = join.join(_inline(below, inside=True) for below in part.parts)
    return f"（{joined}）" if inside else joined


def clause(literal: Literal) -> str:
    """One leaf in words, ruled out if it is negated."""
    leaf = literal.leaf
    match leaf:
        case Unstated():
            return UNSTATED
        case Within():
            return _place(leaf, negated=literal.negated)
        case Has():
            return ("没有" if literal.negated else "") + _entry(leaf)
        case OneOf():
            return _one_of(leaf, negated=literal.negated)
        case _:
            return _compare(leaf, negated=literal.negated)


def _place(leaf: Within, *, negated: bool) -> str:
    if leaf.regions == (regions.NATION,) and not negated:
        return "全国都可以"
    where = either([regions.name(code) for code in leaf.regions])
    subject = "注册" if leaf.field == "region_code" else field_of(leaf).label
    return f"{subject}{'不' if negated else ''}在{where}"


def _one_of(leaf: OneOf, *, negated: bool) -> str:
    field = field_of(leaf)
    if leaf.field == "industry_section":
        known = industries.sections(tuple(str(code) for code in leaf.values))
        return f"{'不属于' if negated else '属于'}{known}"
    wanted = either([value(field, option) for option in leaf.values])
    if leaf.field == "industry_division":
        return f"{'不属于' if negated else '属于'} {wanted}"
    if leaf.field == "org_type":
        return f"{'不是' if negated else '是'}{wanted}"
    return _is(field, wanted, negated)


def _is(field: Field, wanted: str, negated: bool) -> str:
    return f"{field.label}{'不是' if negated else '为'}{wanted}"


def _compare(leaf: Compare, *, negated: bool) -> str:
    field, wanted = field_of(leaf), leaf.value
    if isinstance(wanted, bool):
        return field.yes if wanted is not negated else field.no
    op = effective(leaf.op, negated=negated)
    if op is None or op is Op.EQ:
        quoted = f" {value(field, wanted)}" if is_number(wanted) or field.kind is Kind.DATE else f"“{wanted}”"
        return _is(field, quoted, op is None)
    if is_number(wanted):
        return _FIGURES[op].format(label=field.label, figure=quantity(wanted, field.unit))
    return f"{field.label}{_DAYS[op]} {dates.in_words(str(wanted))}"


def effective(op: Op, *, negated: bool) -> Op | None:
    """The comparison that is really asked for; None stands for "not equal"."""
    return _OPPOSITE[op] if negated else op


def _entry(leaf: Has) -> str:
    kind, *details = leaf.checks
    what = either([f"“{name}”" for name in kind.among])
    said = {check.key: check for check in details}
    if kind.key == "kind":
        return _stat(what, said)
    first = _FIRST[bool(said["first_time"].among[0])] if "first_time" in said else ""
    level = either([str(name) for name in said["level"].among]) if "level" in said else ""
    return f"{_period(said.get('obtained_on'))}{first}获得{level}{what}"


def _stat(what: str, said: dict[str, Check]) -> str:
    first = "首次" if "first_entered_on" in said else ""
    text = f"{_period(said.get('first_entered_on'))}{first}纳入{what}统计"
    if "new_build" in said:
        text += "，新建投产" if said["new_build"].among[0] else "，不是新建投产"
    if "years_in" in said:
        text += f"，在库第 {either([str(year) for year in said['years_in'].among])} 年"
    return text


def _period(check: Check | None) -> str:
    if check is None:
        return ""
    start, end = check.start, check.end
    if start and end:
        return f"{dates.in_words(start)}至{dates.in_words(end)}期间"
    return f"{dates.in_words(start)}以后" if start else f"{dates.in_words(str(end))}以前"


_FIRST = {True: "首次", False: "再次"}
_OPPOSITE = {Op.GE: Op.LT, Op.LT: Op.GE, Op.GT: Op.LE, Op.LE: Op.GT, Op.EQ: None}
_FIGURES = {
    Op.GE: "{label} {figure}及以上",
    Op.GT: "{label}超过 {figure}",
    Op.LE: "{label}不超过 {figure}",
    Op.LT: "{label}不到 {figure}",
}
_DAYS = {Op.GE: "不早于", Op.GT: "晚于", Op.LE: "不晚于", Op.LT: "早于"}
