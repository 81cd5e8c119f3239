"""Who may act for an enterprise, in what, and until when. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from foundation.errors import NotAllowed, Problem


class Capacity(StrEnum):
    """As what a person acts for an enterprise."""

    LEGAL = "legal"
    HANDLER = "handler"
    AGENT = "agent"


class Power(StrEnum):
    """What a mandate lets somebody do; looking is part of every one."""

    LOOK = "look"
    APPLY = "apply"
    CONFIRM_ACCOUNT = "confirm_account"


CAPACITY_NAMES = {Capacity.LEGAL: "法定代表人", Capacity.HANDLER: "经办人", Capacity.AGENT: "代理人"}
POWER_NAMES = {Power.LOOK: "查看", Power.APPLY: "申请和补正", Power.CONFIRM_ACCOUNT: "确认收款账户"}
EVERYTHING = frozenset(Power)
ASK = "需要时请联系本企业的法定代表人或管理授权的同事。"


@dataclass(frozen=True, slots=True)
class Mandate:
    """What one person may do for one enterprise; *items* is None where it holds for all of them."""

    capacity: Capacity
    chief: bool
    powers: frozenset[Power]
    items: frozenset[str] | None
    valid_until: date | None = None

    def covers(self, item_code: str | None) -> bool:
        """Whether it holds for the item; no item at all asks for nothing in particular."""
        return self.items is None or item_code is None or item_code in self.items


# a membership from before there were mandates: a member of staff without limits, who names nobody
WHOLE = Mandate(Capacity.HANDLER, chief=False, powers=EVERYTHING, items=None)


def check(mandate: Mandate, power: Power, item_code: str | None = None) -> None:
    """Refuse what a mandate does not hold for, in words that say whom to ask."""
    if not mandate.covers(item_code):
        raise NotAllowed(f"您的授权不包括这项政策，不能代这家企业办理。{ASK}")
    if power not in mandate.powers:
        raise NotAllowed(f"您的授权不包括“{POWER_NAMES[power]}”，不能代这家企业办理。{ASK}")


def check_names_others(mandate: Mandate) -> None:
    """Only the 法定代表人, or the person who was bound first, says who else acts for the enterprise."""
    if not mandate.chief:
        raise NotAllowed("授权由法定代表人或最先绑定的经办人管理，您的账号不能改。请联系他们。")


def check_ends(mandate: Mandate, other: Capacity) -> None:
    """Who names others also ends their mandates, but a 经办人 never that of the 法定代表人."""
    check_names_others(mandate)
    if other is Capacity.LEGAL and mandate.capacity is not Capacity.LEGAL:
        raise NotAllowed("法定代表人的授权不能由经办人终止。法定代表人变更请到兑现专窗重新绑定。")


def chief_at_binding(capacity: Capacity, *, has_chief: bool) -> bool:
    """Whether one bound as *capacity* names others: the 法定代表人 always, a 经办人 where nobody does."""
    return capacity is Capacity.LEGAL or (capacity is Capacity.HANDLER and not has_chief)


def powers_of(given: Collection[Power]) -> frozenset[Power]:
    """What was ticked, and looking, which goes with everything."""
    return frozenset({Power.LOOK, *given})


def until_problem(capacity: Capacity, until: date | None, today: date) -> Problem | None:
    """What is wrong with the last day of a mandate: an agent's has one, within a year."""
    if until is None:
        if capacity is Capacity.AGENT:
            return Problem("valid_until", "还没有填写授权到哪一天", "代理授权最长一年，到期可以再授权")
        return None
    if until < today:
        return Problem("valid_until", "授权的最后一天不能早于今天", "请填今天或以后的日期")
    if capacity is Capacity.AGENT and until > _a_year_after(today):
        return Problem("valid_until", "代理授权最长一年", f"请填 {_a_year_after(today)} 或以前的日期")
    return None


def _a_year_after(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap else day.day)


def check_successor(leaver_id: int, successor_id: int, capacity: Capacity) -> None:
    """Work is handed to a colleague: another person, and no agent."""
    if leaver_id == successor_id:
        raise NotAllowed("不能交接给本人。请选择另一位同事。")
    if capacity is Capacity.AGENT:
        raise NotAllowed("企业的事要交接给本企业的同事，代理人不能接。请先把同事设为经办人。")
