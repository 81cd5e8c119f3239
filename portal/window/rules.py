"""What may happen to a case, and which clocks that stops and starts. No Flask, no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from foundation.errors import Conflict


class Stage(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SUPPLEMENT_ASKED = "supplement_asked"
    ACCEPTED = "accepted"
    HANDED_OFF = "handed_off"
    IN_REVIEW = "in_review"
    REVIEW_SUPPLEMENT_ASKED = "review_supplement_asked"
    REVIEWED = "reviewed"
    AWAITING_ACCOUNT = "awaiting_account"
    AWAITING_FUNDS = "awaiting_funds"
    APPROVED = "approved"
    PAID = "paid"
    REJECTED = "rejected"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What somebody does to a case."""

    SUBMIT = "submit"
    ASK_SUPPLEMENT = "ask_supplement"
    SUPPLY = "supply"
    ACCEPT = "accept"
    DEEM_ACCEPTED = "deem_accepted"
    REFUSE = "refuse"
    HAND_OFF = "hand_off"
    RESPOND = "respond"
    RETURN = "return"
    REVIEW = "review"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    QUEUE_FOR_FUNDS = "queue_for_funds"
    FUND = "fund"
    REJECT = "reject"
    PAY = "pay"
    WITHDRAW = "withdraw"
    LIST = "list"
    CONFIRM_ACCOUNT = "confirm_account"
    AWAIT_FUNDS = "await_funds"


