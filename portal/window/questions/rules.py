"""What may happen to a question, and to an answer on its way into the item's FAQ. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from foundation.deadlines.rules import Limit
from foundation.deadlines.workdays import Workdays
from foundation.errors import Conflict, Invalid, NotAllowed
from foundation.web.access import Role
from notices.codes import ALPHABET

_SUBJECT = "question:"
ANSWER_LIMIT, CONSULT_LIMIT, CALLBACK_LIMIT = "answer", "consult", "callback"
# whoever asks late in the afternoon is called within one open hour, not within the last minutes of the day
SHORTEST_CALLBACK = timedelta(hours=1)
# a visitor's questions from one address within an hour, and all visitors' together
MOST_FROM_ONE, MOST_FROM_ALL = 5, 200
RATE_SPAN = timedelta(hours=1)
CODE_LENGTH = 12
_FORM_KEY = re.compile(r"[0-9a-f]{32}")
# what never stands in a public answer: numbers that a person or a firm has
_PRIVATE = (
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "手机号码"),
    (re.compile(r"(?<![0-9A-Za-z])[0-9A-Z]{2}\d{6}[0-9A-Za-z]{10}(?![0-9A-Za-z])"), "身份证号码或信用代码"),
    (re.compile(r"(?<![0-9A-Za-z])(?:\d{15,17}|\d{19})(?![0-9A-Za-z])"), "银行账号"),
)


class Kind(StrEnum):
    """What is wished for."""

    QUESTION = "question"
    CALLBACK = "callback"


class Channel(StrEnum):
    """How it came in."""

    ONLINE = "online"
    PHONE = "phone"
    COUNTER = "counter"


class Stage(StrEnum):
    """Where a question stands."""

    ASKED = "asked"
    PASSED = "passed"
    TO_TELL = "to_tell"
    ANSWERED = "answered"


class Act(StrEnum):
    """What somebody does to a question."""

    ASK = "ask"
    PASS = "pass"  # noqa: S105  # the act, no secret
    RETURN = "return"
    ANSWER = "answer"
    # answered, but somebody still has to tell the asker, who left a phone number only
    ANSWER_TO_TELL = "answer_to_tell"
    TELL = "tell"
    MISS = "miss"


_CALLING = {
    (Stage.ASKED, Act.ANSWER): Stage.ANSWERED,
    (Stage.ASKED, Act.MISS): Stage.ASKED,
}
MOVES: Mapping[Kind, Mapping[tuple[Stage, Act], Stage]] = MappingProxyType(
    {
        Kind.QUESTION: MappingProxyType(
            {
                (Stage.ASKED, Act.PASS): Stage.PASSED,
                (Stage.ASKED, Act.ANSWER): Stage.ANSWERED,
                (Stage.ASKED, Act.ANSWER_TO_TELL): Stage.TO_TELL,
                (Stage.PASSED, Act.ANSWER): Stage.ANSWERED,
                (Stage.PASSED, Act.ANSWER_TO_TELL): Stage.TO_TELL,
                (Stage.PASSED, Act.RETURN): Stage.ASKED,
                (Stage.TO_TELL, Act.TELL): Stage.ANSWERED,
                (Stage.TO_TELL, Act.MISS): Stage.TO_TELL,
            }
        ),
        # whoever asked to be called is called by the window; what needs the department becomes a question
        Kind.CALLBACK: MappingProxyType(_CALLING),
    }
)
HOLDERS: Mapping[Stage, Role | None] = MappingProxyType(
    {
        Stage.ASKED: Role.WINDOW,
        Stage.PASSED: Role.DEPARTMENT,
        Stage.TO_TELL: Role.WINDOW,
        Stage.ANSWERED: None,
    }
)
STAGE_NAMES: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.ASKED: "待专窗答复",
        Stage.PASSED: "待部门答复",
        Stage.TO_TELL: "待告知",
        Stage.ANSWERED: "已答复",
    }
)
KIND_NAMES: Mapping[Kind, str] = MappingProxyType({Kind.QUESTION: "咨询", Kind.CALLBACK: "请回电"})
CHANNEL_NAMES: Mapping[Channel, str] = MappingProxyType(
    {Channel.ONLINE: "网上", Channel.PHONE: "电话", Channel.COUNTER: "窗口"}
)
ACT_NAMES: Mapping[Act, str] = MappingProxyType(
    {
        Act.ASK: "提出咨询",
        Act.PASS: "转部门答复",
        Act.RETURN: "退回专窗",
        Act.ANSWER: "答复",
        Act.ANSWER_TO_TELL: "答复，等待告知",
        Act.TELL: "告知提问人",
        Act.MISS: "去电没有接通",
    }
)


def take(kind: Kind, stage: Stage, act: Act, role: Role) -> Stage:
    """What *act* of somebody in *role* does to a question; refuses what is not listed or not theirs to do."""
    after = MOVES[kind].get((stage, act))
    if after is None:
        raise Conflict(
            f"这条咨询现在是“{STAGE_NAMES[stage]}”，不能{ACT_NAMES[act]}。可能刚被别人办过，请刷新后再看。"
        )
    if HOLDERS[stage] is not role:
        raise NotAllowed(f"这条咨询现在是“{STAGE_NAMES[stage]}”，由别的单位办理。请从咨询清单重新进入。")
    return after


def possible(kind: Kind, stage: Stage, role: Role) -> frozenset[Act]:
    """What somebody in *role* may do now."""
    return frozenset(act for at, act in MOVES[kind] if at is stage and HOLDERS[stage] is role)


def clock_of(kind: Kind, stage: Stage) -> str | None:
    """The limit that runs while a question stands at *stage*."""
    if stage is Stage.ANSWERED:
        return None
    if kind is Kind.CALLBACK:
        return CALLBACK_LIMIT
    return CONSULT_LIMIT if stage is Stage.PASSED else ANSWER_LIMIT


def same_day(limit: Limit, at: datetime, workdays: Workdays) -> Limit:
    """*limit* as the open time that is left of the day of *at*: a callback is made the same day."""
    left = max(workdays.open_time(at, workdays.next_closing(at)), SHORTEST_CALLBACK)
    return replace(limit, amount=left // timedelta(minutes=1))


def check_rate(from_one: int, from_all: int) -> None:
    """Refuse a visitor's question where too many came within the hour."""
    if from_one >= MOST_FROM_ONE or from_all >= MOST_FROM_ALL:
        raise NotAllowed("这一小时提的问题太多了，这一条没有收下。请一小时后再提，或拨 12345、到专窗当面问。")


