"""What is done to many cases at once, by whom and by which acts. No Flask, no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from foundation.errors import NotAllowed
from foundation.web.access import Role
from portal.window.rules import Act, Ending, Stage, possible


class BulkAct(StrEnum):
    """What can be done to many cases in one go."""

    ACCEPT_AND_HAND_OFF = "accept_and_hand_off"
    ACCEPT = "accept"
    HAND_OFF = "hand_off"
    RESPOND = "respond"


@dataclass(frozen=True, slots=True)
class Bulk:
    """Whose it is, at which stage it is offered, what it does to each case, and what that means."""

    role: Role
    stage: Stage
    acts: tuple[Act, ...]
    name: str
    meaning: str


_ACCEPTED = "每件出具受理通知书并告知企业"
_HANDED_OFF = "按事项清单交给主管部门，每件出具《交办通知书》，部门从收到起 1 小时内响应，审核时限同时开始"
BULKS: Mapping[BulkAct, Bulk] = MappingProxyType(
    {
        BulkAct.ACCEPT_AND_HAND_OFF: Bulk(
            Role.WINDOW,
            Stage.SUBMITTED,
            (Act.ACCEPT, Act.HAND_OFF),
            "受理并交办",
            f"{_ACCEPTED}；随即{_HANDED_OFF}。",
        ),
        BulkAct.ACCEPT: Bulk(
            Role.WINDOW, Stage.SUBMITTED, (Act.ACCEPT,), "受理", f"{_ACCEPTED}；受理后 1 小时内要交办。"
        ),
        BulkAct.HAND_OFF: Bulk(
            Role.WINDOW,
            Stage.ACCEPTED,
            (Act.HAND_OFF,),
            "交办",
            f"{_HANDED_OFF}。部门退回过的，请逐件打开，选定承办部门后再交办。",
        ),
        BulkAct.RESPOND: Bulk(
            Role.DEPARTMENT,
            Stage.HANDED_OFF,
            (Act.RESPOND,),
            "响应",
            "承办人和直拨电话写进每一件，企业会看到。不属于本单位职责的，请逐件退回。",
        ),
    }
)


def offered(role: Role, tab: str) -> tuple[BulkAct, ...]:
    """What *role* can do to many cases on this tab of the desk: all of them stand at one stage there."""
    return tuple(act for act, bulk in BULKS.items() if bulk.role is role and bulk.stage == tab)


def check_may(role: Role, act: BulkAct) -> None:
    """Refuse with NotAllowed what is another role's to do."""
    if BULKS[act].role is not role:
        raise NotAllowed(f"“{BULKS[act].name}”由别的单位或岗位办理。请回到工作台，从本单位的办件中选择。")


def fits(act: BulkAct, mode: str, stage: Stage, ending: Ending) -> bool:
    """Whether a case that stands at *stage* is still to be done; others were done, or went another way."""
    return BULKS[act].acts[0] in possible(mode, stage, ending)
