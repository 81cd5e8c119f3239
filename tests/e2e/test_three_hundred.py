"""免申即享 for three hundred firms, from the frozen list to the paid lines: no bad row stops the others."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts import queries as accounts
from foundation.accounts import services as account_services
from foundation.db import Database
from foundation.web.access import Actor, Role
from portal.demo.home import Home
from portal.payouts import services as payouts
from portal.payouts.rules import FundSource
from portal.window.lists import queries, services
from portal.window.lists.models import ListRow
from portal.window.lists.queries import RowView
from tests.e2e.conftest import Enter
from tests.e2e.people import Person
from tests.factories import city as factory

ITEM, TITLE, POOL, FIELD = "E2E-300", "样例：升规奖励（三百户）", "三百户资金", "e2e_listed"
FIRMS, AMOUNT_FEN, SOME = 300, 80_000_00, 50
PATIENCE = 400  # half seconds
RULE = {"text": "列入严重违法失信名单的不予兑现", "field": "serious_dishonest"}
BAD = factory.credit_code(FIRMS)
# these firms confirm their account themselves: at which width, with scripts or without
THEMSELVES = {1: (360, True), 2: (1280, True), 3: (360, False)}
OWN = {factory.credit_code(number) for number in THEMSELVES}


@pytest.fixture
def city(home: Path, address: str) -> Iterator[Database]:
    """The demonstration's database with three hundred more firms in it, at the demonstration's own time."""
    demo = Home(home / "demo")
    clock.set_source(clock.shifted(timedelta(seconds=float(demo.clock.read_text()))))
    database = Database(f"sqlite:///{demo.database}")
    firms = factory.listed_firms(range(1, FIRMS + 1), FIELD)
    firms[-1]["attributes"]["serious_dishonest"] = True
    with database.writing() as db:
        factory.take_items(db, factory.listed_item(ITEM, FIELD, credit_rule=RULE) | {"title": TITLE})
        factory.take_firms(db, *firms)
        _open_pool(db)
        for number in THEMSELVES:
            code, name = firms[number - 1]["uscc"], firms[number - 1]["name"]
            account_services.enterprise_organisation(db, code, name, "510802")
            factory.actor(db, f"sanbai{number}", code, Role.ENTERPRISE)
    yield database
    database.close()


def _open_pool(db: Session) -> None:
    finance = accounts.organisation_by_code(db, "510800-finance")
    payouts.open_pool(
        db, None, code=ITEM, name=POOL, item_code=ITEM, year=clock.now().year, source=FundSource.CITY,
        organisation_id=finance.id,
    )  # fmt: skip
    payouts.top_up(
        db, None, pool_code=ITEM, amount_fen=FIRMS * AMOUNT_FEN, document_number="广财〔2026〕300号"
    )


def freeze_and_hand_off(window: Person) -> str:
    """One list, one 《交办通知书》; the list's address."""
    window.open("/lists")
    window.page.get_by_label("免申即享事项").select_option(ITEM)
    window.press("比对并冻结清单")
    assert f"{FIRMS} 家企业" in window.text()
    assert window.text().count("疑点：") == 1
    window.press("交办清单")
    assert window.page.get_by_role("link", name="惠企政策兑现交办通知书").count() == 1
    return window.path()


def confirm_list(officer: Person, database: Database, path: str) -> None:
    """The department takes all in but the one that has a doubt; the system opens their cases."""
    officer.open(path)
    officer.press("响应，由我核对")
    assert RULE["text"] in officer.page.locator(f"[id='{BAD}']").inner_text()
    officer.press("确认清单")
    wait_until_settled(database)
    officer.open(path)
    assert f"已列入 {FIRMS - 1} 家，待核对 1 家" in officer.text()


def wait_until_settled(database: Database) -> None:
    """The worker opens the cases some at a time; nobody looks at a page of three hundred again and again."""
    listed = select(func.count()).where(ListRow.case_number.is_not(None))
    for _ in range(PATIENCE):
        with database.reading() as db:
            if db.scalar(listed) == FIRMS - 1:
                return
        time.sleep(0.5)
    pytest.fail("the rows were not settled")


