"""What may happen to money that was decided: shares, lines, queue, the state of a pool. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from foundation.errors import Conflict, Invalid, NotAllowed, Problem

# payment ids are derived, so that a repeat of the same payment has the same id wherever it is seen
PAYMENTS = UUID("6f1c6f6e-7a0b-5c59-9d6e-2f0f5a3f7d11")
NOT_YOUR_OWN = "这笔款是您（或您代班的同事）做的付款申请，要由另一位经办人确认付款。"


class FundSource(StrEnum):
    """Whose budget a share comes from."""

    CITY = "city"
    COUNTY = "county"
    UPPER = "upper"


SOURCE_LABELS: Mapping[FundSource, str] = {
    FundSource.CITY: "市级资金",
    FundSource.COUNTY: "县区资金",
    FundSource.UPPER: "上级资金",
}


class ClaimState(StrEnum):
    """Where a decided amount stands."""

    RESERVED = "reserved"
    QUEUED = "queued"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    CANCELLED = "cancelled"


CLAIM_LABELS: Mapping[ClaimState, str] = {
    ClaimState.RESERVED: "待兑付",
    ClaimState.QUEUED: "排队等资金",
    ClaimState.PARTLY_PAID: "部分兑付",
    ClaimState.PAID: "已兑付",
    ClaimState.CANCELLED: "已撤销",
}


class ShareState(StrEnum):
    """Where one source's part of a claim stands."""

    RESERVED = "reserved"
    QUEUED = "queued"
    CANCELLED = "cancelled"


class LineState(StrEnum):
    """Where one payment stands."""

    PENDING = "pending"
    EXPORTED = "exported"
    PAID = "paid"
    RETURNED = "returned"
    VOID = "void"


LINE_LABELS: Mapping[LineState, str] = {
    LineState.PENDING: "待付款",
    LineState.EXPORTED: "已送银行",
    LineState.PAID: "已付款",
    LineState.RETURNED: "银行退票",
    LineState.VOID: "已作废",
}
LIVE = frozenset({LineState.PENDING, LineState.EXPORTED, LineState.PAID})


class BatchState(StrEnum):
    """Where a batch of payments stands."""

    PREPARED = "prepared"
    RELEASED = "released"
    SETTLED = "settled"
    VOID = "void"


BATCH_LABELS: Mapping[BatchState, str] = {
    BatchState.PREPARED: "待复核",
    BatchState.RELEASED: "已送国库，等回单",
    BatchState.SETTLED: "已结清",
    BatchState.VOID: "已作废",
}
# what the treasury takes in one file
MOST_LINES = 500


class LineAct(StrEnum):
    """What finance does to a line."""

    EXPORT = "export"
    PAY = "pay"
    RETURN = "return"
    VOID = "void"


MOVES: Mapping[tuple[LineState, LineAct], LineState] = {
    (LineState.PENDING, LineAct.EXPORT): LineState.EXPORTED,
    (LineState.PENDING, LineAct.PAY): LineState.PAID,
    (LineState.EXPORTED, LineAct.PAY): LineState.PAID,
    (LineState.PENDING, LineAct.VOID): LineState.VOID,
    (LineState.EXPORTED, LineAct.VOID): LineState.VOID,
    (LineState.PAID, LineAct.RETURN): LineState.RETURNED,
    # refused by the bank before it was ever confirmed: no money moved, the share is to be prepared anew
    (LineState.EXPORTED, LineAct.RETURN): LineState.RETURNED,
}


class Transfer(StrEnum):
    """Why money moved."""

    APPROPRIATED = "appropriated"
    WITHDRAWN = "withdrawn"
    RESERVED = "reserved"
    RELEASED = "released"
    PAID = "paid"
    RETURNED = "returned"
    CARRIED_OVER = "carried_over"


class Account(StrEnum):
    """Where money of a pool is; every transfer's entries sum to nothing."""

    TREASURY = "treasury"
    AVAILABLE = "available"
    RESERVED = "reserved"
    PAID = "paid"


# from which account to which
ROUTES: Mapping[Transfer, tuple[Account, Account]] = {
    Transfer.APPROPRIATED: (Account.TREASURY, Account.AVAILABLE),
    Transfer.WITHDRAWN: (Account.AVAILABLE, Account.TREASURY),
    Transfer.RESERVED: (Account.AVAILABLE, Account.RESERVED),
    Transfer.RELEASED: (Account.RESERVED, Account.AVAILABLE),
    Transfer.PAID: (Account.RESERVED, Account.PAID),
    Transfer.RETURNED: (Account.PAID, Account.RESERVED),
    Transfer.CARRIED_OVER: (Account.AVAILABLE, Account.AVAILABLE),
}


class PoolState(StrEnum):
    """How far a pool is used up."""

    NORMAL = "正常"
    SEVENTY = "已用七成"
    NINETY = "已用九成"
    EMPTY = "耗尽"
    UNFUNDED = "还没有拨款"


@dataclass(frozen=True, slots=True)
class Share:
    """One pool's part of a claim."""

    pool: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class LineNumber:
    """Which payment: instalment of the share, attempt at it, and how much."""

    instalment: int
    attempt: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Past:
    """A line that exists already."""

    instalment: int
    attempt: int
    amount_fen: int
    state: LineState


