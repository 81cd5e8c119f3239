"""Why an enterprise is told of an item, of what kind that is, and on which days the calendar speaks. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from catalog.rules import Span, Standing, standing
from notices.kinds import MessageKind


class Reason(StrEnum):
    """What made an item new to an enterprise; one of each at most for one version of an item."""

    PUBLISHED = "published"
    PROFILE = "profile"
    CHANGED = "changed"
    LOST = "lost"
    OPENS = "opens"
    CLOSES_10 = "closes_10"
    CLOSES_5 = "closes_5"
    CLOSES_1 = "closes_1"


# how many days before its window closes an item is brought to mind
CLOSING: Mapping[int, Reason] = MappingProxyType(
    {10: Reason.CLOSES_10, 5: Reason.CLOSES_5, 1: Reason.CLOSES_1}
)
KINDS: Mapping[Reason, MessageKind] = MappingProxyType(
    {
        Reason.PUBLISHED: MessageKind.ENTITLED,
        Reason.PROFILE: MessageKind.ENTITLED,
        Reason.CHANGED: MessageKind.CHANGED,
        Reason.LOST: MessageKind.CHANGED,
        Reason.OPENS: MessageKind.CALENDAR,
        Reason.CLOSES_10: MessageKind.CALENDAR,
        Reason.CLOSES_5: MessageKind.CALENDAR,
        Reason.CLOSES_1: MessageKind.CALENDAR,
    }
)
# an enterprise that gains more items than this at once gets one message about all of them
MOST_APART = 3


def worth_telling(window: Span, validity: Span, today: date, *, foreign: bool) -> bool:
    """Whether somebody can still apply for it here, today or later."""
    return not foreign and standing(window, validity, today) in (Standing.OPEN, Standing.UPCOMING)


def due(window: Span, after: date, today: date) -> Reason | None:
    """What the calendar says of an item on *today*, with the days since *after* on which nobody looked."""
    days = [after + timedelta(days=passed + 1) for passed in range((today - after).days)]
    if window.end is not None and today <= window.end:
        near = [left for day in days if (left := (window.end - day).days) in CLOSING]
        if near:
            return CLOSING[min(near)]
    return Reason.OPENS if window.start in days and _lasts(window, today) else None


def _lasts(window: Span, today: date) -> bool:
    return window.end is None or today <= window.end


# what an enterprise that is entitled wants to know of a changed item
ASPECTS: Mapping[str, str] = MappingProxyType(
    {
        "conditions": "申报条件",
        "benefit": "金额标准",
        "window": "受理时间",
        "validity": "有效期",
        "materials": "材料",
        "type": "兑现方式",
        "department": "主管部门",
        "time_limit": "办理时限",
        "exclusivity": "互斥规定",
    }
)


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """What of an item is another than in the version before, in words."""
    return tuple(words for name, words in ASPECTS.items() if before.get(name) != after.get(name))
