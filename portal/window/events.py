"""What the window tells the other rooms: one topic an act, in the past tense."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypedDict

from portal.window.rules import Act

TOPICS: Mapping[Act, str] = MappingProxyType(
    {
        Act.SUBMIT: "window.submitted",
        Act.ASK_SUPPLEMENT: "window.supplement_asked",
        Act.SUPPLY: "window.supplied",
        Act.ACCEPT: "window.accepted",
        Act.DEEM_ACCEPTED: "window.deemed_accepted",
        Act.REFUSE: "window.refused",
        Act.HAND_OFF: "window.handed_off",
        Act.RESPOND: "window.responded",
        Act.RETURN: "window.returned",
        Act.REVIEW: "window.reviewed",
        Act.SEND_BACK: "window.sent_back",
        Act.APPROVE: "window.approved",
        Act.QUEUE_FOR_FUNDS: "window.queued_for_funds",
        Act.FUND: "window.funded",
        Act.REJECT: "window.rejected",
        Act.PAY: "window.paid",
        Act.WITHDRAW: "window.withdrawn",
        Act.LIST: "window.listed",
        Act.CONFIRM_ACCOUNT: "window.account_confirmed",
        Act.AWAIT_FUNDS: "window.account_confirmed_without_funds",
        Act.PUBLISH: "window.published",
        Act.END_PUBLICITY: "window.publicity_ended",
        Act.DELIVER: "window.delivered",
        Act.REPORT: "window.reported",
    }
)

# rows of an exempt list on which the department ruled
ROWS_RULED = "window.rows_ruled"
# 公示: its last day passed; an objection was decided in writing
PUBLICITY_OVER = "window.publicity_over"
OBJECTION_DECIDED = "window.objection_decided"


class CaseEvent(TypedDict):
    """The payload of every topic of this room."""

    case: str
    version: int
    at: str


def payload(number: str, version: int, at: datetime) -> CaseEvent:
    """What a reader gets: ids and the moment, never contents."""
    return CaseEvent(case=number, version=version, at=at.isoformat())
