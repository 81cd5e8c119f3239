"""What an item is, where it applies and whether it is open. No Flask, no database, no clock."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from catalog.conditions import regions


class Mode(StrEnum):
    """The modes known from the start; the table redeem_mode holds these and what other places call theirs."""

    EXEMPT = "exempt"
    INSTANT = "instant"
    REVIEW = "review"
    UNSTATED = "unstated"


class Scope(StrEnum):
    """Who decides: the city and its counties, city and counties with others, or a level above."""

    LOCAL = "local"
    JOINT = "joint"
    UPPER = "upper"


class OutcomeKind(StrEnum):
    """What an enterprise leaves with (川办函〔2024〕17号 2.1: 奖补、减免、权益、资质)."""

    MONEY = "money"
    RELIEF = "relief"
    RIGHT = "right"
    CERTIFICATE = "certificate"


class Channel(StrEnum):
    """Where an enterprise gets it: here, on another site, or from a bureau of its own line."""

    PORTAL = "portal"
    LINK = "link"
    BUREAU = "bureau"


class Origin(StrEnum):
    """How a version came here."""

    IMPORTED = "imported"
    AUTHORED = "authored"


class FairCompetition(StrEnum):
    """What is on record of the fair-competition review (公平竞争审查条例, since 2024-08-01)."""

    UNRECORDED = "unrecorded"
    PASSED = "passed"
    EXCEPTED = "excepted"
    UPPER_POLICY = "upper_policy"
    CLEARED_STOCK = "cleared_stock"


class Standing(StrEnum):
    """Whether an item takes applications on a day."""

    OPEN = "open"
    UPCOMING = "upcoming"
    CLOSED = "closed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Span:
    """From one day until another, both counted; either end may be open."""

    start: date | None = None
    end: date | None = None

    def __bool__(self) -> bool:
        return self.start is not None or self.end is not None


MODE_LABELS = {
    Mode.EXEMPT: "免申即享",
    Mode.INSTANT: "即申即享",
    Mode.REVIEW: "综合评审",
    Mode.UNSTATED: "方式待核定",
}
# 川办函〔2024〕17号 2.4
PROVINCIAL_LABELS = {Mode.EXEMPT: "免申即享", Mode.INSTANT: "快申快享", Mode.REVIEW: "特殊程序"}
SCOPE_LABELS = {Scope.LOCAL: "市内", Scope.JOINT: "市县联办", Scope.UPPER: "上级"}
OUTCOME_LABELS = {
    OutcomeKind.MONEY: "奖补",
    OutcomeKind.RELIEF: "减免",
    OutcomeKind.RIGHT: "权益",
    OutcomeKind.CERTIFICATE: "资质",
}
CHANNEL_LABELS = {
    Channel.PORTAL: "在线申请",
    Channel.LINK: "到指定网站办理",
    Channel.BUREAU: "到主管部门办理",
}
FAIR_COMPETITION_LABELS = {
    FairCompetition.UNRECORDED: "未见审查记录",
    FairCompetition.PASSED: "已审查，通过",
    FairCompetition.EXCEPTED: "已审查，适用例外规定",
    FairCompetition.UPPER_POLICY: "上级政策",
    FairCompetition.CLEARED_STOCK: "存量，已清理",
}
STANDING_LABELS = {
    Standing.OPEN: "正在受理",
    Standing.UPCOMING: "还没开始",
    Standing.CLOSED: "已截止",
    Standing.EXPIRED: "已失效",
}


def standing(window: Span, validity: Span, today: date) -> Standing:
    """Whether an item with this window and validity takes applications on *today*; open ends never close."""
    if validity.end and today > validity.end:
        return Standing.EXPIRED
    if window.end and today > window.end:
        return Standing.CLOSED
    starts = [span.start for span in (window, validity) if span.start]
    return Standing.UPCOMING if any(today < start for start in starts) else Standing.OPEN


def applies_here(region_code: str | None, city: str) -> bool:
    """Whether an item of *region_code* is one of *city*: its own, its counties' or from a level above."""
    if region_code is None:
        return False
    return regions.inside(region_code, city) or regions.inside(city, region_code)


def default_scope(region_code: str | None) -> Scope:
    """Whose decision an item is, where its row does not say."""
    return Scope.UPPER if region_code is not None and region_code.endswith("0000") else Scope.LOCAL


def default_outcome(benefit_kind: str | None) -> OutcomeKind:
    """What the applicant gets, where the row names only how the benefit is reckoned."""
    if benefit_kind == "tax":
        return OutcomeKind.RELIEF
    return OutcomeKind.RIGHT if benefit_kind == "loan" else OutcomeKind.MONEY


def default_channel(benefit_kind: str | None) -> Channel:
    """Taxes are relieved where they are declared; everything else is applied for here."""
    return Channel.BUREAU if benefit_kind == "tax" else Channel.PORTAL
