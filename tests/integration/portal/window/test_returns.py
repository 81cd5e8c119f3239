"""A payment that the bank sent back: told, corrected with four eyes, paid again; other gaps of a case."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

import foundation.deadlines.tasks
import portal.payouts.tasks
import portal.window.returns.tasks
import portal.window.tasks
from foundation import audit
from foundation.db import Database
from foundation.deadlines import queries as deadlines
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from foundation.web.access import Actor
from notices import queries as notices
from notices.models import Notice, ServedHow
from portal import invariants
from portal.api import services as api
from portal.payouts import queries as payout_queries
from portal.payouts import services as payouts
from portal.payouts.rules import FundSource
from portal.window import queries as cases
from portal.window.models import Case
from portal.window.returns import queries, services
from portal.window.returns.rules import Stage
from portal.window.rules import Stage as CaseStage
from portal.window.services import review
from tests.conftest import Clock
from tests.factories import city as factory
from tests.factories.city import ITEM, City
from tests.support.pages import PortalClient

SignedIn = Callable[[str], PortalClient]
READERS = (
    *portal.payouts.tasks.READERS,
    *portal.window.tasks.READERS,
    *portal.window.returns.tasks.READERS,
    *foundation.deadlines.tasks.READERS,
)
NUMBER, SUBJECT = "GY-2026-0001", "case:GY-2026-0001"
NEW = {"name": "样例机械有限公司", "bank": "样例银行城东支行", "account_number": "6217003870009915522"}


def pay(database: Database, city: City, clock: Clock) -> str:
    def prepare_and_pay() -> str:
        with database.writing() as db:
            line = payouts.prepare_line(db, city.cashier, subject=SUBJECT, source=FundSource.CITY)
            payouts.pay(
                db, city.treasurer, payment_id=line, paid_at=clock.moment, bank_reference=f"回单 {line[:4]}"
            )
        return line

    line = prepare_and_pay()
    factory.deliver(database, READERS)
    return line


@pytest.fixture
def returned(database: Database, city: City, clock: Clock) -> str:
    """A case that was paid, and whose payment the bank sent back an hour later; the payment."""
    with database.writing() as db:
        number = factory.reviewed(db, city)
        review.approve(db, city.head, number, decided_fen=6_200_000, reason="")
    line = pay(database, city, clock)
    clock.advance(timedelta(hours=1))
    with database.writing() as db:
        payouts.return_line(db, city.treasurer, payment_id=line, returned_at=clock.moment, reason="户名不符")
    factory.deliver(database, READERS)
    return line


def now_stands(database: Database, actor: Actor, clock: Clock) -> queries.ReturnView:
    with database.reading() as db:
        return queries.one(db, actor, NUMBER, clock.moment)


def running(database: Database) -> set[str]:
    with database.reading() as db:
        return set(deadlines.running(db, f"return:{NUMBER}"))


def broken(database: Database) -> list[tuple[str, list[str]]]:
    with database.reading() as db:
        return [(name, rows) for name, rows in invariants.check(db) if rows]


def propose(database: Database, actor: Actor, **more: str) -> None:
    database.write(lambda db: services.propose(db, actor, NUMBER, **{**NEW, **more}))


def test_the_enterprises_programs_read_what_its_people_read(
    database: Database, city: City, returned: str, client: PortalClient
) -> None:
    token = database.write(lambda db: api.make(db, city.firm, label="财务软件", days=30))
    for path in ("/api/v1/cases", f"/api/v1/cases/{NUMBER}"):
        found = client.get(path, headers={"Authorization": f"Bearer {token}"}).get_json()
        assert (found["cases"][0] if "cases" in found else found)["stage_name"] == "退票，待更正账户"


def test_the_enterprise_hears_at_once_what_to_correct(
    database: Database, city: City, clock: Clock, returned: str
) -> None:
    view = now_stands(database, city.firm, clock)
    assert (view.stage, view.amount_fen, view.reason) == (Stage.OPEN, 6_200_000, "户名不符")
    assert view.told_at - view.returned_at <= timedelta(hours=1)
    assert running(database) == {"correction"}
    with database.reading() as db:
        message = notices.inbox(db, city.firm).messages[0]
        assert db.scalars(select(Case)).one().stage is CaseStage.PAID
        (row,) = cases.mine(db, city.firm, clock.moment)
    assert "户名不符" in message.body
    assert message.link == f"/cases/{NUMBER}/correction"
    assert row.stage_name == "退票，待更正账户"
    with pytest.raises(NotAllowed, match="没有确认收款账户"), database.writing() as db:
        payouts.prepare_line(db, city.cashier, subject=SUBJECT, source=FundSource.CITY)
    assert broken(database) == []


def test_a_corrected_account_is_checked_by_another_and_paid_again(
    database: Database, city: City, clock: Clock, returned: str
) -> None:
    with pytest.raises(Invalid, match="户名与企业名称不一致"):
        propose(database, city.firm, name="王某")
    propose(database, city.firm)
    assert running(database) == {"account_check"}
    database.write(lambda db: services.decline(db, city.clerk, NUMBER, reason="缺支行"))
    assert running(database) == {"correction"}
    propose(database, city.clerk)  # at the counter, for the firm
    with pytest.raises(NotAllowed, match="另一个人"), database.writing() as db:
        services.approve(db, city.clerk, NUMBER)
    propose(database, city.firm)
    database.write(lambda db: services.approve(db, city.clerk, NUMBER))
    assert running(database) == {"reissue"}
    with database.reading() as db:
        claim = payout_queries.claim_of(db, SUBJECT)
        personal = db.scalars(select(Case)).one().personal
        assert (personal.account_number, personal.account_bank) == (NEW["account_number"], NEW["bank"])
    assert claim is not None
    assert claim.account == "尾号 5522"
    with pytest.raises(Conflict):
        propose(database, city.firm)
    clock.advance(timedelta(minutes=30))
    again = pay(database, city, clock)
    assert again != returned
    with database.reading() as db:
        assert queries.of_case(db, NUMBER, clock.moment) is None
        assert notices.inbox(db, city.firm).messages[0].title.startswith("已重新付款")
        said = str([line.facts for line in audit.timeline(db, f"return:{NUMBER}")])
        (row,) = cases.mine(db, city.firm, clock.moment)
    assert row.stage_name == "已兑付"
    assert running(database) == set()
    assert NEW["account_number"] not in said
    assert "户名" not in said
    assert broken(database) == []


def test_what_comes_back_again_is_corrected_again(
    database: Database, city: City, clock: Clock, returned: str
) -> None:
    propose(database, city.firm)
    database.write(lambda db: services.approve(db, city.clerk, NUMBER))
    line = pay(database, city, clock)
    clock.advance(timedelta(hours=1))
    with database.writing() as db:
        payouts.return_line(db, city.treasurer, payment_id=line, returned_at=clock.moment, reason="账号错误")
    factory.deliver(database, READERS)
    assert now_stands(database, city.firm, clock).reason == "账号错误"
    assert broken(database) == []


def test_strangers_see_no_return(database: Database, city: City, clock: Clock, returned: str) -> None:
    for stranger in (city.other_firm, city.county_clerk, city.stranger):
        with pytest.raises(NotFound):
            now_stands(database, stranger, clock)
    with database.reading() as db:
        assert len(queries.desk(db, city.cashier, clock.moment)) == 1
        assert queries.desk(db, city.county_clerk, clock.moment) == []
        assert queries.to_check(db, city.clerk) == queries.to_check(db, city.cashier) == 0


@pytest.mark.sqlite
def test_through_the_pages(returned: str, signed_in: SignedIn) -> None:
    firm, clerk = signed_in("firm"), signed_in("clerk")
    page = firm.page(f"/cases/{NUMBER}").words()
    assert "退票，待更正账户" in page
    assert "款项已到账，办结" not in page
    path = f"/cases/{NUMBER}/correction"
    assert "户名不符" in firm.page(path).words()
    filled = {"account_name": "样例机械有限公司", "account_bank": "新行", "account_number": "6222 0000 1111"}
    assert firm.submit(path, path, {**filled, "account_number": "x"}).status_code == 422
    assert firm.submit(path, path, filled).status_code == 303
    assert "1 件退票更正的账户等着核对" in clerk.page("/cases").words()
    assert "待核对账户" in clerk.page("/returns").words()
    check = f"{path}/check"
    assert "622200001111" in clerk.page(check).words()
    assert clerk.submit(check, f"{path}/approve").status_code == 303
    assert "待重新付款" in firm.page(f"/cases/{NUMBER}").words()
    assert "正在重新付款" in firm.page(path).words()
    assert "不用核对" in clerk.page(check).words()


@pytest.mark.sqlite
def test_who_decides_reads_the_reviewers_opinion(database: Database, city: City, signed_in: SignedIn) -> None:
    number = database.write(lambda db: factory.reviewed(db, city))
    assert "审核意见符合条件" in signed_in("head").page(f"/cases/{number}/decide").words()


@pytest.mark.sqlite
def test_a_firm_is_led_to_its_case_instead_of_applying_twice(
    database: Database, city: City, signed_in: SignedIn
) -> None:
    firm = signed_in("firm")
    offers = ("/my/policies", f"/my/policies/{ITEM}", f"/items/{ITEM}")
    assert all(f"/apply/{ITEM}" in firm.page(path).text for path in offers)
    number = database.write(lambda db: factory.submit(db, city))
    for path in offers:
        page = firm.page(path).text
        assert f"/apply/{ITEM}" not in page
        assert f"/cases/{number}" in page


@pytest.mark.sqlite
def test_a_paper_is_served_by_opening_it_or_as_the_window_records(
    database: Database, city: City, clock: Clock, signed_in: SignedIn
) -> None:
    number = database.write(lambda db: factory.reviewed(db, city))
    clock.advance(timedelta(minutes=5))

    def paper() -> Notice:
        with database.reading() as db:
            addressed = Notice.subject == f"case:{number}", Notice.addressee_code == factory.FIRM
            return db.scalars(select(Notice).where(*addressed).order_by(Notice.id)).first() or Notice()

    path = f"/notices/{paper().verify_code}"
    firm, clerk = signed_in("firm"), signed_in("clerk")
    late = {"how": "counter", "at": "2026-06-01T18:00", "signed_by": "王会计"}
    assert clerk.submit(path, f"{path}/served", late).status_code == 422
    assert signed_in("officer").get(path).status_code in {200, 404}
    assert "打开即为送达" in firm.page(path).words()
    assert paper().served_at is None
    assert firm.submit(path, f"{path}/opened").status_code == 303
    first = paper()
    assert (first.served_at, first.served_how) == (clock.moment, ServedHow.INBOX)
    assert "系统送达" in clerk.page(path).words()
    clock.advance(timedelta(hours=1))
    assert clerk.post(f"{path}/served", late).status_code in {400, 303}
    assert paper().served_at == first.served_at
