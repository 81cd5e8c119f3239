"""Many decide at once on a small pool."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from portal.payouts.queries import pools_of_item
from tests.integration.portal.payouts.conftest import Money

WORKERS, EACH, FEN = 4, 25, 2_000_00


def test_a_pool_for_fifty_covers_fifty_of_a_hundred(money: Money) -> None:
    def decide(worker: int) -> Counter[bool]:
        return Counter(money.reserve(f"case:{worker}-{number}", FEN).funded for number in range(EACH))

    with ThreadPoolExecutor(WORKERS) as workers:
        results = sum(workers.map(decide, range(WORKERS)), Counter[bool]())

    assert results == {True: 50, False: 50}
    with money.database.reading() as db:
        found = pools_of_item(db, "S001", 2026)[0]
    assert (found.available_fen, found.reserved_fen, found.waiting) == (0, 100_000_00, 50)
    assert money.broken() == []
    assert money.top_up(Money.pool, 100_000_00) == 50


def test_a_payment_confirmed_by_many_at_once_is_paid_once(money: Money) -> None:
    from tests.integration.portal.payouts.test_money import claim, pay

    money.reserve("case:one", FEN)
    payment = money.prepare("case:one")

    def confirm(_: int) -> bool:
        try:
            pay(money, payment)
        except Exception:
            return False
        return True

    with ThreadPoolExecutor(WORKERS) as workers:
        assert sorted(workers.map(confirm, range(WORKERS))) == [False, False, False, True]
    assert claim(money, "case:one").paid_fen == FEN
