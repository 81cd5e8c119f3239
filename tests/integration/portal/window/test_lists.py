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
from portal.window.lists import freezing, queries, services
from portal.window.lists.queries import RowView
from portal.window.lists.rules import Doubt
from portal.window.lists.services import Ruling
from portal.window.rules import Stage
from tests.conftest import Clock
from tests.factories import city as factory
from tests.factories.city import EXEMPT_ITEM, FIRM, OTHER_FIRM, POOL, City
from tests.integration.portal.window.conftest import READERS
from tests.support.pages import PortalClient

YES, NO = Ruling(FIRM, True, 8_000_000, ""), Ruling(OTHER_FIRM, False, None, "已迁出本市")


def frozen(database: Database, city: City) -> str:
    with database.writing() as db:
        return freezing.freeze(db, city.clerk, EXEMPT_ITEM)


def confirmed(database: Database, city: City) -> str:
    number = frozen(database, city)
    with database.writing() as db:
        services.hand_off(db, city.clerk, number)
        services.respond(db, city.officer, number)
        services.confirm(db, city.officer, number, [YES, NO])
    factory.deliver(database, READERS)
    return next(row.case_number for row in rows_of(database, city, number).values() if row.kept)


def rows_of(database: Database, city: City, number: str) -> dict[str, RowView]:
    with database.reading() as db:
        return {row.credit_code: row for row in queries.one(db, city.clerk, number, factory.now()).rows}


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


def test_a_row_that_cannot_be_taken_in_holds_up_no_other(
    database: Database, city: City, deliver: Callable[[], None]
) -> None:
    number = frozen(database, city)
    with database.writing() as db:
        services.hand_off(db, city.clerk, number)
    with pytest.raises(Invalid, match="还没有核对任何一家"), database.writing() as db:
        services.confirm(db, city.officer, number, [])
    with database.writing() as db:
        services.confirm(db, city.officer, number, [YES, Ruling(OTHER_FIRM, False, None, "")])
    deliver()
    rows = rows_of(database, city, number)
    assert rows[FIRM].case_number
    assert (rows[OTHER_FIRM].kept, rows[OTHER_FIRM].problem) == (None, "不列入要写理由，企业会看到")
    with database.writing() as db:
        assert deadlines.running(db, f"list:{number}") == {"review"}
        services.confirm(db, city.officer, number, [NO])
        assert deadlines.running(db, f"list:{number}") == set()
    with pytest.raises(Invalid, match="还没有核对任何一家"), database.writing() as db:
        services.confirm(db, city.officer, number, [NO])


def test_who_is_left_out_is_told_in_writing_with_the_remedy(
    database: Database, city: City, deliver: Callable[[], None]
) -> None:
    confirmed(database, city)
    with database.reading() as db:
        (paper,) = notices.of_subject(db, city.other_firm, "list:QD-2026-001")
        opened = notices.opened(db, city.other_firm, paper.verify_code).document
        assert notices.of_subject(db, city.firm, "list:QD-2026-001") == []
    assert any("已迁出本市" in each for each in opened.paragraphs)
    assert "行政复议" in opened.remedy


def test_without_cover_a_row_is_queued_and_never_refused(
    database: Database, city: City, deliver: Callable[[], None]
) -> None:
    with database.writing() as db:
        payouts.withdraw(
            db,
            city.cashier,
            pool_code=f"{POOL}-EXEMPT",
            amount_fen=100_000_000,
            document_number="广财〔2026〕2号",
        )
    number = frozen(database, city)
    with database.writing() as db:
        services.hand_off(db, city.clerk, number)
        services.confirm(db, city.officer, number, [YES, Ruling(OTHER_FIRM, True, 8_000_000, "")])
    deliver()
    assert {row.state for row in rows_of(database, city, number).values()} == {"排队等资金"}


