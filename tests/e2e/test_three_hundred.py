"""免申即享 for three hundred firms, from the frozen list to the paid lines: no bad row stops the others."""

import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from stdnum.cn import uscc

from foundation import clock
from foundation.accounts import queries as accounts
from foundation.db import Database
from foundation.web.access import Actor, Role
from portal.demo.home import Home
from portal.payouts import services as payouts
from portal.payouts.rules import FundSource
from portal.window.lists import queries, services
from portal.window.lists.models import ListRow
from tests.e2e.conftest import Enter
from tests.e2e.people import Person
from tests.factories import city as factory

ITEM, TITLE = "E2E-300", "样例：升规奖励（三百户）"
FIRMS, AMOUNT_FEN = 300, 80_000_00
RULE = {"text": "列入严重违法失信名单的不予兑现", "field": "serious_dishonest"}
LOGIN = "sanbaihu"
PATIENCE = 240


def code(number: int) -> str:
    first = f"91510802MAE{number:06}"
    return first + uscc.calc_check_digit(first)


def firm(number: int) -> dict[str, Any]:
    row = factory.firm_row(code(number), f"样例升规 {number:03} 号企业（样例）", "510802")
    dishonest = {"serious_dishonest": True} if number == FIRMS else {}
    return {**row, "id": f"E2E-{number}", "attributes": {"e2e_listed": True, **dishonest}}


@pytest.fixture
def city(home: Path, address: str) -> Database:
    """The demonstration's database with three hundred more firms in it, at the demonstration's own time."""
    demo = Home(home / "demo")
    clock.set_source(clock.shifted(timedelta(seconds=float(demo.clock.read_text()))))
    database = Database(f"sqlite:///{demo.database}")
    with database.writing() as db:
        listed = {"all": [{"field": "e2e_listed", "op": "eq", "value": True}]}
        item = factory.exempt_row(ITEM, conditions=listed, credit_rule=RULE) | {"title": TITLE}
        factory.take_items(db, item)
        factory.take_firms(db, *(firm(number) for number in range(1, FIRMS + 1)))
        year, finance = clock.now().year, accounts.organisation_by_code(db, "510800-finance")
        payouts.open_pool(
            db, None, code=ITEM, name="三百户资金", item_code=ITEM, year=year, source=FundSource.CITY,
            organisation_id=finance.id,
        )  # fmt: skip
        payouts.top_up(
            db, None, pool_code=ITEM, amount_fen=FIRMS * AMOUNT_FEN, document_number="广财〔2026〕300号"
        )
    return database


def wait_until_settled(database: Database) -> None:
    """The worker opens the cases some at a time; nobody waits at a page for it."""
    listed = select(func.count()).where(ListRow.case_number.is_not(None))
    for _ in range(PATIENCE):
        with database.reading() as db:
            if db.scalar(listed) == FIRMS - 1:
                return
        time.sleep(0.5)
    pytest.fail("the rows were not settled")


def confirm_accounts(database: Database, number: str, mine: str) -> None:
    """Every firm but the one at the browser names its account."""
    with database.reading() as db:
        (_, clerk), *_ = accounts.actors_named(db, "zhuanchuang1", clock.now().date())
        rows = queries.one(db, clerk, number, clock.now()).rows
    cases = [row for row in rows if row.case_number and row.case_number != mine]
    for start in range(0, len(cases), 50):
        with database.writing() as db:
            for at, row in enumerate(cases[start : start + 50], start):
                body = accounts.organisation_by_code(db, row.credit_code)
                actor = Actor(clerk.person_id, "样例", body.id, body.code, body.name, Role.ENTERPRISE)
                services.confirm_account(
                    db, actor, row.case_number, name=row.name, bank="样例银行", account_number=f"6222{at:012}"
                )


def confirm_own_account(owner: Person) -> str:
    """One firm does so at its telephone; its case."""
    owner.open("/my/cases")
    assert "待确认账户" in owner.text()
    owner.follow(TITLE)
    case = owner.path().removeprefix("/cases/")
    owner.follow("确认收款账户")
    owner.fill(account_bank="样例银行", account_number="6222999900003321")
    owner.press("确认账户")
    assert "待兑付" in owner.text()
    return case


def test_three_hundred_firms_are_paid_and_one_bad_row_stops_none(enter: Enter, city: Database) -> None:
    window, officer = enter("zhuanchuang1"), enter("jingxin1")
    window.open("/lists")
    window.page.get_by_label("免申即享事项").select_option(ITEM)
    window.press("比对并冻结清单")
    path = window.path()
    assert f"{FIRMS} 家企业" in window.text()
    window.press("交办清单")
    officer.open(path)
    officer.press("响应，由我核对")
    assert RULE["text"] in officer.text()
    officer.press("确认清单")
    wait_until_settled(city)
    officer.open(path)
    assert f"已列入 {FIRMS - 1} 家" in officer.text()
    assert "待核对 1 家" in officer.text()

    with city.writing() as db:
        body = accounts.organisation_by_code(db, code(1))
        factory.actor(db, LOGIN, body.code, Role.ENTERPRISE)
    case = confirm_own_account(enter(LOGIN, width=360))
    confirm_accounts(city, path.rpartition("/")[2], case)

    maker, checker = enter("caizheng1"), enter("caizheng2")
    maker.open("/payouts/batches")
    maker.page.get_by_role("button", name=re.compile("做成一批.*三百户资金")).click()
    maker.page.wait_for_load_state()
    batch = maker.path()
    assert f"{FIRMS - 1} 笔" in maker.text()
    assert "要由另一位经办人复核" in maker.text()
    checker.open(batch)
    checker.press("复核通过，送国库")
    with checker.page.expect_download() as download:
        checker.page.get_by_role("link", name="下载 csv").click()
    sent = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    payments = [line.split(",")[0] for line in sent[1:]]
    assert len(payments) == FIRMS - 1
    answers = [f"{payments[0]},退票,,,户名不符"]
    answers += [f"{payment},成功,,回单{at}," for at, payment in enumerate(payments[1:])]
    checker.fill(pasted="\n".join(["支付编号,结果,时间,回单号,原因", *answers]))
    checker.press("导入回单")
    assert f"已付款 {FIRMS - 2} 笔，银行退票 1 笔" in checker.text()
    assert "已结清" in checker.text()
