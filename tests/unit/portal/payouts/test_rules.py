"""Money that was decided: shares, payment lines, the state of pools."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.clock import BEIJING
from foundation.errors import Conflict, Invalid, NotAllowed
from portal.payouts.rules import (
    BATCH_LABELS,
    CLAIM_LABELS,
    LINE_LABELS,
    LIVE,
    MOVES,
    ROUTES,
    SOURCE_LABELS,
    BatchState,
    ClaimState,
    FundSource,
    LineAct,
    LineNumber,
    LineState,
    Past,
    PoolState,
    Share,
    ShareState,
    Transfer,
    after,
    before,
    check_batch,
    check_shares,
    claim_state,
    half_of_rent,
    next_line,
    on_slip,
    payment_id,
    pool_state,
    split,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=BEIJING)
# paid in 2016: annual rent, rate in per cent, the county's half and the city's, in yuan
PAID_IN_2016 = (
    (202560, 40, 40512),
    (100000, 50, 25000),
    (148080, 40, 29616),
    (274200, 40, 54840),
    (120000, 50, 30000),
    (349248, 40, 69849),
    (35000, 50, 8750),
)


@pytest.mark.parametrize(("rent", "rate", "half"), PAID_IN_2016)
def test_the_halves_of_2016_are_found_again_to_the_yuan(rent: int, rate: int, half: int) -> None:
    assert half_of_rent(rent, rate) == half * 100


def test_the_halves_of_2016_sum_to_what_was_paid() -> None:
    assert sum(half_of_rent(rent, rate) for rent, rate, _ in PAID_IN_2016) == 258_567_00


@pytest.mark.parametrize(
    ("amount", "weights", "shares"),
    [
        (100, (5, 5), (50, 50)),
        (101, (5, 5), (51, 50)),
        (100, (1, 1, 1), (34, 33, 33)),
        (5, (0, 1, 1), (0, 3, 2)),
        (0, (1,), (0,)),
    ],
)
def test_what_is_left_after_flooring_goes_to_the_first(
    amount: int, weights: tuple[int, ...], shares: tuple[int, ...]
) -> None:
    assert split(amount, weights) == shares


@given(st.integers(0, 10**13), st.lists(st.integers(0, 100), min_size=1, max_size=5).filter(any))
def test_a_split_loses_no_fen_and_is_fair_to_one(amount: int, weights: list[int]) -> None:
    shares = split(amount, weights)

    assert sum(shares) == amount
    assert all(
        0 <= share - amount * weight // sum(weights) <= 1
        for share, weight in zip(shares, weights, strict=True)
    )


@pytest.mark.parametrize(("amount", "weights"), [(-1, (1,)), (1, (0,)), (1, (2, -1))])
def test_no_split_of_nonsense(amount: int, weights: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="cannot split"):
        split(amount, weights)


@pytest.mark.parametrize(
    ("shares", "amount"),
    [
        ([Share("a", 0)], 0),
        ([Share("a", -1), Share("b", 2)], 1),
        ([Share("a", 1), Share("b", 2)], 4),
        ([Share("a", 1), Share("a", 2)], 3),
    ],
)
def test_shares_that_do_not_make_up_the_amount_are_refused(shares: list[Share], amount: int) -> None:
    with pytest.raises(Invalid):
        check_shares(shares, amount)
    check_shares([Share("a", 1), Share("b", 2)], 3)


@pytest.mark.parametrize("state", LineState)
@pytest.mark.parametrize("act", LineAct)
def test_every_move_of_a_line_that_is_not_listed_is_refused(state: LineState, act: LineAct) -> None:
    if (state, act) in MOVES:
        assert after(state, act) is MOVES[state, act]
        assert state in before(act)
    else:
        assert state not in before(act)
        with pytest.raises(NotAllowed):
            after(state, act)


def test_money_that_was_returned_or_voided_never_moves_again() -> None:
    assert {state for state, _ in MOVES} == LIVE
    assert LINE_LABELS.keys() == set(LineState)
    assert CLAIM_LABELS.keys() == set(ClaimState)
    assert SOURCE_LABELS.keys() == set(FundSource)
    assert ROUTES.keys() == set(Transfer)


def test_the_first_line_takes_everything_or_an_instalment() -> None:
    assert next_line(100, []) == LineNumber(1, 1, 100)
    assert next_line(100, [], 40) == LineNumber(1, 1, 40)
    assert next_line(100, [Past(1, 1, 40, LineState.PAID)]) == LineNumber(2, 1, 60)


def test_a_returned_instalment_is_paid_again_before_the_next() -> None:
    past = [Past(1, 1, 40, LineState.RETURNED), Past(2, 1, 30, LineState.PAID)]

    assert next_line(100, past) == LineNumber(1, 2, 40)
    assert next_line(100, [*past, Past(1, 2, 40, LineState.VOID)]) == LineNumber(1, 3, 40)
    assert next_line(100, [*past, Past(1, 2, 40, LineState.PENDING)]) == LineNumber(3, 1, 30)


@pytest.mark.parametrize("wanted", [0, -1, 61])
def test_a_line_never_takes_more_than_is_left(wanted: int) -> None:
    past = [Past(1, 1, 40, LineState.EXPORTED)]
    with pytest.raises(Invalid):
        next_line(100, past, wanted)
    with pytest.raises(NotAllowed):
        next_line(40, past)


def test_the_same_payment_has_the_same_id_everywhere() -> None:
    first = payment_id("case:GY-2026-0001", FundSource.CITY, LineNumber(1, 1, 100))

    assert UUID(first).version == 5
    assert first == payment_id("case:GY-2026-0001", FundSource.CITY, LineNumber(1, 1, 999))
    others = {
        payment_id("case:GY-2026-0001", FundSource.COUNTY, LineNumber(1, 1, 100)),
        payment_id("case:GY-2026-0001", FundSource.CITY, LineNumber(2, 1, 100)),
        payment_id("case:GY-2026-0001", FundSource.CITY, LineNumber(1, 2, 100)),
        payment_id("case:GY-2026-0002", FundSource.CITY, LineNumber(1, 1, 100)),
    }
    assert len(others | {first}) == 5


def test_money_leaves_after_the_decision_and_not_tomorrow() -> None:
    decided = NOON + timedelta(seconds=30)
    now = NOON + timedelta(minutes=5)

    assert on_slip("paid_at", NOON, decided, now) == decided  # the form gives whole minutes
    assert on_slip("paid_at", now, decided, now) == now
    for impossible in (NOON - timedelta(minutes=1), now + timedelta(minutes=1)):
        with pytest.raises(Invalid) as refused:
            on_slip("paid_at", impossible, decided, now)
        assert refused.value.problems[0].field == "paid_at"


@pytest.mark.parametrize(
    ("paid", "shares", "state"),
    [
        (100, [ShareState.RESERVED], ClaimState.PAID),
        (60, [ShareState.RESERVED, ShareState.QUEUED], ClaimState.PARTLY_PAID),
        (0, [ShareState.RESERVED, ShareState.QUEUED], ClaimState.QUEUED),
        (0, [ShareState.RESERVED], ClaimState.RESERVED),
    ],
)
def test_a_claim_is_paid_when_every_fen_is(paid: int, shares: list[ShareState], state: ClaimState) -> None:
    assert claim_state(100, paid, shares) is state


@pytest.mark.parametrize(
    ("used", "state"),
    [
        (69, PoolState.NORMAL),
        (70, PoolState.SEVENTY),
        (89, PoolState.SEVENTY),
        (90, PoolState.NINETY),
        (100, PoolState.EMPTY),
    ],
)
def test_a_pool_says_how_far_it_is_used(used: int, state: PoolState) -> None:
    assert pool_state(100, used) is state
    assert pool_state(0, 0) is PoolState.UNFUNDED


def test_a_batch_is_acted_on_where_it_stands_alone() -> None:
    assert set(BATCH_LABELS) == set(BatchState)
    check_batch(BatchState.PREPARED, (BatchState.PREPARED,))
    with pytest.raises(Conflict, match="已结清"):
        check_batch(BatchState.SETTLED, (BatchState.PREPARED,))