def test_each_doubt_names_what_it_rests_on(database: Database, city: City) -> None:
    confirmed(database, city)
    rule = {
        "text": "列入严重失信名单的不予兑现",
        "field": "serious_dishonest",
        "repaired_field": "credit_repaired",
    }
    with database.writing() as db:
        for code, changes in ((EXEMPT_ITEM, {"credit_rule": rule, "exclusive_with": [EXEMPT_ITEM]}),):
            factory.take_items(db, factory.exempt_row(code, **changes))
        other = factory.firm_row(OTHER_FIRM, "样例纺织有限公司", "510802")
        other["attributes"] = {**other["attributes"], "serious_dishonest": True}
        twin = factory.firm_row("91510800MAD0A1B4XB", "样例纺织有限公司")
        twin["uscc_override_reason"] = "测试用代码"
        factory.take_firms(db, other, twin)
    rows = rows_of(database, city, frozen(database, city))
    doubts = {code: {finding.doubt: finding for finding in row.doubts} for code, row in rows.items()}
    assert set(doubts[FIRM]) == {Doubt.PAID_BEFORE, Doubt.EXCLUSIVE}
    assert doubts[FIRM][Doubt.PAID_BEFORE].basis == "GY-2026-0001"
    assert set(doubts[OTHER_FIRM]) == {Doubt.SAME_FIRM, Doubt.CREDIT}
    credit = doubts[OTHER_FIRM][Doubt.CREDIT]
    assert (credit.basis, credit.source, credit.as_of) == (rule["text"], "部门数据", "2026-05-31")


def test_a_repaired_record_bars_nobody_and_no_rule_bars_nobody(database: Database, city: City) -> None:
    with database.writing() as db:
        other = factory.firm_row(OTHER_FIRM, "样例纺织有限公司", "510802")
        other["attributes"] = {**other["attributes"], "serious_dishonest": True}
        factory.take_firms(db, other)
    assert rows_of(database, city, frozen(database, city))[OTHER_FIRM].doubts == ()


def test_a_doubtful_row_is_taken_in_with_a_reason_alone(
    database: Database, city: City, deliver: Callable[[], None]
) -> None:
    first = confirmed(database, city)
    number = frozen(database, city)
    with database.writing() as db:
        services.hand_off(db, city.clerk, number)
        services.confirm(db, city.officer, number, [YES])
    assert rows_of(database, city, number)[FIRM].problem == "有疑点，列入要写理由"
    with database.writing() as db:
        services.confirm(db, city.officer, number, [Ruling(FIRM, True, 8_000_000, "补差")])
    # the first case is still under way: no second claim on the same money beside it
    assert first in rows_of(database, city, number)[FIRM].problem


def test_an_account_of_another_firm_is_not_taken(
    database: Database, city: City, deliver: Callable[[], None]
) -> None:
    with database.writing() as db:
        factory.submit(db, city, city.other_firm)
    number = confirmed(database, city)
    with pytest.raises(Invalid, match="另一家企业"), database.writing() as db:
        services.confirm_account(
            db, city.firm, number, name="样例机械有限公司", bank="样例银行", account_number="6222000011112222"
        )


def test_one_list_of_an_item_at_a_time(database: Database, city: City) -> None:
    number = frozen(database, city)
    with pytest.raises(Conflict, match=number), database.writing() as db:
        freezing.freeze(db, city.clerk, EXEMPT_ITEM)


def test_a_list_is_seen_by_its_department_from_the_handoff_on(database: Database, city: City) -> None:
    number = frozen(database, city)
    with pytest.raises(NotFound), database.writing() as db:
        services.respond(db, city.officer, number)
    with database.writing() as db:
        services.hand_off(db, city.clerk, number)
    with pytest.raises(NotFound), database.writing() as db:
        services.respond(db, city.stranger, number)


def test_the_pages_of_a_list(
    database: Database,
    city: City,
    deliver: Callable[[], None],
    signed_in: Callable[[str], PortalClient],
) -> None:
    clerk, officer = signed_in("clerk"), signed_in("officer")
    clerk.submit("/lists", "/lists", {"item_code": EXEMPT_ITEM})
    path = "/lists/QD-2026-001"
    assert "样例机械有限公司" in clerk.page(path).text
    clerk.submit(path, f"{path}/hand-off")
    officer.submit(path, f"{path}/respond")
    officer.submit(path, f"{path}/confirm", {f"amount-{OTHER_FIRM}": "八万"})
    assert "金额要填数字" in officer.page(path).text
    officer.submit(path, f"{path}/confirm", {f"amount-{OTHER_FIRM}": "80000", f"keep-{OTHER_FIRM}": "yes"})
    deliver()
    firm = signed_in("firm")
    mine = firm.page("/my/cases").text
    assert "1 件等您办理" in mine
    assert "确认账户" in mine
    form = "/cases/GY-2026-0001/account"
    assert firm.submit(form, form, {"account_bank": "样例银行", "account_number": "12"}).status_code == 422
    firm.submit(form, form, {"account_bank": "样例银行", "account_number": "6222000011112222"})
    assert "待兑付" in firm.page("/cases/GY-2026-0001").text
    assert "GY-2026-0001" in officer.page(path).text
