"""免申即享: nobody applies; the data decide, the department confirms, the firm names its account."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from foundation.db import Database
from foundation.deadlines import queries as deadlines
from foundation.enterprises import services as enterprises
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from notices import queries as notices
from portal import invariants
from portal.payouts import services as payouts
from portal.payouts.rules import FundSource
from portal.window import queries as cases
from portal.window.lists import queries, services
from portal.window.lists.services import Ruling
from portal.window.rules import Stage
from tests.conftest import Clock
from tests.factories import city as factory
from tests.factories.city import EXEMPT_ITEM, FIRM, OTHER_FIRM, City
from tests.support.pages import PortalClient

YES, NO = Ruling(FIRM, True, 8_000_000, ""), Ruling(OTHER_FIRM, False, None, "已迁出本市")


def frozen(database: Database, city: City) -> str:
    with database.writing() as db:
        return services.freeze(db, city.clerk, EXEMPT_ITEM)


def confirmed(database: Database, city: City) -> str:
    number = frozen(database, city)
    with database.writing() as db:
        services.hand_off(db, city.clerk, number)
        services.respond(db, city.officer, number)
        services.confirm(db, city.officer, number, [YES, NO])
    with database.reading() as db:
        found = queries.one(db, city.clerk, number, factory.now())
    return next(row.case_number for row in found.rows if row.kept)


def test_a_list_is_paid_without_an_application(
    database: Database, city: City, clock: Clock, deliver: Callable[[], None]
) -> None:
    number = confirmed(database, city)
    with database.reading() as db:
        assert deadlines.running(db, f"case:{number}") == {"account"}
        papers = [paper.heading for paper in notices.of_subject(db, city.firm, f"case:{number}")]
    assert papers == ["准予兑现决定书"]

    with pytest.raises((NotAllowed, NotFound)), database.writing() as db:
        payouts.prepare_line(db, city.cashier, subject=f"case:{number}", source=FundSource.CITY)
    clock.advance(timedelta(days=1))
    with database.writing() as db:
        services.confirm_account(
            db, city.firm, number, name="样例机械有限公司", bank="样例银行", account_number="6222000011112222"
        )
    with database.reading() as db:
        assert deadlines.running(db, f"case:{number}") == {"payout"}
    with database.writing() as db:
        line = payouts.prepare_line(db, city.cashier, subject=f"case:{number}", source=FundSource.CITY)
    with database.writing() as db:
        payouts.pay(db, city.treasurer, payment_id=line, paid_at=clock.moment, bank_reference="回单 1")
    deliver()
    with database.reading() as db:
        assert cases.case(db, city.firm, number).stage is Stage.PAID
        assert [(name, rows) for name, rows in invariants.check(db) if rows] == []


def test_the_clocks_run_once_for_the_whole_list(database: Database, city: City) -> None:
    number = frozen(database, city)
    with database.writing() as db:
        assert deadlines.running(db, f"list:{number}") == {"handoff"}
        notice = services.hand_off(db, city.clerk, number)
    with database.reading() as db:
        assert deadlines.running(db, f"list:{number}") == {"response", "review"}
        paper = notices.of_subject(db, city.officer, f"list:{number}")[0]
        opened = notices.opened(db, city.officer, paper.verify_code)
    assert paper.number == notice
    assert len(opened.document.materials) == 2
    with database.writing() as db:
        services.confirm(db, city.officer, number, [YES, NO])
        assert deadlines.running(db, f"list:{number}") == set()


def test_what_a_firm_declared_of_itself_does_not_put_it_on_a_list(database: Database, city: City) -> None:
    with database.writing() as db:
        row = factory.firm_row("91510800MAD0A1B4XB", "样例自报有限公司")
        row["attributes"] = {}
        row["uscc_override_reason"] = "测试用代码"
        factory.take_firms(db, row)
        enterprises.declare(
            db,
            city.firm,
            credit_code="91510800MAD0A1B4XB",
            field="tech_reform_equipment_wan",
            value=900,
        )
    number = frozen(database, city)
    with database.reading() as db:
        listed = {row.credit_code for row in queries.one(db, city.clerk, number, factory.now()).rows}
    assert listed == {FIRM, OTHER_FIRM}


def test_every_row_is_decided_or_nothing_is(database: Database, city: City) -> None:
    number = frozen(database, city)
    with database.writing() as db:
        services.hand_off(db, city.clerk, number)
    with pytest.raises(Invalid, match="还没有核对"), database.writing() as db:
        services.confirm(db, city.officer, number, [YES])
    with pytest.raises(Invalid, match="还没有写理由"), database.writing() as db:
        services.confirm(db, city.officer, number, [YES, Ruling(OTHER_FIRM, False, None, "")])
    with database.reading() as db:
        assert all(row.kept is None for row in queries.one(db, city.clerk, number, factory.now()).rows)


def test_a_firm_that_was_paid_this_year_is_doubted(database: Database, city: City) -> None:
    confirmed(database, city)
    number = frozen(database, city)
    with database.reading() as db:
        doubts = {
            row.credit_code: row.doubt for row in queries.one(db, city.clerk, number, factory.now()).rows
        }
    assert "已有在办或已兑现" in doubts[FIRM]
    assert doubts[OTHER_FIRM] == ""


def test_a_firm_with_an_open_case_is_not_paid_from_the_list_as_well(database: Database, city: City) -> None:
    first = confirmed(database, city)
    number = frozen(database, city)
    with database.writing() as db:
        services.hand_off(db, city.clerk, number)
    again = Ruling(FIRM, True, 8_000_000, "补差")
    with pytest.raises(Invalid, match=first), database.writing() as db:
        services.confirm(db, city.officer, number, [again, NO])


def test_one_list_of_an_item_at_a_time(database: Database, city: City) -> None:
    number = frozen(database, city)
    with pytest.raises(Conflict, match=number), database.writing() as db:
        services.freeze(db, city.clerk, EXEMPT_ITEM)


def test_a_list_is_seen_by_its_department_from_the_handoff_on(database: Database, city: City) -> None:
    number = frozen(database, city)
    with pytest.raises(NotFound), database.writing() as db:
        services.respond(db, city.officer, number)
    with database.writing() as db:
        services.hand_off(db, city.clerk, number)
    with pytest.raises(NotFound), database.writing() as db:
        services.respond(db, city.stranger, number)


def test_the_pages_of_a_list(
    database: Database, city: City, signed_in: Callable[[str], PortalClient]
) -> None:
    clerk, officer = signed_in("clerk"), signed_in("officer")
    clerk.submit("/lists", "/lists", {"item_code": EXEMPT_ITEM})
    path = "/lists/QD-2026-001"
    assert "样例机械有限公司" in clerk.page(path).text
    clerk.submit(path, f"{path}/hand-off")
    officer.submit(path, f"{path}/respond")
    answer = officer.submit(path, f"{path}/confirm", {f"amount-{FIRM}": "八万"})
    assert answer.status_code == 422
    officer.submit(path, f"{path}/confirm")
    firm = signed_in("firm")
    mine = firm.page("/my/cases").text
    assert "待确认账户" in mine
    form = "/cases/GY-2026-0001/account"
    assert firm.submit(form, form, {"account_bank": "样例银行", "account_number": "12"}).status_code == 422
    firm.submit(form, form, {"account_bank": "样例银行", "account_number": "6222000011112222"})
    assert "待兑付" in firm.page("/cases/GY-2026-0001").text
    assert "GY-2026-0001" in officer.page(path).text
