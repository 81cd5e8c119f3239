"""What an enterprise's people have before them, the most urgent first. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from catalog.rules import Mode, Span
from foundation.clock import BEIJING
from foundation.enterprises.mandates.rules import Mandate, Power
from matching.rules import Item

# what closes within so many days is this week's
WEEK = 7
# how far a calendar looks ahead
SEASON = 60
CLOSING_TIME = time(17)


class Todo(StrEnum):
    """One kind of thing to do."""

    SUPPLY = "supply"
    CONFIRM_ACCOUNT = "confirm_account"
    DRAFT = "draft"
    APPLY = "apply"


WORDS = {
    Todo.SUPPLY: "补交材料", Todo.CONFIRM_ACCOUNT: "确认收款账户",
    Todo.DRAFT: "接着填草稿", Todo.APPLY: "可享，快截止",
}  # fmt: skip
NEEDS = {
    Todo.SUPPLY: Power.APPLY, Todo.CONFIRM_ACCOUNT: Power.CONFIRM_ACCOUNT,
    Todo.DRAFT: Power.APPLY, Todo.APPLY: Power.APPLY,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do for one enterprise; *key* is the item's code or the case's number."""

    todo: Todo
    membership_id: int
    credit_code: str
    firm: str
    title: str
    item_code: str
    key: str
    due: datetime | None

    @property
    def words(self) -> str:
        """What to do, in words."""
        return WORDS[self.todo]

    @property
    def path(self) -> str:
        """Where it is done."""
        return {
            Todo.SUPPLY: f"/cases/{self.key}/supply",
            Todo.CONFIRM_ACCOUNT: f"/cases/{self.key}/account",
            Todo.DRAFT: f"/apply/{self.item_code}",
            Todo.APPLY: f"/items/{self.item_code}",
        }[self.todo]


def permits(mandate: Mandate, todo: Todo, item_code: str) -> bool:
    """Whether somebody with *mandate* can do it."""
    return mandate.covers(item_code) and NEEDS[todo] in mandate.powers


def last_day(window: Span, validity: Span) -> date | None:
    """The last day on which an item takes applications; None where nothing says so."""
    return min((day for day in (window.end, validity.end) if day), default=None)


def closing(items: Iterable[Item], today: date, days: int) -> dict[str, Item]:
    """The items one applies for here that stop taking applications within *days*, by code."""
    until = today + timedelta(days=days)
    return {
        item.code: item
        for item in items
        if item.online and item.mode != Mode.EXEMPT and _closes(item, today, until)
    }


def _closes(item: Item, today: date, until: date) -> bool:
    end = last_day(item.window, item.validity)
    starts = [span.start for span in (item.window, item.validity) if span.start]
    return end is not None and today <= end <= until and all(start <= today for start in starts)


def end_of(day: date | None) -> datetime | None:
    """A last day ends at closing time (民法典 203)."""
    return datetime.combine(day, CLOSING_TIME, BEIJING) if day else None


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """The most urgent first; what has no limit of its own comes last."""
    return sorted(tasks, key=_urgency)


def _urgency(task: Task) -> tuple[bool, float, str, str, str]:
    moment = task.due.timestamp() if task.due else 0.0
    return task.due is None, moment, task.firm, task.todo.value, task.key
