"""From an account to an enterprise's person on a telephone; one accountant with many firms."""

from datetime import timedelta
from pathlib import Path

import pytest

from foundation import clock
from foundation.accounts import queries as accounts
from foundation.db import Database
from foundation.enterprises import queries as firms
from foundation.enterprises.mandates import services as mandates
from foundation.enterprises.mandates.rules import Capacity
from portal.demo.home import Home
from tests.e2e.conftest import Enter
from tests.factories import city as factory

PHONE = 360
AGENT, IN_THE_DEMONSTRATION, FIRMS = "daizhang1", 7, 38
# firms that nobody knows yet, on a telephone with scripts and at a desk without
NEW = [
    ("91510802MA0000002Q", "样例新办机械有限公司", "zhaoxin", PHONE, True),
    (factory.credit_code(900001), "样例新办农机有限公司", "qianxin", 1280, False),
]


@pytest.fixture
def many_firms(home: Path, address: str) -> None:
    """The accountant keeps the books of 38 firms."""
    demo = Home(home / "demo")
    clock.set_source(clock.shifted(timedelta(seconds=float(demo.clock.read_text()))))
    database = Database(f"sqlite:///{demo.database}")
    rows = factory.listed_firms(range(910001, 910001 + FIRMS - IN_THE_DEMONSTRATION), "books")
    with database.writing() as db:
        factory.take_firms(db, *rows)
        (_, agent), *_ = accounts.actors_named(db, AGENT, clock.now().date())
        for row in rows:
            firm = firms.profile(db, row["uscc"]).enterprise
            mandates.bind(db, None, firm, person_id=agent.person_id or 0, capacity=Capacity.HANDLER)
    database.close()


@pytest.mark.parametrize(("code", "name", "login", "width", "script"), NEW, ids=["script", "plain"])
def test_from_registration_to_an_application(
    enter: Enter, code: str, name: str, login: str, width: int, script: bool
) -> None:
    owner = enter(width=width, script=script)
    owner.open("/sign-in")
    owner.follow("企业用户注册")
    wrong = code[:-1] + ("R" if code[-1] != "R" else "T")
    owner.fill(credit_code=wrong, firm_name=name, name="赵新（样例）", phone="13800000099")
    owner.fill(login=login, password="一二三 new words 四")
    owner.page.get_by_label("法定代表人").check()
    owner.press("注册")
    assert "校验码对不上" in owner.text()
    owner.fill(credit_code=code, password="一二三 new words 四")
    owner.press("注册")
    assert "带证件到专窗核验一次" in owner.text()
    shown = owner.page.locator(".amount-lg").inner_text()
    owner.open("/my/cases", 403)

    clerk = enter("zhuanchuang1", script=script)
    clerk.open("/bindings")
    clerk.fill(q=shown)
    clerk.press("查找")
    clerk.page.get_by_role("link", name=f"核验 {shown}").click()
    clerk.page.get_by_label("营业执照原件").check()
    clerk.page.get_by_label("本人身份证原件").check()
    clerk.press("核对无误，绑定")
    assert "就能替企业办事" in clerk.text()

    owner.open("/binding")
    owner.press(f"进入 {name}")
    owner.open("/apply/YL03")
    owner.fill(contact_name="赵新", contact_phone="13800000099", applied_fen="100000", account_name=name)
    owner.fill(account_bank="样例银行广元分行", account_number="6222000000000000999")
    owner.press("下一步：核对")
    owner.press("确认提交")
    assert "待受理" in owner.text()


def test_one_accountant_with_many_firms(enter: Enter, many_firms: None) -> None:
    plain = enter(AGENT, script=False, anew=True)
    plain.open("/my/firms")
    plain.follow("全部企业")
    assert f"我能代表的 {FIRMS} 家企业" in plain.text()
    agent = enter(AGENT, width=PHONE, anew=True)
    agent.open("/my/firms")
    assert f"{FIRMS} 家企业有" in agent.page.locator("h1").inner_text()
    agent.page.get_by_role("button", name="去办 剑阁剑门商贸").click()
    agent.page.wait_for_load_state()
    assert agent.path() == "/apply/YL04"
    assert "剑阁剑门商贸有限公司（样例）" in agent.text()
    agent.open("/my/people")
    assert "授权由法定代表人或最先绑定的经办人管理" in agent.text()

    owner = enter("qiye5", width=PHONE)
    owner.open("/my/people")
    owner.page.get_by_role("link", name="终止或交接 钟秀").click()
    owner.page.wait_for_load_state()
    owner.steady()
    owner.press("确认终止")
    assert "钟秀" not in owner.text()
    agent.open("/my/cases")  # out at the next request
    assert agent.page.locator("h1").inner_text() == "登录"
