"""A decided amount on its way to the account."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from foundation import audit, clock
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.outbox import Outbox
from portal.payouts import queries, reserving, services
from portal.payouts.models import ClaimShare, LedgerEntry, LedgerTransfer, PaymentLine, Pool
from portal.payouts.queries import ClaimView, PoolView
from portal.payouts.rules import ClaimState, FundSource, LineState, PoolState, Share
from tests.integration.portal.payouts.conftest import ACCOUNT, Money

CASE = "case:GY-2026-0001"
YUAN = 100


def claim(money: Money, subject: str = CASE) -> ClaimView:
    with money.database.reading() as db:
        found = queries.claim_of(db, subject)
        assert found is not None
        return found


def pool(money: Money, code: str = Money.pool) -> PoolView:
    with money.database.reading() as db:
        return next(each for each in queries.pools_of_item(db, "S001", 2026) if each.code == code)


def told(money: Money, topic: str) -> list[dict[str, Any]]:
    with money.database.reading() as db:
        return list(db.scalars(select(Outbox.payload).where(Outbox.topic == topic).order_by(Outbox.id)))


def pay(money: Money, payment_id: str, **changes: Any) -> None:
    given = {"payment_id": payment_id, "paid_at": clock.now(), "bank_reference": "回单 1", **changes}
    money.do(services.pay, given.pop("actor", money.people.payer), **given)


def send_back(money: Money, payment_id: str) -> None:
    at = clock.now()
    money.do(
        services.return_line, money.people.maker, payment_id=payment_id, returned_at=at, reason="户名不符"
    )


def test_a_covered_decision_is_reserved_prepared_by_one_and_paid_by_another(money: Money) -> None:
    assert money.reserve(CASE, 62_000 * YUAN) == reserving.Reservation(True, None)
    assert (pool(money).reserved_fen, pool(money).available_fen) == (62_000 * YUAN, 38_000 * YUAN)
    payment = money.prepare(CASE)
    assert claim(money).state is ClaimState.RESERVED

    with pytest.raises(NotAllowed):
        pay(money, payment, actor=money.people.maker)
    pay(money, payment)

    found = claim(money)
    assert (found.state, found.paid_fen, found.closed_at) == (ClaimState.PAID, 62_000 * YUAN, clock.now())
    line = found.lines[0]
    assert (line.maker, line.payer, line.state) == ("chen先生", "wu先生", LineState.PAID)
    assert (pool(money).reserved_fen, pool(money).paid_fen) == (0, 62_000 * YUAN)
    at = clock.now().isoformat()
    assert told(money, "payouts.paid") == [{"subject": CASE, "paid_fen": 62_000 * YUAN, "at": at}]
    assert [line["amount_fen"] for line in told(money, "payouts.line_paid")] == [62_000 * YUAN]
    with money.database.reading() as db:
        acts = [line.act for line in audit.timeline(db, f"claim:{CASE}")]
    assert acts == ["reserved", "line_prepared", "line_paid"]


def test_paying_or_deciding_twice_has_one_effect(money: Money) -> None:
    money.reserve(CASE, 100)
    with pytest.raises(Conflict):
        money.reserve(CASE, 100)
    payment = money.prepare(CASE)
    with pytest.raises(NotAllowed):
        money.prepare(CASE)
    pay(money, payment)
    with pytest.raises(NotAllowed):
        pay(money, payment)

    assert claim(money).paid_fen == 100
    assert len(told(money, "payouts.paid")) == 1


def test_city_and_county_pay_their_halves_and_the_case_is_paid_when_both_are(money: Money) -> None:
    money.open_pool("S001-2026-county", money.people.county, FundSource.COUNTY)
    halves = (Share(Money.pool, 40_512 * YUAN), Share("S001-2026-county", 40_512 * YUAN))

    reservation = money.reserve(CASE, 81_024 * YUAN, split=halves)
    assert reservation == reserving.Reservation(False, 1)
    assert claim(money).state is ClaimState.QUEUED
    pay(money, money.prepare(CASE))
    assert claim(money).state is ClaimState.PARTLY_PAID
    with pytest.raises(NotAllowed):
        money.prepare(CASE, source=FundSource.COUNTY)

    assert money.top_up("S001-2026-county", 50_000 * YUAN) == 1
    payment = money.prepare(CASE, source=FundSource.COUNTY)
    with pytest.raises(NotFound):
        pay(money, payment)  # the county's money is not the city's to confirm
    with money.database.writing() as db:
        db.execute(update(PaymentLine).values(maker_id=money.people.maker.person_id))
    pay(money, payment, actor=money.people.county)

    assert claim(money).state is ClaimState.PAID
    assert [line["subject"] for line in told(money, "payouts.funded")] == [CASE]
    assert told(money, "payouts.paid")[0]["paid_fen"] == 81_024 * YUAN


def test_a_bank_return_is_issued_again_as_the_next_attempt(money: Money) -> None:
    money.reserve(CASE, 500)
    first = money.prepare(CASE)
    pay(money, first)
    send_back(money, first)

    assert (claim(money).state, pool(money).reserved_fen, pool(money).paid_fen) == (
        ClaimState.RESERVED,
        500,
        0,
    )
    assert told(money, "payouts.returned")[0]["reopened"] is True
    with pytest.raises(NotAllowed):
        pay(money, first)
    second = money.prepare(CASE)
    assert second != first
    pay(money, second)
    lines = claim(money).lines
    assert [(line.instalment, line.attempt, line.state) for line in lines] == [
        (1, 1, LineState.RETURNED), (1, 2, LineState.PAID),
    ]  # fmt: skip
    with money.database.reading() as db:
        line = audit.timeline(db, f"claim:{CASE}")[3]
    assert (line.act, line.personal, "reason" in line.facts) == (
        "line_returned",
        {"reason": "户名不符"},
        False,
    )


def test_instalments_never_exceed_what_was_decided(money: Money) -> None:
    money.reserve(CASE, 500)
    pay(money, money.prepare(CASE, 200))
    with pytest.raises(Invalid):
        money.prepare(CASE, 301)
    last = money.prepare(CASE, 300)
    money.do(services.void_line, money.people.maker, payment_id=last, reason="账户有误")
    pay(money, money.prepare(CASE))

    assert claim(money).state is ClaimState.PAID
    assert [line.amount_fen for line in claim(money).lines] == [200, 300, 300]


def test_who_is_not_covered_waits_and_nobody_overtakes(money: Money) -> None:
    assert money.reserve("case:A", 90_000 * YUAN).funded
    assert money.reserve("case:B", 50_000 * YUAN) == reserving.Reservation(False, 1)
    # 10,000 yuan are left, but whoever was decided first is covered first
    assert money.reserve("case:C", 5_000 * YUAN) == reserving.Reservation(False, 2)
    assert (claim(money, "case:C").position, pool(money).waiting) == (2, 2)
    assert pool(money).waiting_fen == 55_000 * YUAN

    assert money.top_up(Money.pool, 30_000 * YUAN) == 0
    assert money.top_up(Money.pool, 10_000 * YUAN) == 1
    assert claim(money, "case:B").state is ClaimState.RESERVED
    assert claim(money, "case:C").position == 1
    money.do(services.release, money.people.decider, subject="case:A", reason="撤回决定")

    assert claim(money, "case:C").state is ClaimState.RESERVED
    assert claim(money, "case:A").state is ClaimState.CANCELLED
    assert [line["subject"] for line in told(money, "payouts.funded")] == ["case:B", "case:C"]
    assert money.reserve("case:D", 1).funded


def test_what_was_prepared_is_not_taken_back(money: Money) -> None:
    money.reserve(CASE, 500)
    payment = money.prepare(CASE)
    with pytest.raises(NotAllowed):
        money.do(services.release, money.people.decider, subject=CASE, reason="撤回决定")
    with pytest.raises(NotFound):
        money.do(services.release, money.people.decider, subject="case:none", reason="撤回决定")
    money.do(services.void_line, money.people.maker, payment_id=payment, reason="撤回决定")
    money.do(services.release, money.people.decider, subject=CASE, reason="撤回决定")

    assert pool(money).available_fen == 100_000 * YUAN
    with pytest.raises(NotAllowed):
        money.prepare(CASE)


def test_money_of_the_treasury_comes_goes_and_is_carried_over(money: Money) -> None:
    assert pool(money).state is PoolState.NORMAL
    money.open_pool("S001-2026-upper", money.people.maker, FundSource.UPPER)
    assert pool(money, "S001-2026-upper").state is PoolState.UNFUNDED
    document = {"document_number": "广财〔2026〕2号"}
    maker = money.people.maker
    money.do(services.withdraw, maker, pool_code=Money.pool, amount_fen=40_000_00, **document)
    upper = {"to_code": "S001-2026-upper", **document}
    money.do(services.carry_over, maker, pool_code=Money.pool, amount_fen=20_000_00, **upper)

    assert (pool(money).total_fen, pool(money, "S001-2026-upper").total_fen) == (40_000_00, 20_000_00)
    with pytest.raises(NotAllowed):
        money.do(services.withdraw, maker, pool_code=Money.pool, amount_fen=40_000_01, **document)
    with pytest.raises(NotAllowed):
        money.do(services.carry_over, maker, pool_code=Money.pool, amount_fen=40_000_01, **upper)
    with pytest.raises(Invalid):
        money.do(services.withdraw, maker, pool_code=Money.pool, amount_fen=0, **document)
    with pytest.raises(Invalid):
        money.do(services.withdraw, maker, pool_code=Money.pool, amount_fen=1, document_number=" ")
    with pytest.raises(NotFound):
        money.do(services.withdraw, money.people.county, pool_code=Money.pool, amount_fen=1, **document)
    with pytest.raises(Conflict):
        money.open_pool("another", maker, FundSource.UPPER)


@pytest.mark.parametrize(
    ("hours", "slip", "field"),
    [(0, " ", "bank_reference"), (1, "回单 1", "paid_at"), (-1, "回单 1", "paid_at")],
)
def test_a_payment_needs_its_slip_and_a_possible_time(
    money: Money, hours: int, slip: str, field: str
) -> None:
    money.reserve(CASE, 500)
    payment = money.prepare(CASE)
    with pytest.raises(Invalid) as refused:
        pay(money, payment, paid_at=clock.now() + timedelta(hours=hours), bank_reference=slip)

    assert [problem.field for problem in refused.value.problems] == [field]
    assert claim(money).paid_fen == 0


def test_a_claim_needs_a_pool_that_exists(money: Money) -> None:
    with pytest.raises(Invalid):
        money.reserve(CASE, 500, split=(Share(Money.pool, 1), Share("nowhere", 499)))
    with money.database.reading() as db:
        assert queries.claim_of(db, CASE) is None
        assert [each.code for each in queries.pools_of_item(db, "S001", 2026)] == [Money.pool]
        assert queries.pools_of_item(db, "S001", 2027) == []


@pytest.mark.parametrize(
    "statement",
    [
        update(LedgerEntry).values(amount_fen=1),
        update(LedgerTransfer).values(document_number="x"),
        delete(LedgerEntry),
        delete(LedgerTransfer),
    ],
    ids=["entry", "transfer", "no entry", "no transfer"],
)
def test_the_ledger_is_only_ever_added_to(money: Money, statement: Any) -> None:
    with pytest.raises(DatabaseError, match="append-only"), money.database.writing() as db:
        db.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        update(Pool).values(reserved_fen=Pool.total_fen + 1),
        update(Pool).values(paid_fen=-1),
        update(ClaimShare).values(lined_fen=501),
        update(PaymentLine).values(state="paid"),
        update(PaymentLine).values(payer_id=PaymentLine.maker_id),
    ],
    ids=["overspent", "negative", "overlined", "paid by nobody", "one pair of eyes"],
)
def test_the_database_itself_refuses_what_must_never_be(money: Money, statement: Any) -> None:
    money.reserve(CASE, 500)
    money.prepare(CASE)
    with pytest.raises(IntegrityError), money.database.writing() as db:
        db.execute(statement)


def test_the_database_refuses_a_second_live_attempt(money: Money) -> None:
    money.reserve(CASE, 500)
    payment = money.prepare(CASE)
    names = [column.name for column in PaymentLine.__table__.columns if column.name != "id"]
    with money.database.reading() as db:
        line = db.scalars(select(PaymentLine)).one()
        again = {**{name: getattr(line, name) for name in names}, "payment_id": "another", "attempt": 2}
    with pytest.raises(IntegrityError), money.database.writing() as db:
        db.execute(insert(PaymentLine).values(again))
    assert [line.payment_id for line in claim(money).lines] == [payment]


def test_nothing_is_paid_before_the_account_is_confirmed(money: Money) -> None:
    money.top_up(Money.pool, 1_000 * YUAN)
    money.reserve(CASE, 100 * YUAN, account=None)
    with pytest.raises(NotAllowed, match="还没有确认收款账户"):
        money.prepare(CASE)
    with money.database.writing() as db:
        assert services.set_account(db, subject=CASE, account=ACCOUNT)
    assert money.prepare(CASE)