def lookup_code(form_key: str) -> str:
    """The code under which a visitor reads the answer: made of the form's own key, so that a double click
    is one question."""
    if not _FORM_KEY.fullmatch(form_key):
        raise Invalid.of("_key", "这一页不完整，没有提交", "请刷新页面后再提交")
    number = int.from_bytes(hashlib.sha256(f"question {form_key}".encode()).digest(), "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def code_digest(code: str) -> str:
    """What is kept of a lookup code."""
    return hashlib.sha256(code.encode()).hexdigest()


def subject(number: str) -> str:
    """How audit and deadlines name a question."""
    return f"{_SUBJECT}{number}"


def number_of(name: str) -> str | None:
    """The question of a subject; None where it is something else."""
    return name.removeprefix(_SUBJECT) if name.startswith(_SUBJECT) else None


class FaqStage(StrEnum):
    """Where an entry of an item's FAQ stands."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class FaqAct(StrEnum):
    """What somebody does to an entry."""

    PUBLISH = "publish"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


FAQ_MOVES: Mapping[tuple[FaqStage, FaqAct], FaqStage] = MappingProxyType(
    {
        (FaqStage.PROPOSED, FaqAct.PUBLISH): FaqStage.PUBLISHED,
        (FaqStage.PROPOSED, FaqAct.DECLINE): FaqStage.DECLINED,
        (FaqStage.PUBLISHED, FaqAct.WITHDRAW): FaqStage.WITHDRAWN,
    }
)
FAQ_STAGE_NAMES: Mapping[FaqStage, str] = MappingProxyType(
    {
        FaqStage.PROPOSED: "待审核",
        FaqStage.PUBLISHED: "已公开",
        FaqStage.DECLINED: "没有采用",
        FaqStage.WITHDRAWN: "已撤下",
    }
)


def take_faq(stage: FaqStage, act: FaqAct) -> FaqStage:
    """What *act* does to an entry at *stage*."""
    try:
        return FAQ_MOVES[stage, act]
    except KeyError:
        raise Conflict(f"这条问答现在是“{FAQ_STAGE_NAMES[stage]}”，不能这样办理。请刷新后再看。") from None


def traces(text: str, known: Iterable[str] = ()) -> list[str]:
    """What in *text* tells of the asker: *known* values of its own, and numbers that only persons have."""
    said = [f"“{value}”" for value in known if len(value) > 1 and value in text]
    return said + [what for pattern, what in _PRIVATE if pattern.search(text)]
