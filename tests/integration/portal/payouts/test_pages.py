"""Finance at its desk: prepare, confirm, return, top up."""

from collections.abc import Callable

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from catalog.services import import_items
from foundation.clock import now
from foundation.deadlines import services as deadlines
from foundation.deadlines.limits import LIMITS
from portal.payouts import queries
from portal.payouts.rules import LineState
from tests.conftest import Clock
from tests.factories import city as factory
from tests.integration.portal.payouts.conftest import Money
from tests.support.pages import PortalClient

CASE = "case:GY-2026-0001"
SHARE = f"/payouts/claims/{CASE}/city"


@pytest.fixture
def signed_in(money: Money, signed_in: Callable[[str], PortalClient]) -> Callable[[str], PortalClient]:
    """In the city with its money."""
    return signed_in


@pytest.fixture
def maker(signed_in: Callable[[str], PortalClient]) -> PortalClient:
    """The finance officer who prepares."""
    return signed_in("chen")


@pytest.fixture
def payer(signed_in: Callable[[str], PortalClient]) -> PortalClient:
    """The finance officer who confirms."""
    return signed_in("wu")


def lines(money: Money) -> list[LineState]:
    with money.database.reading() as db:
        claim = queries.claim_of(db, CASE)
        assert claim is not None
        return [line.state for line in claim.lines]


def only_line(money: Money) -> str:
    with money.database.reading() as db:
        claim = queries.claim_of(db, CASE)
        assert claim is not None
        return claim.lines[-1].payment_id


def start_clock(db: Session, money: Money, subject: str) -> None:
    holder = money.people.maker.organisation_id
    deadlines.start(db, subject=subject, limit=LIMITS["payout"], at=now(), holder_id=holder)


def test_an_empty_desk_says_why_it_is_empty(maker: PortalClient) -> None:
    page = maker.page("/payouts")

    assert page.words(page.all("h1")[0]) == "现在没有要付的款"
    assert "部门审定金额" in page.words()


def test_one_prepares_the_other_confirms_and_both_are_named(
    money: Money, maker: PortalClient, payer: PortalClient
) -> None:
    money.reserve(CASE, 62_000_00)
    assert "1 笔要做付款申请" in maker.page("/payouts").words()
    assert "62,000 元（陆万贰仟元整）" in maker.page(SHARE).words()

    assert maker.submit(SHARE, SHARE).status_code == 303
    line = f"/payouts/lines/{only_line(money)}"
    assert "要由另一位经办人确认付款" in maker.page(line).words()
    assert not any((form.get("action") or "").endswith("/pay") for form in maker.page(line).all("form"))

    shown = payer.page(line).words()
    assert "62,000 元（陆万贰仟元整）" in shown
    assert "尾号 3321" in shown
    assert "chen先生" in shown
    answer = payer.submit(line, f"{line}/pay", {"bank_reference": "工行 0001"})
    assert answer.status_code == 303
    assert "已确认付款" in payer.page(answer.location).words()
    assert lines(money) == [LineState.PAID]
    assert "申请 chen先生，确认 wu先生" in payer.page("/payouts").words()


def test_the_maker_cannot_confirm_even_by_hand(money: Money, maker: PortalClient) -> None:
    money.reserve(CASE, 500)
    payment = money.prepare(CASE)
    void = f"/payouts/lines/{payment}/void"
    slip = {"paid_at": "2026-06-01T10:00", "bank_reference": "1"}

    page = maker.page(f"/payouts/lines/{payment}")
    hidden = {
        field.get("name"): field.get("value") for field in page.all("input") if field.get("type") == "hidden"
    }
    answer = maker.post(f"/payouts/lines/{payment}/pay", {**hidden, **slip})

    assert answer.status_code == 403
    assert lines(money) == [LineState.PENDING]
    assert maker.submit(f"/payouts/lines/{payment}", void, {"reason": "账户有误"}).status_code == 303
    assert lines(money) == [LineState.VOID]


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_paid(money: Money, payer: PortalClient) -> None:
    money.reserve(CASE, 500)
    line = f"/payouts/lines/{money.prepare(CASE)}"

    answer = payer.submit(line, f"{line}/pay", {"paid_at": "2026-06-02T10:00", "bank_reference": "工行 <1>"})
    assert answer.status_code == 422
    assert "时间不能晚于现在" in answer.get_data(as_text=True)
    assert 'value="工行 &lt;1&gt;"' in answer.get_data(as_text=True)
    assert payer.submit(line, f"{line}/pay", {"bank_reference": ""}).status_code == 422
    assert lines(money) == [LineState.PENDING]