def check_shares(parts: Sequence[Share], amount_fen: int) -> None:
    """Invalid unless the shares are positive, of different pools, and sum to *amount_fen*."""
    if any(part.amount_fen <= 0 for part in parts):
        raise Invalid.of("amount_fen", "兑付金额要大于 0", "请核对审定金额")
    if sum(part.amount_fen for part in parts) != amount_fen:
        raise Invalid.of("split", "各级分担的金额加起来不等于审定金额", "请核对分担比例")
    if len({part.pool for part in parts}) != len(parts):
        raise Invalid.of("split", "同一个资金池出现了两次", "每个资金池只填一份")


def split(amount_fen: int, weights: Sequence[int]) -> tuple[int, ...]:
    """*amount_fen* by weights (5, 5), each floored to the fen; the rest goes to the first, a fen each."""
    whole = sum(weights)
    if amount_fen < 0 or whole <= 0 or min(weights) < 0:
        raise ValueError(f"cannot split {amount_fen} by {tuple(weights)}")
    floors = [amount_fen * weight // whole for weight in weights]
    left = amount_fen - sum(floors)
    for index, weight in enumerate(weights):
        if left and weight:
            floors[index] += 1
            left -= 1
    return tuple(floors)


def half_of_rent(annual_rent_yuan: int, rate_pct: int) -> int:
    """The city's, and the county's, half of a rent subsidy in fen: whole yuan, rounded down."""
    return annual_rent_yuan * rate_pct // 200 * 100


def after(state: LineState, act: LineAct) -> LineState:
    """What *act* makes of a line; NotAllowed for every move not listed."""
    try:
        return MOVES[state, act]
    except KeyError:
        raise NotAllowed(f"这笔款现在是“{LINE_LABELS[state]}”，不能这样办理。请刷新后核对。") from None


def before(act: LineAct) -> tuple[LineState, ...]:
    """The states in which *act* is possible."""
    return tuple(state for state, possible in MOVES if possible is act)


def next_line(share_fen: int, past: Iterable[Past], wanted_fen: int | None = None) -> LineNumber:
    """The line to prepare next: a failed instalment anew with its amount, else another one for what is left.

    *wanted_fen* asks for less than what is left (an instalment). NotAllowed where nothing is left to pay.
    """
    lines = sorted(past, key=lambda line: (line.instalment, line.attempt))
    left = share_fen - sum(line.amount_fen for line in lines if line.state in LIVE)
    if left <= 0:
        raise NotAllowed("这一份已经全部做了付款申请，没有剩余。")
    latest = {line.instalment: line for line in lines}
    failed = next((line for line in latest.values() if line.state not in LIVE), None)
    if failed is not None:
        number, attempt, most = failed.instalment, failed.attempt + 1, min(failed.amount_fen, left)
    else:
        number, attempt, most = len(latest) + 1, 1, left
    amount = most if wanted_fen is None else wanted_fen
    if not 0 < amount <= left:
        raise Invalid((Problem("amount", "金额要大于 0，不能超过还没有支付的部分", "请核对金额"),))
    return LineNumber(number, attempt, amount)


def payment_id(subject: str, source: FundSource, number: LineNumber) -> str:
    """The id under which finance and bank know a payment."""
    return str(uuid5(PAYMENTS, f"{subject} {source.value} {number.instalment} {number.attempt}"))


def check_batch(state: BatchState, wanted: Iterable[BatchState]) -> None:
    """Conflict unless a batch stands where an act on it is possible."""
    if state not in wanted:
        raise Conflict(f"这一批现在是“{BATCH_LABELS[state]}”，这一步已经办过或还没轮到。请刷新后再看。")


def on_slip(field: str, at: datetime, since: datetime, now: datetime) -> datetime:
    """The moment that a bank's slip gives in whole minutes: not before *since*, not after *now*."""
    if at > now:
        raise Invalid.of(field, "时间不能晚于现在", "请按银行回单填写")
    if at <= since - timedelta(minutes=1):
        raise Invalid.of(field, f"时间不能早于 {since:%Y-%m-%d %H:%M}", "请按银行回单填写")
    return max(at, since)


def claim_state(decided_fen: int, paid_fen: int, shares: Iterable[ShareState]) -> ClaimState:
    """Where a claim stands that was not cancelled."""
    if paid_fen == decided_fen:
        return ClaimState.PAID
    if paid_fen:
        return ClaimState.PARTLY_PAID
    return ClaimState.QUEUED if ShareState.QUEUED in shares else ClaimState.RESERVED


def pool_state(total_fen: int, used_fen: int) -> PoolState:
    """How far a pool is used: what is reserved counts as used."""
    if not total_fen:
        return PoolState.UNFUNDED
    if used_fen >= total_fen:
        return PoolState.EMPTY
    if used_fen * 10 >= total_fen * 9:
        return PoolState.NINETY
    return PoolState.SEVENTY if used_fen * 10 >= total_fen * 7 else PoolState.NORMAL
