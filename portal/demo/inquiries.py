"""Three questions of the demonstration: one became an FAQ entry, one is answered, one waits (all 样例)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts import queries as accounts
from foundation.web.access import Actor
from portal.demo.people import INDUSTRY
from portal.demo.stories import DAY, Do
from portal.window.questions import faq, services
from portal.window.questions.services import Asking


@dataclass(frozen=True, slots=True)
class Asked:
    """What a firm wanted to know, and what became of it."""

    item: str
    words: str
    acts: tuple[Do, ...]


class Inquiry:
    """One question while it is played."""

    def __init__(self, story: Asked) -> None:
        self.story = story
        self.number = self.entry = ""
        self.acts: Mapping[str, Callable[..., Any]] = {
            "ask": self._ask,
            "pass": lambda db, actor: services.pass_on(db, actor, self.number, department=INDUSTRY),
            "answer": lambda db, actor, words: services.answer(
                db, actor, self.number, words=words, told=True
            ),
            "propose": self._propose,
            "publish": lambda db, actor: faq.publish(db, actor, self.entry),
        }

    def play(self, db: Session, do: Do) -> None:
        """Carry one act out, now."""
        (_, actor), *_ = accounts.actors_named(db, do.who, clock.now().date())
        self.acts[do.act](db, actor, **do.given)

    def _ask(self, db: Session, actor: Actor) -> None:
        self.number = services.ask(db, actor, Asking(self.story.words, item_code=self.story.item)).number

    def _propose(self, db: Session, actor: Actor, question: str, answer: str) -> None:
        self.entry = faq.propose(db, actor, self.number, question=question, answer=answer)


def _answered(ago: int, who: str, words: str) -> Do:
    return Do(ago, "answer", who, {"words": words})


INQUIRIES = (
    Asked(
        "YL01", "我们去年租的厂房，今年才搬进去，租金能算去年的吗？（样例）",
        (
            Do(6 * DAY, "ask", "qiye2"),
            Do(6 * DAY - 90, "pass", "zhuanchuang1"),
            _answered(5 * DAY, "jingxin1", "能。按合同和发票的租期计算，不看搬进去的时间。"),
            Do(
                5 * DAY - 30, "propose", "jingxin1",
                {
                    "question": "租了厂房还没有搬进去，租金能算吗？（样例）",
                    "answer": "能。按租赁合同和发票写明的租期计算，不看实际搬入的时间。",
                },
            ),
            Do(5 * DAY - 120, "publish", "jingxin2"),
        ),
    ),
    Asked(
        "YL03", "认定证书下周才能拿到，可以先申请吗？（样例）",
        (
            Do(2 * DAY + 60, "ask", "qiye4"),
            _answered(2 * DAY, "zhuanchuang1", "请拿到证书以后再申请，申报时间内都可以。"),
        ),
    ),
    Asked("YL02", "进口设备的关税算不算设备投资？（样例）", (Do(65, "ask", "qiye1"),)),
)  # fmt: skip


def inquiries() -> list[Inquiry]:
    """All of them, not played yet."""
    return [Inquiry(story) for story in INQUIRIES]
