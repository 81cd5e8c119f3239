"""What may happen to an exempt list (免申即享清单): frozen, handed off once, confirmed row by row. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

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
    CONFIRM = "confirm"


MOVES: Mapping[tuple[ListStage, ListAct], ListStage] = MappingProxyType(
    {
        (ListStage.FROZEN, ListAct.HAND_OFF): ListStage.HANDED_OFF,
        (ListStage.HANDED_OFF, ListAct.RESPOND): ListStage.IN_REVIEW,
        (ListStage.HANDED_OFF, ListAct.CONFIRM): ListStage.CONFIRMED,
        (ListStage.IN_REVIEW, ListAct.CONFIRM): ListStage.CONFIRMED,
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

    NONE = "none"
    DUPLICATE = "duplicate"


DOUBTS: Mapping[Doubt, str] = MappingProxyType(
    {Doubt.NONE: "", Doubt.DUPLICATE: "本年度同一事项已有在办或已兑现的办件"}
)


def take(stage: ListStage, act: ListAct) -> ListStage:
    """The stage after *act*; refuses every move that is not listed."""
    try:
        return MOVES[stage, act]
    except KeyError:
        raise Conflict(
            f"这份清单现在是“{STAGE_NAMES[stage]}”，这一步已经办过或还没轮到。请刷新后再看。"
        ) from None