WITHDRAWABLE = (
    Stage.SUBMITTED,
    Stage.SUPPLEMENT_ASKED,
    Stage.ACCEPTED,
    Stage.HANDED_OFF,
    Stage.IN_REVIEW,
    Stage.REVIEW_SUPPLEMENT_ASKED,
    Stage.REVIEWED,
)
Moves = Mapping[tuple[Stage, Act], Stage]
REVIEW: Moves = MappingProxyType(
    {
        (Stage.DRAFT, Act.SUBMIT): Stage.SUBMITTED,
        (Stage.SUBMITTED, Act.ASK_SUPPLEMENT): Stage.SUPPLEMENT_ASKED,
        (Stage.SUPPLEMENT_ASKED, Act.SUPPLY): Stage.SUBMITTED,
        (Stage.SUBMITTED, Act.ACCEPT): Stage.ACCEPTED,
        (Stage.SUBMITTED, Act.DEEM_ACCEPTED): Stage.ACCEPTED,
        (Stage.SUBMITTED, Act.REFUSE): Stage.REFUSED,
        (Stage.ACCEPTED, Act.HAND_OFF): Stage.HANDED_OFF,
        (Stage.HANDED_OFF, Act.RESPOND): Stage.IN_REVIEW,
        (Stage.HANDED_OFF, Act.RETURN): Stage.ACCEPTED,
        (Stage.IN_REVIEW, Act.RETURN): Stage.ACCEPTED,
        (Stage.IN_REVIEW, Act.ASK_SUPPLEMENT): Stage.REVIEW_SUPPLEMENT_ASKED,
        (Stage.REVIEW_SUPPLEMENT_ASKED, Act.SUPPLY): Stage.IN_REVIEW,
        (Stage.IN_REVIEW, Act.REVIEW): Stage.REVIEWED,
        (Stage.REVIEWED, Act.SEND_BACK): Stage.IN_REVIEW,
        (Stage.REVIEWED, Act.APPROVE): Stage.APPROVED,
        (Stage.REVIEWED, Act.QUEUE_FOR_FUNDS): Stage.AWAITING_FUNDS,
        (Stage.REVIEWED, Act.REJECT): Stage.REJECTED,
        (Stage.AWAITING_FUNDS, Act.FUND): Stage.APPROVED,
        (Stage.APPROVED, Act.PAY): Stage.PAID,
        **{(stage, Act.WITHDRAW): Stage.WITHDRAWN for stage in WITHDRAWABLE},
    }
)
# 即申即享: simple proof, so a decision may follow the handoff at once; a colleague's opinion may be asked for
INSTANT: Moves = MappingProxyType(
    {
        **REVIEW,
        **{
            (stage, act): REVIEW[Stage.REVIEWED, act]
            for stage in (Stage.HANDED_OFF, Stage.IN_REVIEW)
            for act in (Act.APPROVE, Act.QUEUE_FOR_FUNDS, Act.REJECT)
        },
    }
)
# 免申即享: a confirmed row of a list is a decided case; silence about the account forfeits nothing
EXEMPT: Moves = MappingProxyType(
    {
        (Stage.DRAFT, Act.LIST): Stage.AWAITING_ACCOUNT,
        (Stage.AWAITING_ACCOUNT, Act.CONFIRM_ACCOUNT): Stage.APPROVED,
        (Stage.AWAITING_ACCOUNT, Act.AWAIT_FUNDS): Stage.AWAITING_FUNDS,
        (Stage.AWAITING_FUNDS, Act.FUND): Stage.APPROVED,
        (Stage.APPROVED, Act.PAY): Stage.PAID,
    }
)
# one case table; a mode has its own moves, and every mode that is not listed is reviewed
MOVES: Mapping[str, Moves] = MappingProxyType({"review": REVIEW, "instant": INSTANT, "exempt": EXEMPT})
ENDED = frozenset({Stage.PAID, Stage.REJECTED, Stage.REFUSED, Stage.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class ClockUse:
    """Which acts start a limit and which stop it; who holds it is the service's matter."""

    limit: str
    starts: frozenset[Act]
    stops: frozenset[Act]


_DECIDE = frozenset({Act.APPROVE, Act.QUEUE_FOR_FUNDS, Act.REJECT})
CLOCKS = (
    ClockUse(
        "acceptance",
        frozenset({Act.SUBMIT}),
        frozenset({Act.ACCEPT, Act.DEEM_ACCEPTED, Act.REFUSE, Act.ASK_SUPPLEMENT, Act.WITHDRAW}),
    ),
    ClockUse("supplement", frozenset({Act.ASK_SUPPLEMENT}), frozenset({Act.SUPPLY, Act.WITHDRAW})),
    # 方案 二(六): one hour from acceptance; a return starts a new one
    ClockUse(
        "handoff",
        frozenset({Act.ACCEPT, Act.DEEM_ACCEPTED, Act.RETURN}),
        frozenset({Act.HAND_OFF, Act.WITHDRAW}),
    ),
    # 方案 二(六): both run from the receipt of the notice
    ClockUse(
        "response",
        frozenset({Act.HAND_OFF}),
        _DECIDE | {Act.RESPOND, Act.RETURN, Act.WITHDRAW},
    ),
    ClockUse("review", frozenset({Act.HAND_OFF}), _DECIDE | {Act.RETURN, Act.WITHDRAW}),
    # 方案 二(六): one working day once decided and funded
    ClockUse("payout", frozenset({Act.APPROVE, Act.FUND, Act.CONFIRM_ACCOUNT}), frozenset({Act.PAY})),
    ClockUse("account", frozenset({Act.LIST}), frozenset({Act.CONFIRM_ACCOUNT, Act.AWAIT_FUNDS})),
    # the guide's 兑现时限; never restarts
    ClockUse(
        "total",
        frozenset({Act.ACCEPT, Act.DEEM_ACCEPTED}),
        frozenset({Act.PAY, Act.REJECT, Act.WITHDRAW}),
    ),
)
# clocks of the authorities stand still while the enterprise gathers what the review asked for
SUSPENDED_BY_SUPPLEMENT = ("review",)

# 专窗 refuses on these grounds alone; anything else is the competent department's decision
FORMAL_GROUNDS: Mapping[str, str] = MappingProxyType(
    {
        "not_in_remit": "申请事项不归本专窗受理的政策",
        "closed": "不在申报时限内",
        "not_an_applicant": "申请人不是该政策的申请对象",
        "duplicate": "同一事项已有在办或已兑现的申请",
    }
)


class MoveRefused(Conflict):
    """The act does not fit where the case stands."""

    def __init__(self, stage: Stage, act: Act) -> None:
        self.stage, self.act = stage, act
        super().__init__(
            f"这件办件现在是“{STAGE_NAMES[stage]}”，不能{ACT_NAMES[act]}。可能刚被别人办过，请刷新后再看。"
        )


@dataclass(frozen=True, slots=True)
class Step:
    """The outcome of one act: the next stage, the clocks it stops, the clocks it starts."""

    stage: Stage
    stops: tuple[str, ...]
    starts: tuple[str, ...]
    suspends: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()


def moves(mode: str) -> Moves:
    """The moves of a mode."""
    return MOVES.get(mode, REVIEW)


def take(mode: str, stage: Stage, act: Act) -> Step:
    """What *act* does to a case of *mode* at *stage*; refuses every move that is not listed."""
    try:
        after = moves(mode)[stage, act]
    except KeyError:
        raise MoveRefused(stage, act) from None
    stops = tuple(clock.limit for clock in CLOCKS if act in clock.stops)
    starts = tuple(clock.limit for clock in CLOCKS if act in clock.starts)
    if (stage, act) == (Stage.SUPPLEMENT_ASKED, Act.SUPPLY):
        # handing in what was missing is a new receipt: the window has its day again
        starts = (*starts, "acceptance")
    pauses = SUSPENDED_BY_SUPPLEMENT
    return Step(
        stage=after,
        stops=stops,
        starts=starts,
        suspends=pauses if after is Stage.REVIEW_SUPPLEMENT_ASKED else (),
        resumes=pauses if (stage, act) == (Stage.REVIEW_SUPPLEMENT_ASKED, Act.SUPPLY) else (),
    )


def possible(mode: str, stage: Stage) -> tuple[Act, ...]:
    """Every act that fits a case of *mode* at *stage*, whoever may do it."""
    return tuple(act for at, act in moves(mode) if at is stage)


STAGE_NAMES: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.DRAFT: "草稿",
        Stage.SUBMITTED: "待受理",
        Stage.SUPPLEMENT_ASKED: "待补正",
        Stage.ACCEPTED: "待交办",
        Stage.HANDED_OFF: "待响应",
        Stage.IN_REVIEW: "审核中",
        Stage.REVIEW_SUPPLEMENT_ASKED: "审核中待补正",
        Stage.REVIEWED: "待审定",
        Stage.AWAITING_ACCOUNT: "待确认账户",
        Stage.AWAITING_FUNDS: "审定待资金",
        Stage.APPROVED: "待兑付",
        Stage.PAID: "已兑付",
        Stage.REJECTED: "不予兑现",
        Stage.REFUSED: "不予受理",
        Stage.WITHDRAWN: "已撤回",
    }
)
ACT_NAMES: Mapping[Act, str] = MappingProxyType(
    {
        Act.SUBMIT: "提交",
        Act.ASK_SUPPLEMENT: "要求补正",
        Act.SUPPLY: "补交",
        Act.ACCEPT: "受理",
        Act.DEEM_ACCEPTED: "视为受理",
        Act.REFUSE: "不予受理",
        Act.HAND_OFF: "交办",
        Act.RESPOND: "响应",
        Act.RETURN: "退回",
        Act.REVIEW: "提出审核意见",
        Act.SEND_BACK: "退回重审",
        Act.APPROVE: "审定通过",
        Act.QUEUE_FOR_FUNDS: "审定并排队等资金",
        Act.FUND: "落实资金",
        Act.REJECT: "不予兑现",
        Act.PAY: "兑付",
        Act.WITHDRAW: "撤回",
        Act.LIST: "列入清单",
        Act.CONFIRM_ACCOUNT: "确认账户",
        Act.AWAIT_FUNDS: "确认账户并等资金",
    }
)