def test_a_returned_payment_comes_back_to_the_desk(
    money: Money, maker: PortalClient, payer: PortalClient
) -> None:
    money.reserve(CASE, 500)
    line = f"/payouts/lines/{money.prepare(CASE)}"
    payer.submit(line, f"{line}/pay", {"bank_reference": "工行 0001"})

    answer = maker.submit(line, f"{line}/return", {"reason": "户名不符"})
    assert "已登记退票" in maker.page(answer.location).words()
    maker.submit(SHARE, SHARE)
    assert "退票后第 2 次支付" in payer.page("/payouts").words()
    assert lines(money) == [LineState.RETURNED, LineState.PENDING]
    assert "户名不符" in payer.page(line).words()


def test_the_late_one_is_first_and_the_heading_counts_it(
    money: Money, maker: PortalClient, clock: Clock
) -> None:
    money.reserve("case:GY-2026-0001", 100)
    money.reserve("case:GY-2026-0002", 200)
    with money.database.writing() as db:
        start_clock(db, money, "case:GY-2026-0002")
    assert "还剩" in maker.page("/payouts").words()
    clock.set(clock.moment.replace(day=3))

    page = maker.page("/payouts")
    assert page.words(page.all("h1")[0]) == "有 2 笔要做付款申请，1 件已逾期"
    rows = [page.words(row) for row in page.all("tbody")[0].iter("tr")]
    assert ["GY-2026-0002" in row for row in rows] == [True, False]


def test_finance_sets_a_pool_up_for_an_item_of_the_catalogue(money: Money, maker: PortalClient) -> None:
    given = {"code": "JG-2027", "name": "技改资金池", "item_code": "S001", "year": "2027", "source": "city"}
    refused = maker.submit("/payouts/pools/new", data=given)
    assert (refused.status_code, "没有编号是 S001 的事项" in refused.text) == (422, True)
    money.database.write(lambda db: import_items(db, None, [factory.item_row("S001")]))
    answer = maker.submit("/payouts/pools/new", data=given)
    assert answer.location == "/payouts/pools/JG-2027/top-up"
    assert "技改资金池" in maker.page("/payouts/pools").words()
    again = maker.submit("/payouts/pools/new", data={**given, "code": "JG-2027-2"})
    assert "已经有资金池 JG-2027" in again.text


def test_topping_up_is_checked_first_and_covers_who_waits(money: Money, maker: PortalClient) -> None:
    money.reserve(CASE, 150_000_00)
    assert "排队等资金" in maker.page("/payouts").words()
    assert "1 个资金池不够付" in maker.page("/payouts/pools").words()
    assert "还没有资金保障" in maker.page(SHARE).words()
    form = f"/payouts/pools/{Money.pool}/top-up"

    wrong = maker.page(f"{form}?amount=abc&document_number=").words()
    assert "请填数字" in wrong
    assert "还没有填写" in wrong
    checked = f"{form}?amount=50,000&document_number=广财〔2026〕9号"
    assert "50,000 元（伍万元整）" in maker.page(checked).words()
    answer = maker.submit(checked, form)
    assert answer.status_code == 303
    assert "现在可用 0 元，排队 0 笔" in maker.page(answer.location).words()
    assert "1 笔要做付款申请" in maker.page("/payouts").words()


@pytest.mark.parametrize(
    "path", [SHARE, f"/payouts/pools/{Money.pool}/top-up", "/payouts/claims/case:x/moon"]
)
def test_what_belongs_to_another_finance_bureau_is_not_there(
    money: Money, signed_in: Callable[[str], PortalClient], path: str
) -> None:
    money.reserve(CASE, 500)
    payment = money.prepare(CASE)
    county = signed_in("lao")

    assert county.get(path).status_code == 404
    assert county.get(f"/payouts/lines/{payment}").status_code == 404
    assert "GY-2026-0001" not in county.page("/payouts").words()
    assert "还没有资金池" in county.page("/payouts/pools").words()


def test_the_desk_is_finances_alone(money: Money, signed_in: Callable[[str], PortalClient]) -> None:
    assert signed_in("zhou").get("/payouts").status_code == 403
    assert signed_in("zhou").get("/payouts/pools").status_code == 403


def test_a_longer_desk_asks_the_database_no_more_often(money: Money, maker: PortalClient) -> None:
    def asked() -> int:
        statements: list[str] = []
        note = lambda *cursor: statements.append(cursor[2])  # noqa: E731 - a listener of one line
        event.listen(money.database.engine, "before_cursor_execute", note)
        maker.page("/payouts")
        event.remove(money.database.engine, "before_cursor_execute", note)
        return len(statements)

    for number in range(2):
        money.reserve(f"case:{number}", 100)
    money.prepare("case:0")
    few = asked()
    for number in range(2, 8):
        money.reserve(f"case:{number}", 100)
        money.prepare(f"case:{number}")
    money.reserve("case:waits", 200_000_00)

    assert asked() == few
