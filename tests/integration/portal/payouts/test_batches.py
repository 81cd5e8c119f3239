"""A list is paid as one batch: two people, one digest, and a returned line that stops no other."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from portal.payouts import services as payments
from portal.payouts.batches import queries, services, treasury
from portal.payouts.batches.queries import BatchView
from portal.payouts.batches.treasury import Answer
from portal.payouts.rules import BatchState, FundSource, LineState
from tests.conftest import Clock
from tests.integration.portal.payouts.conftest import ACCOUNT, Money

LIST = "list:QD-2026-001"
CASES = [f"case:GY-2026-000{number}" for number in (1, 2, 3)]
HEAD = "支付编号,结果,时间,回单号,原因"


def prepared(money: Money, group: str = LIST) -> str:
    for subject in CASES:
        money.reserve(subject, 8_000_000 // 10, group=group)
    with money.database.writing() as db:
        return services.prepare(db, money.people.maker, pool_code=money.pool, group=group)


def released(money: Money) -> str:
    number = prepared(money)
    with money.database.writing() as db:
        services.release(db, money.people.payer, number)
    return number


def seen(money: Money, number: str) -> BatchView:
    with money.database.reading() as db:
        return queries.batch(db, money.people.payer, number)


def told(money: Money, number: str, answers: list[Answer]) -> BatchView:
    with money.database.writing() as db:
        services.take_results(db, money.people.payer, number, answers)
    return seen(money, number)


def results(batch: BatchView, *returned: int) -> list[Answer]:
    said = {False: ("成功", ""), True: ("退票", "户名不符")}
    rows = [
        f"{line.payment_id},{said[at in returned][0]},,回单{at},{said[at in returned][1]}"
        for at, line in enumerate(batch.lines)
    ]
    return treasury.read_pasted("\n".join([HEAD, *rows]))


def test_one_prepares_another_releases_and_the_digest_is_of_the_file(money: Money) -> None:
    number = prepared(money)
    with pytest.raises(NotAllowed, match="另一位"), money.database.writing() as db:
        services.release(db, money.people.maker, number)
    with pytest.raises(NotFound), money.database.writing() as db:
        services.release(db, money.people.county, number)
    with pytest.raises(NotFound, match="还没有复核"), money.database.reading() as db:
        queries.file_of(db, money.people.payer, number)
    with money.database.writing() as db:
        services.release(db, money.people.payer, number)
    with money.database.reading() as db:
        orders, digest = queries.file_of(db, money.people.payer, number)
    assert treasury.digest(orders) == digest
    assert [order.account for order in orders] == [ACCOUNT.number] * 3
    sheet = load_workbook(io.BytesIO(treasury.as_xlsx(orders))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(treasury.HEADINGS)
    assert sheet["G2"].value == ACCOUNT.number
    with pytest.raises(Conflict), money.database.writing() as db:
        services.release(db, money.people.payer, number)


def test_a_returned_line_is_set_apart_and_the_others_go_on(money: Money, clock: Clock) -> None:
    number = released(money)
    batch = told(money, number, results(seen(money, number), 1))
    assert [line.state for line in batch.lines] == [LineState.PAID, LineState.RETURNED, LineState.PAID]
    assert (batch.state, batch.refused) == (BatchState.SETTLED, [])
    with money.database.reading() as db:
        assert queries.ready(db, money.people.maker) == []
    # the firm looks at its account: now it is ready again
    clock.advance(timedelta(hours=1))
    with money.database.writing() as db:
        payments.set_account(db, subject=CASES[1], account=replace(ACCOUNT, number="6222000000004444"))
    with money.database.reading() as db:
        (ready,) = queries.ready(db, money.people.maker)
    assert (ready.count, ready.number) == (1, "QD-2026-001")


def test_the_same_results_again_change_nothing_and_a_bad_row_stops_no_other(money: Money) -> None:
    number = released(money)
    batch = seen(money, number)
    good = results(batch)
    bad = [replace(good[0], fault="结果看不懂"), replace(good[1], payment_id="别的编号"), good[2]]
    first = told(money, number, bad)
    assert [row["row"] for row in first.refused] == [2, 3]
    assert [line.state for line in first.lines].count(LineState.PAID) == 1
    assert first.state is BatchState.RELEASED
    whole = told(money, number, good)
    again = told(money, number, good)
    assert again.lines == whole.lines
    assert (again.state, again.refused) == (BatchState.SETTLED, [])
    other = told(money, number, [replace(good[0], reference="另一张回单")])
    assert len(other.refused) == 1


def test_who_prepared_a_batch_does_not_book_its_results(money: Money) -> None:
    number = released(money)
    with pytest.raises(NotAllowed), money.database.writing() as db:
        services.take_results(db, money.people.maker, number, results(seen(money, number)))


def test_a_batch_is_taken_back_before_it_is_released(money: Money) -> None:
    number = prepared(money)
    with money.database.writing() as db:
        services.withdraw(db, money.people.maker, number, reason="金额要再核")
    assert seen(money, number).state is BatchState.VOID
    with pytest.raises(Invalid, match="没有可以一起付的款"), money.database.writing() as db:
        services.prepare(db, money.people.maker, pool_code=money.pool, group="list:QD-2026-999")
    with money.database.writing() as db:
        assert services.prepare(db, money.people.maker, pool_code=money.pool, group=LIST) != number


def test_a_single_line_of_a_batch_can_still_be_confirmed_by_hand(money: Money, clock: Clock) -> None:
    number = released(money)
    line = seen(money, number).lines[0]
    money.do(
        payments.pay,
        money.people.payer,
        payment_id=line.payment_id,
        paid_at=clock.moment,
        bank_reference="回单 9",
    )
    batch = told(money, number, results(seen(money, number)))
    assert [row["row"] for row in batch.refused] == [2]
    assert line.source is FundSource.CITY


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("支付编号,结果\np1,也许", "看不懂"),
        ("支付编号,结果,时间\np1,成功,昨天", "看不懂"),
        ("支付编号\t结果\t时间\np1\t成功\t2026/06/01 10:30", ""),
    ],
)
def test_what_cannot_be_read_is_said_of_its_row(text: str, fault: str) -> None:
    (answer,) = treasury.read_pasted(text)
    assert fault in answer.fault
    assert answer.row == 2


@pytest.mark.parametrize("content", [b"no workbook", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="打不开"):
        treasury.read_xlsx(content)


def test_a_workbook_comes_back_as_it_was_sent(money: Money) -> None:
    with pytest.raises(Invalid, match="表头"):
        treasury.read_xlsx(treasury.as_xlsx([]))


def test_no_cell_is_a_formula(money: Money) -> None:
    released_number = released(money)
    with money.database.reading() as db:
        orders, _ = queries.file_of(db, money.people.payer, released_number)
    assert replace(orders[0], holder="=HYPERLINK(1)").cells()[4] == "'=HYPERLINK(1)"
