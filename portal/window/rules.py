"""What may happen to a case, and which clocks that stops and starts. No Flask, no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from catalog.rules import OutcomeKind, Scope
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
    PUBLICITY = "publicity"
    AWAITING_ACCOUNT = "awaiting_account"
    AWAITING_FUNDS = "awaiting_funds"
    APPROVED = "approved"
    PAID = "paid"
    DELIVERED = "delivered"
    REPORTED = "reported"
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
    PUBLISH = "publish"
    END_PUBLICITY = "end_publicity"
    DELIVER = "deliver"
    REPORT = "report"


class Ending(StrEnum):
    """How a case that is granted comes to its end."""

    PAYMENT = "payment"
    DELIVERY = "delivery"
    REPORT = "report"


WITHDRAWABLE = (
    Stage.SUBMITTED,
    Stage.SUPPLEMENT_ASKED,
    Stage.ACCEPTED,
    Stage.HANDED_OFF,
    Stage.IN_REVIEW,
    Stage.REVIEW_SUPPLEMENT_ASKED,
    Stage.REVIEWED,
    Stage.PUBLICITY,
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
        # 公示 before the decision; after its last day the decision is a person's again
        (Stage.REVIEWED, Act.PUBLISH): Stage.PUBLICITY,
        (Stage.PUBLICITY, Act.END_PUBLICITY): Stage.REVIEWED,
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
ENDED = frozenset(
    {Stage.PAID, Stage.DELIVERED, Stage.REPORTED, Stage.REJECTED, Stage.REFUSED, Stage.WITHDRAWN}
)
_OF_MONEY = frozenset({Act.QUEUE_FOR_FUNDS, Act.FUND, Act.PAY, Act.CONFIRM_ACCOUNT, Act.AWAIT_FUNDS})


def _delivered(usual: Moves) -> Moves:
    """减免, 权益, 资质: no money moves; what was granted is delivered, and nobody is asked for an account."""
    kept = {
        (stage, act): Stage.APPROVED if act is Act.LIST else after
        for (stage, act), after in usual.items()
        if act not in _OF_MONEY
    }
    return MappingProxyType({**kept, (Stage.APPROVED, Act.DELIVER): Stage.DELIVERED})


def _reported(usual: Moves) -> Moves:
    """上级 items: a level above decides and pays; here they are checked and reported upwards."""
    gone = _OF_MONEY | {Act.APPROVE, Act.LIST}
    kept = {pair: after for pair, after in usual.items() if pair[1] not in gone}
    reports = {(stage, Act.REPORT): Stage.REPORTED for stage, act in usual if act is Act.APPROVE}
    return MappingProxyType({**kept, **reports})


BY_ENDING: Mapping[Ending, Mapping[str, Moves]] = MappingProxyType(
    {
        Ending.PAYMENT: MOVES,
        Ending.DELIVERY: MappingProxyType({mode: _delivered(usual) for mode, usual in MOVES.items()}),
        # nobody is listed for what a level above decides
        Ending.REPORT: MappingProxyType(
            {mode: _reported(usual) for mode, usual in MOVES.items() if usual is not EXEMPT}
        ),
    }
)


@dataclass(frozen=True, slots=True)
class ClockUse:
    """Which acts start a limit and which stop it; who holds it is the service's matter."""

    limit: str
    starts: frozenset[Act]
    stops: frozenset[Act]


_DECIDE = frozenset({Act.APPROVE, Act.QUEUE_FOR_FUNDS, Act.REJECT, Act.REPORT})
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
    ClockUse(
        "payout", frozenset({Act.APPROVE, Act.FUND, Act.CONFIRM_ACCOUNT}), frozenset({Act.PAY, Act.DELIVER})
    ),
    ClockUse("account", frozenset({Act.LIST}), frozenset({Act.CONFIRM_ACCOUNT, Act.AWAIT_FUNDS})),
    # the guide's 兑现时限; never restarts
    ClockUse(
        "total",
        frozenset({Act.ACCEPT, Act.DEEM_ACCEPTED}),
        frozenset({Act.PAY, Act.DELIVER, Act.REPORT, Act.REJECT, Act.WITHDRAW}),
    ),
)
# the review stands still while the enterprise gathers what it asked for, and while the public may object
HELD = ("review",)
_HOLDING = frozenset({Stage.REVIEW_SUPPLEMENT_ASKED, Stage.PUBLICITY})

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


def ending_of(scope: Scope, outcome: OutcomeKind) -> Ending:
    """How a case for an item ends: what a level above decides is reported, the rest is paid or delivered."""
    if scope is Scope.UPPER:
        return Ending.REPORT
    return Ending.PAYMENT if outcome is OutcomeKind.MONEY else Ending.DELIVERY


def moves(mode: str, ending: Ending = Ending.PAYMENT) -> Moves:
    """The moves of a mode, for a case that ends as *ending* says."""
    ways = BY_ENDING[ending]
    return ways.get(mode, ways["review"])


def take(mode: str, stage: Stage, act: Act, ending: Ending = Ending.PAYMENT) -> Step:
    """What *act* does to a case of *mode* at *stage*; refuses every move that is not listed."""
    try:
        after = moves(mode, ending)[stage, act]
    except KeyError:
        raise MoveRefused(stage, act) from None
    stops = tuple(clock.limit for clock in CLOCKS if act in clock.stops)
    starts = tuple(clock.limit for clock in CLOCKS if act in clock.starts)
    if (stage, act) == (Stage.SUPPLEMENT_ASKED, Act.SUPPLY):
        # handing in what was missing is a new receipt: the window has its day again
        starts = (*starts, "acceptance")
    if act is Act.LIST and after is Stage.APPROVED:
        starts = ("payout",)
    return Step(
        stage=after,
        stops=stops,
        starts=starts,
        suspends=HELD if after in _HOLDING else (),
        resumes=HELD if stage in _HOLDING and act is not Act.WITHDRAW else (),
    )


def possible(mode: str, stage: Stage, ending: Ending = Ending.PAYMENT) -> tuple[Act, ...]:
    """Every act that fits a case of *mode* at *stage*, whoever may do it."""
    return tuple(act for at, act in moves(mode, ending) if at is stage)


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
        Stage.PUBLICITY: "公示中",
        Stage.AWAITING_ACCOUNT: "待确认账户",
        Stage.AWAITING_FUNDS: "审定待资金",
        Stage.APPROVED: "待兑付",
        Stage.PAID: "已兑付",
        Stage.DELIVERED: "已送达",
        Stage.REPORTED: "已上报",
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
        Act.PUBLISH: "公示",
        Act.END_PUBLICITY: "结束公示",
        Act.DELIVER: "送达",
        Act.REPORT: "上报",
    }
)
