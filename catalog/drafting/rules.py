"""What may happen to a draft, and what a measure needs on record before it is published. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from catalog.conditions import regions
from catalog.rules import FairCompetition
from foundation.deadlines.rules import Limit, Unit
from foundation.errors import Invalid, NotAllowed

# 公平竞争审查条例, in force since then
REVIEW_SINCE = date(2024, 8, 1)
_SOURCE = "川办函〔2024〕17号：政策出台 7 个工作日内公布事项和指南"
# amended ones by the stricter practice of other cities
NEW = Limit("publication", "发布事项和指南", "发布", Unit.WORKDAYS, 7, _SOURCE)
AMENDED = Limit(
    "amendment", "更新事项和指南", "发布", Unit.WORKDAYS, 3, f"{_SOURCE}；更改的 3 个工作日内（通行做法）"
)


class State(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    DROPPED = "dropped"


class Move(StrEnum):
    """What somebody does to a draft."""

    SAVE = "save"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    DROP = "drop"


MOVES: Mapping[tuple[State, Move], State] = {
    (State.DRAFT, Move.SAVE): State.DRAFT,
    (State.DRAFT, Move.SUBMIT): State.SUBMITTED,
    (State.DRAFT, Move.DROP): State.DROPPED,
    (State.SUBMITTED, Move.SEND_BACK): State.DRAFT,
    (State.SUBMITTED, Move.PUBLISH): State.PUBLISHED,
}
STATE_LABELS = {
    State.DRAFT: "起草中",
    State.SUBMITTED: "等审签",
    State.PUBLISHED: "已发布",
    State.DROPPED: "已放弃",
}
BY_SECOND_PERSON = frozenset({Move.SEND_BACK, Move.PUBLISH})


@dataclass(frozen=True, slots=True)
class FairRecord:
    """What is on record of the fair-competition review of a measure."""

    kind: FairCompetition
    reviewed_on: date | None = None
    reviewer: str = ""
    conclusion: str = ""
    until: date | None = None


def after(state: State, move: Move) -> State:
    """The state after *move*."""
    if (state, move) not in MOVES:
        raise NotAllowed(f"这份草稿{STATE_LABELS[state]}，不能这样办理。请刷新页面，看它现在到了哪一步。")
    return MOVES[state, move]


def check_fair(record: FairRecord, *, region_code: str | None, city: str, issued_on: date | None) -> None:
    """Refuse a measure of the city's own since 2024-08-01 without its fair-competition review (条例 18)."""
    own = region_code is None or regions.inside(region_code, city)
    old = issued_on is not None and issued_on < REVIEW_SINCE
    if record.kind in (FairCompetition.PASSED, FairCompetition.EXCEPTED):
        _check_review(record)
    elif record.kind is FairCompetition.UPPER_POLICY and own:
        raise Invalid.of("fair", "这是本市的政策，不能按上级政策发布", "请选审查结论，填日期和单位")
    elif record.kind is FairCompetition.CLEARED_STOCK and not old:
        raise Invalid.of("fair", "2024-08-01 起出台的不是存量政策", "请先完成审查；更早的请填出台日期")
    elif record.kind is FairCompetition.UNRECORDED and own:
        raise Invalid.of("fair", "没有公平竞争审查记录，不能发布", "请填审查结论、日期和审查单位")


def _check_review(record: FairRecord) -> None:
    if record.reviewed_on is None or not record.reviewer:
        raise Invalid.of("reviewed_on", "审查记录不完整", "请填审查日期和审查单位")
    if record.kind is FairCompetition.EXCEPTED and record.until is None:
        raise Invalid.of("fair_until", "适用例外规定的要有终止日期", "请填例外规定的实施期限（条例第十二条）")
