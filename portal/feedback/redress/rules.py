"""What a bad rating asks for: contact within a day, put right within fifteen, or an appeal. Pure."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

from foundation.errors import Conflict, NotAllowed
from foundation.web.access import Role

CONTACT_LIMIT, FIX_LIMIT, APPEAL_LIMIT = "redress_contact", "redress_fix", "redress_appeal"
_SUBJECT = "redress:"


class Stage(StrEnum):
    """Where a redress stands."""

    OPEN = "open"
    CONTACTED = "contacted"
    FIXED = "fixed"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    CLOSED = "closed"
    EXCLUDED = "excluded"


class Act(StrEnum):
    """What somebody does about a bad rating."""

    CONTACT = "contact"
    FIX = "fix"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    REDO = "redo"
    CLOSE = "close"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    DISMISS = "dismiss"


MOVES: Mapping[tuple[Stage, Act], Stage] = MappingProxyType(
    {
        (Stage.OPEN, Act.CONTACT): Stage.CONTACTED,
        (Stage.CONTACTED, Act.FIX): Stage.FIXED,
        (Stage.FIXED, Act.CONFIRM): Stage.CONFIRMED,
        (Stage.FIXED, Act.DISPUTE): Stage.DISPUTED,
        (Stage.DISPUTED, Act.REDO): Stage.CONTACTED,
        (Stage.DISPUTED, Act.CLOSE): Stage.CLOSED,
        # an appeal changes nothing of the duty while it is not decided: its clocks run on
        (Stage.OPEN, Act.APPEAL): Stage.OPEN,
        (Stage.CONTACTED, Act.APPEAL): Stage.CONTACTED,
        **{(stage, Act.UPHOLD): Stage.EXCLUDED for stage in Stage if stage is not Stage.EXCLUDED},
        **{(stage, Act.DISMISS): stage for stage in Stage if stage is not Stage.EXCLUDED},
    }
)
# whose each act is
WORKER: Collection[Role] = frozenset({Role.WINDOW, Role.SUPERVISOR})
MAY: Mapping[Act, Collection[Role]] = MappingProxyType(
    {
        Act.CONTACT: WORKER,
        Act.FIX: WORKER,
        Act.APPEAL: frozenset({Role.WINDOW}),
        Act.CONFIRM: frozenset({Role.ENTERPRISE}),
        Act.DISPUTE: frozenset({Role.ENTERPRISE}),
        Act.REDO: frozenset({Role.SUPERVISOR}),
        Act.CLOSE: frozenset({Role.SUPERVISOR}),
        Act.UPHOLD: frozenset({Role.SUPERVISOR}),
        Act.DISMISS: frozenset({Role.SUPERVISOR}),
    }
)
OVER = frozenset({Stage.CONFIRMED, Stage.CLOSED, Stage.EXCLUDED})
STAGE_NAMES: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.OPEN: "待联系",
        Stage.CONTACTED: "整改中",
        Stage.FIXED: "待企业确认",
        Stage.CONFIRMED: "企业已确认",
        Stage.DISPUTED: "企业不认可",
        Stage.CLOSED: "已办结",
        Stage.EXCLUDED: "申诉成立，不计入",
    }
)
ACT_NAMES: Mapping[Act, str] = MappingProxyType(
    {
        Act.CONTACT: "联系企业",
        Act.FIX: "整改",
        Act.CONFIRM: "企业确认",
        Act.DISPUTE: "企业不认可",
        Act.REDO: "要求重新整改",
        Act.CLOSE: "办结",
        Act.APPEAL: "申诉",
        Act.UPHOLD: "认定申诉成立",
        Act.DISMISS: "驳回申诉",
    }
)


def take(stage: Stage, act: Act, role: Role, *, appeal_open: bool, appealed: bool) -> Stage:
    """What *act* of somebody in *role* does; refuses what is not listed, not theirs, or has no appeal."""
    after = MOVES.get((stage, act))
    undecided = act not in {Act.UPHOLD, Act.DISMISS} or appeal_open
    if after is None or not undecided or (act is Act.APPEAL and appealed):
        raise Conflict(f"这件整改现在是“{STAGE_NAMES[stage]}”，不能{ACT_NAMES[act]}。请刷新后再看。")
    if role not in MAY[act]:
        raise NotAllowed(f"{ACT_NAMES[act]}由别的单位办理。请从整改清单重新进入。")
    return after


def possible(stage: Stage, role: Role, *, appeal_open: bool, appealed: bool) -> frozenset[Act]:
    """What somebody in *role* may do now."""
    fitting = {act for at, act in MOVES if at is stage and role in MAY[act]}
    if not appeal_open:
        fitting -= {Act.UPHOLD, Act.DISMISS}
    return frozenset(fitting - {Act.APPEAL} if appealed else fitting)


def clocks_of(stage: Stage, *, appeal_open: bool) -> frozenset[str]:
    """The limits that run while a redress stands at *stage*."""
    running = {Stage.OPEN: {CONTACT_LIMIT, FIX_LIMIT}, Stage.CONTACTED: {FIX_LIMIT}}.get(stage, set())
    return frozenset(running | {APPEAL_LIMIT} if appeal_open else running)


def subject(number: str) -> str:
    """How audit and deadlines name a redress: never by its case."""
    return f"{_SUBJECT}{number}"


def number_of(name: str) -> str | None:
    """The redress of a subject; None where it is something else."""
    return name.removeprefix(_SUBJECT) if name.startswith(_SUBJECT) else None
