"""公示: who is named how, who may object, what an open objection stops. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from foundation.enterprises.rules import Kind
from foundation.errors import Conflict, Invalid, NotAllowed

# one address may object so often an hour; a hall full of people has one address
MOST_AN_HOUR = 20
NAMELESS = re.compile(r"匿名|某|知情人|群众|网友|不愿|保密|无名|anonymous", re.IGNORECASE)


class State(StrEnum):
    """Where an objection stands."""

    OPEN = "open"
    EXAMINED = "examined"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


STATE_NAMES = {
    State.OPEN: "待核查",
    State.EXAMINED: "待作出处理决定",
    State.UPHELD: "异议成立",
    State.DISMISSED: "异议不成立",
}
DECIDED = frozenset({State.UPHELD, State.DISMISSED})


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a publicity: whom it names, by which code, with how much."""

    name: str
    code: str
    amount_fen: int | None


def masked(name: str, code: str, kind: Kind) -> tuple[str, str]:
    """Name and code as the public may read them: of natural persons the family name and no number."""
    if kind is Kind.PERSON:
        return name[:1] + "*" * max(1, len(name) - 1), ""
    if kind is Kind.SOLE_TRADER:
        return name, f"{code[:6]}********{code[-4:]}"
    return name, code


def check_objector(name: str) -> None:
    """Refuse an anonymous objection: it is decided in writing, to somebody."""
    if len(name.strip()) < 2 or NAMELESS.search(name):
        raise Invalid.of(
            "name", "匿名的异议不受理", "处理结果要书面答复，请写真实姓名或单位名称，我们对外保密"
        )


def check_often(in_last_hour: int) -> None:
    """Refuse where too many came from one address within the hour."""
    if in_last_hour >= MOST_AN_HOUR:
        raise NotAllowed("一小时内提交得太多了，请一小时后再试，或者直接拨打公示上的电话。")


def check_clear(required: bool, over: bool, objections: Sequence[State]) -> None:
    """Refuse a decision before its publicity is over and every objection is decided, none of them upheld."""
    if not required:
        return
    if not over:
        raise Conflict("这项政策要先公示，公示期满才能审定通过。请先公示。")
    if set(objections) - DECIDED:
        raise Conflict("公示期间收到的异议还没有处理完。请先作出书面处理决定。")
    if State.UPHELD in objections:
        raise Conflict("公示期间的异议成立，不能直接通过。请退回重审，或者不予兑现。")


def check_examined(state: State) -> None:
    """An objection is decided once, on somebody's examination."""
    if state in DECIDED:
        raise Conflict("这件异议已经作出处理决定。请刷新后再看。")
    if state is not State.EXAMINED:
        raise Conflict("这件异议还没有核查意见。请先核查。")
