"""Twelve cases on their way: what happened to each, and how much opening time ago."""

from dataclasses import dataclass, field
from typing import Any

from portal.demo.people import ALUMINIUM, BAMBOO, CASTING, COLD, HERBS, INDUSTRY, SCIENCE, WALNUT

# the opening minutes of one working day
DAY = 420


@dataclass(frozen=True, slots=True)
class Do:
    """One act, *ago* opening minutes before now, by the person with the login *who*."""

    ago: int
    act: str
    who: str
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """What one firm asked for, and what became of it."""

    firm: str
    item: str
    applied_fen: int
    department: str
    acts: tuple[Do, ...]


def _to_review(days: float, firm_login: str, officer: str) -> tuple[Do, ...]:
    """Submitted, accepted, handed off and responded, all on time, *days* working days ago."""
    start = round(days * DAY)
    return (
        Do(start + 95, "submit", firm_login),
        Do(start + 60, "accept", "zhuanchuang1"),
        Do(start + 40, "hand_off", "zhuanchuang1"),
        Do(start, "respond", officer),
    )


def _reviewed(days: float, officer: str, checked_fen: int, reason: str = "") -> Do:
    given = {"checked_fen": checked_fen, "opinion": "材料齐全，符合条件", "reason": reason}
    return Do(round(days * DAY), "review", officer, given)


def _decided(days: float, head: str, decided_fen: int) -> Do:
    return Do(round(days * DAY), "approve", head, {"decided_fen": decided_fen, "reason": ""})


_AUDIT_GAP = ("设备投资专项审计报告", "请补交会计师事务所出具的原件")

STORIES = (
    Story(
        CASTING, "YL01", 186_000_00, INDUSTRY,
        (
            *_to_review(11, "qiye1", "jingxin1"),
            _reviewed(8, "jingxin1", 181_500_00, "一张发票属于上上年度，核减 4,500 元"),
            _decided(7, "jingxin2", 181_500_00),
            Do(round(6.6 * DAY), "prepare", "caizheng1"),
            Do(round(6.3 * DAY), "pay", "caizheng2", {"bank_reference": "样例回单-0001"}),
            Do(round(5.5 * DAY), "rate", "qiye1", {"level": 1, "comment": "一周就到账，进度看得见"}),
        ),
    ),
    Story(
        WALNUT, "YL02", 140_000_00, INDUSTRY,
        (
            *_to_review(6, "qiye3", "jingxin1"),
            _reviewed(3, "jingxin1", 0, "设备投资 180 万元，不到 300 万元"),
            Do(2 * DAY, "reject", "jingxin2", {"reason": "设备投资 180 万元，没有达到 300 万元的条件"}),
        ),
    ),
    Story(
        ALUMINIUM, "YL02", 1_000_000_00, INDUSTRY,
        (
            *_to_review(9, "qiye6", "jingxin3"),
            _reviewed(5, "jingxin3", 960_000_00, "一台设备不在备案清单内，核减 40,000 元"),
            _decided(4, "jingxin2", 960_000_00),
        ),
    ),
    Story(
        HERBS, "YL03", 100_000_00, SCIENCE,
        # 即申即享: no opinion in between
        (*_to_review(2, "qiye4", "keji1"), _decided(0.15, "keji2", 100_000_00)),
    ),
    Story(
        BAMBOO, "YL01", 62_000_00, INDUSTRY,
        (*_to_review(5, "qiye2", "jingxin1"), _reviewed(0.4, "jingxin1", 62_000_00)),
    ),
    Story(WALNUT, "YL01", 88_000_00, INDUSTRY, _to_review(3, "qiye3", "jingxin3")),
    Story(CASTING, "YL02", 496_000_00, INDUSTRY, _to_review(9.3, "qiye1", "jingxin1")),
    Story(
        BAMBOO, "YL02", 248_000_00, INDUSTRY,
        (
            *_to_review(7, "qiye2", "jingxin3"),
            Do(4 * DAY, "ask", "jingxin3", {"wanted": (_AUDIT_GAP,)}),
        ),
    ),
    Story(
        ALUMINIUM, "YL01", 300_000_00, INDUSTRY,
        (
            Do(170, "submit", "qiye6"),
            Do(110, "accept", "zhuanchuang2"),
            Do(85, "hand_off", "zhuanchuang2"),
        ),
    ),
    Story(
        CASTING, "YL03", 100_000_00, SCIENCE,
        (Do(190, "submit", "qiye1"), Do(48, "accept", "zhuanchuang1")),
    ),
    Story(
        HERBS, "YL02", 336_000_00, INDUSTRY,
        (
            Do(DAY + 120, "submit", "qiye4"),
            Do(200, "ask", "zhuanchuang1", {"wanted": (_AUDIT_GAP,)}),
        ),
    ),
    Story(COLD, "YL04", 50_000_00, "510800-15", (Do(25, "submit", "zhuanchuang2"),)),
)  # fmt: skip