def confirm_account(owner: Person, number: int) -> None:
    """One firm names its account by itself."""
    owner.open("/my/cases")
    assert "1 件等您办理" in owner.text()
    owner.follow(TITLE)
    owner.follow("确认收款账户")
    owner.fill(account_bank="样例银行", account_number=f"62229999000033{number:02}")
    owner.press("确认账户")
    assert "待兑付" in owner.text()


def confirm_the_other_accounts(database: Database, number: str) -> None:
    """What all other firms do at their own desks."""
    with database.reading() as db:
        (_, clerk), *_ = accounts.actors_named(db, "zhuanchuang1", clock.now().date())
        rows = queries.one(db, clerk, number, clock.now()).rows
    left = [row for row in rows if row.case_number and row.credit_code not in OWN]
    for start in range(0, len(left), SOME):
        with database.writing() as db:
            for row in left[start : start + SOME]:
                _confirm(db, clerk, row)


def _confirm(db: Session, clerk: Actor, row: RowView) -> None:
    body = accounts.organisation_by_code(db, row.credit_code)
    actor = Actor(clerk.person_id, "样例", body.id, body.code, body.name, Role.ENTERPRISE)
    account = f"6222{row.case_number[3:].replace('-', ''):0>12}"
    services.confirm_account(
        db, actor, row.case_number, name=row.name, bank="样例银行", account_number=account
    )


def pay_in_one_batch(maker: Person, checker: Person) -> None:
    """One prepares, another releases and takes in what the bank says; one payment comes back."""
    maker.open("/payouts/batches")
    maker.page.get_by_role("button", name=re.compile(f"做成一批.*{POOL}")).click()
    maker.page.wait_for_load_state()
    batch = maker.path()
    assert f"{FIRMS - 1} 笔" in maker.text()
    assert "要由另一位经办人复核" in maker.text()
    checker.open(batch)
    checker.press("复核通过，送国库")
    checker.follow("下载 csv")
    checker.fill(reason="送国库支付")
    with checker.page.expect_download() as download:
        checker.page.get_by_role("button", name="下载").click()
    sent = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    checker.open(batch)
    payments = [line.split(",")[0] for line in sent[1:]]
    assert len(payments) == FIRMS - 1
    answers = [f"{payments[0]},退票,,,户名不符"]
    answers += [f"{payment},成功,,回单{at}," for at, payment in enumerate(payments[1:])]
    checker.fill(pasted="\n".join(["支付编号,结果,时间,回单号,原因", *answers]))
    checker.press("导入回单")
    assert f"已付款 {FIRMS - 2} 笔，银行退票 1 笔" in checker.text()
    assert "已结清" in checker.text()


def settle_the_bad_row(officer: Person, path: str) -> None:
    """It waited with its doubt; without a reason nothing is decided, with one the list is done."""
    officer.open(path)
    row = officer.page.locator(f"[id='{BAD}']")
    row.get_by_label("的结果").select_option("不列入")
    officer.press("确认清单")
    expect(officer.page.locator(f"[id='{BAD}']")).to_contain_text("不列入要写理由，企业会看到")
    row.get_by_label("的结果").select_option("不列入")
    row.get_by_label("的理由").fill("失信记录没有修复")
    officer.press("确认清单")
    assert f"已列入 {FIRMS - 1} 家，不列入 1 家" in officer.text()


def test_three_hundred_firms_are_paid_and_one_bad_row_stops_none(enter: Enter, city: Database) -> None:
    path = freeze_and_hand_off(enter("zhuanchuang1"))
    officer = enter("jingxin1")
    confirm_list(officer, city, path)
    for number, (width, script) in THEMSELVES.items():
        owner = enter(f"sanbai{number}", width=width, script=script)
        confirm_account(owner, number)
    confirm_the_other_accounts(city, path.rpartition("/")[2])
    pay_in_one_batch(enter("caizheng1"), enter("caizheng2"))
    settle_the_bad_row(officer, path)
