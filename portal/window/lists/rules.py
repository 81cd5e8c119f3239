"""What may happen to an exempt list (免申即享清单) and what makes a row of it doubtful. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from foundation.errors import Conflict


class ListStage(StrEnum):
    """Where a list stands."""

    FROZEN = "frozen"
    HANDED_OFF = "handed_off"
    IN_REVIEW = "in_review"
    CONFIRMED = "confirmed"


class ListAct(StrEnum):
    """What somebody does to a list."""

    FREEZE = "freeze"
    HAND_OFF = "hand_off"
    RESPOND = "respond"
    CONFIRM_SOME = "confirm_some"
    CONFIRM = "confirm"


MOVES: Mapping[tuple[ListStage, ListAct], ListStage] = MappingProxyType(
    {
        (ListStage.FROZEN, ListAct.HAND_OFF): ListStage.HANDED_OFF,
        (ListStage.HANDED_OFF, ListAct.RESPOND): ListStage.IN_REVIEW,
        # rows that nobody ruled on, or that could not be taken in yet, hold up no other
        (ListStage.HANDED_OFF, ListAct.CONFIRM_SOME): ListStage.IN_REVIEW,
        (ListStage.IN_REVIEW, ListAct.CONFIRM_SOME): ListStage.IN_REVIEW,
        (ListStage.HANDED_OFF, ListAct.CONFIRM): ListStage.CONFIRMED,
        (ListStage.IN_REVIEW, ListAct.CONFIRM): ListStage.CONFIRMED,
        # a row that came open again, because the firm's own application was faster
        (ListStage.CONFIRMED, ListAct.CONFIRM_SOME): ListStage.CONFIRMED,
        (ListStage.CONFIRMED, ListAct.CONFIRM): ListStage.CONFIRMED,
    }
)
# freezing is the acceptance of a list; the three clocks run once for all its rows (design, section 4)
STARTS: Mapping[ListAct, tuple[str, ...]] = MappingProxyType(
    {ListAct.FREEZE: ("handoff",), ListAct.HAND_OFF: ("response", "review")}
)
STOPS: Mapping[ListAct, tuple[str, ...]] = MappingProxyType(
    {
        ListAct.HAND_OFF: ("handoff",),
        ListAct.RESPOND: ("response",),
        ListAct.CONFIRM_SOME: ("response",),
        ListAct.CONFIRM: ("response", "review"),
    }
)
STAGE_NAMES: Mapping[ListStage, str] = MappingProxyType(
    {
        ListStage.FROZEN: "待交办",
        ListStage.HANDED_OFF: "待响应",
        ListStage.IN_REVIEW: "核对中",
        ListStage.CONFIRMED: "已确认",
    }
)


class Doubt(StrEnum):
    """Why a row is not taken in without a second look."""

    SAME_FIRM = "same_firm"
    SAME_ACCOUNT = "same_account"
    PAID_BEFORE = "paid_before"
    EXCLUSIVE = "exclusive"
    CREDIT = "credit"


DOUBTS: Mapping[Doubt, str] = MappingProxyType(
    {
        Doubt.SAME_FIRM: "清单里有同名或主体代码相同的另一户",
        Doubt.SAME_ACCOUNT: "与另一户用过同一个收款账户",
        Doubt.PAID_BEFORE: "本年度同一事项已有在办或已兑现的办件",
        Doubt.EXCLUSIVE: "本年度已享受不能同时享受的事项",
        Doubt.CREDIT: "有本事项规定的失信记录，且没有修复",
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about a row, with what it rests on: the text or number that says so, source and date."""

    doubt: Doubt
    basis: str
    source: str = ""
    as_of: str = ""

    def as_json(self) -> dict[str, str]:
        """As the row keeps it."""
        return {"doubt": self.doubt.value, "basis": self.basis, "source": self.source, "as_of": self.as_of}

    @property
    def day(self) -> date | None:
        """The day of what it rests on."""
        return date.fromisoformat(self.as_of) if self.as_of else None

    @property
    def text(self) -> str:
        """The doubt in words."""
        return DOUBTS[self.doubt]


@dataclass(frozen=True, slots=True)
class CreditRule:
    """What an item's published text says of credit: which record counts, and which one repairs it."""

    text: str
    field: str
    repaired_field: str

    @classmethod
    def of(cls, source: Mapping[str, Any]) -> "CreditRule | None":
        """The rule of an item's row; none where its published text names none."""
        given = source.get("credit_rule")
        if not isinstance(given, Mapping) or not given.get("text") or not given.get("field"):
            return None
        return cls(str(given["text"]), str(given["field"]), str(given.get("repaired_field") or ""))


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who is about to be listed, as the doubles are looked for."""

    credit_code: str
    name: str
    account: str

    @property
    def body(self) -> str:
        """The code of the legal body within the credit code (GB 32100, places 9 to 17)."""
        return self.credit_code[8:17]


def doubles(
    rows: Sequence[Candidate], accounts_of_others: Mapping[str, Collection[str]]
) -> dict[str, list[Finding]]:
    """Rows that stand for one firm or one account, by credit code.

    *accounts_of_others* are all firms known with an account, by its number.
    """
    bodies, names = Counter(row.body for row in rows), Counter(row.name for row in rows)
    found: dict[str, list[Finding]] = {}
    for row in rows:
        findings = []
        if bodies[row.body] > 1 or names[row.name] > 1:
            findings.append(Finding(Doubt.SAME_FIRM, row.name if names[row.name] > 1 else row.body))
        if row.account and set(accounts_of_others.get(row.account, ())) - {row.credit_code}:
            findings.append(Finding(Doubt.SAME_ACCOUNT, f"尾号 {row.account[-4:]}"))
        found[row.credit_code] = findings
    return found


def credit(rule: CreditRule | None, values: Mapping[str, Any]) -> bool:
    """Whether the item's own rule bars a firm: a record that stands, and no repair of it."""
    if rule is None or values.get(rule.field) is not True:
        return False
    return values.get(rule.repaired_field) is not True


# days after which a firm that has not named its account is reminded; nothing is forfeited by silence
REMIND_AFTER = (10, 20, 27)


def reminder(asked_at: datetime, now: datetime) -> int | None:
    """Which reminder is due within this day, by the number of days that have passed."""
    passed = (now - asked_at).days
    return passed if passed in REMIND_AFTER else None


def after_ruling(open_rows: Iterable[object]) -> ListAct:
    """Which act a confirmation is: the list is confirmed once no row is open any more."""
    return ListAct.CONFIRM_SOME if any(True for _ in open_rows) else ListAct.CONFIRM


def take(stage: ListStage, act: ListAct) -> ListStage:
    """The stage after *act*; refuses every move that is not listed."""
    try:
        return MOVES[stage, act]
    except KeyError:
        raise Conflict(
            f"这份清单现在是“{STAGE_NAMES[stage]}”，这一步已经办过或还没轮到。请刷新后再看。"
        ) from None
