"""A question's timeline in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from foundation.audit import AuditLine
from portal.window.questions.rules import Act

SAID: Mapping[str, str] = {
    Act.ASK: "收到咨询",
    Act.PASS: "{who}转给主管部门答复",
    Act.RETURN: "{who}退回专窗",
    Act.ANSWER: "{who}已答复",
    Act.ANSWER_TO_TELL: "{who}已答复，等待电话告知",
    Act.TELL: "{who}已电话告知提问人",
    Act.MISS: "{who}去电，没有接通",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One step of the story."""

    at: datetime
    title: str


def tell(lines: Sequence[AuditLine], names: Mapping[str, str]) -> list[Happened]:
    """The story, the newest first; *names* are of organisations by code."""
    return [
        Happened(line.happened_at, SAID[line.act].format(who=names.get(line.organisation_code or "", "")))
        for line in reversed(lines)
    ]
