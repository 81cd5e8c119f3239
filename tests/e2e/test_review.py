"""One case of 综合评审 from search to rating, through every role's real pages, with scripts and without."""

import re

import pytest

from portal.demo.stage import PAPER
from tests.e2e.conftest import Enter
from tests.e2e.people import Person

ITEM, TITLE = "YL01", "标准化厂房租赁补贴（样例）"
MATERIALS = ("厂房租赁合同", "上一年度租金发票", "租金付款凭证")
PHONE = 360


def find_and_apply(firm: Person) -> str:
    """From the search box to a case number."""
    firm.open("/")
    firm.fill(q="厂房租赁")
    firm.page.locator("main").get_by_role("button", name="查政策").click()
    firm.page.wait_for_url("**/items?q=*")
    firm.steady()
    firm.follow(TITLE)
    assert "申报材料" in firm.text()
    firm.page.get_by_role("link", name="开始申请").locator("visible=true").click()
    firm.page.wait_for_load_state()
    firm.fill(contact_name="王会计", contact_phone="0839-1234567", applied_fen="62000")
    firm.fill(account_bank="样例银行广元分行", account_number="6222000000000000123")
    for material in MATERIALS[:2]:
        firm.attach(material, f"{material}.pdf", PAPER)
    firm.press("下一步：核对")
    assert "62,000 元（陆万贰仟元整）" in firm.text()
    assert f"还没有上传：{MATERIALS[2]}" in firm.text()
    firm.follow("返回修改")
    firm.attach(MATERIALS[2], f"{MATERIALS[2]}.pdf", PAPER)
    firm.press("下一步：核对")
    assert "还没有上传" not in firm.text()
    firm.press("确认提交")
    assert "待受理" in firm.text()
    return firm.path().removeprefix("/cases/")


def accept_and_hand_off(window: Person, case: str) -> None:
    """The window's two acts, begun from its desk."""
    window.open("/cases")
    window.page.get_by_role("link", name=re.compile(f"受理.*{case}")).click()
    window.press("受理")
    window.follow("交办")
    window.press("交办并出具通知书")
    assert "已交办" in window.text()
    assert "惠企政策兑现交办通知书" in window.text()


def respond_and_review(officer: Person, case: str) -> None:
    """An officer with a telephone, an opinion with an amount."""
    officer.open("/cases")
    officer.page.get_by_role("link", name=re.compile(f"响应.*{case}")).click()
    officer.fill(officer_phone="0839-3260001")
    officer.press("响应")
    officer.follow("提出审核意见")
    assert "满足" in officer.text()
    officer.fill(checked_fen="60000", opinion="材料齐全", reason="一张发票属于上一年度，核减 2000 元")
    officer.press("提交审核意见")
    officer.open(f"/cases/{case}/decide")
    assert "审定要由另一个人办理" in officer.text()


def decide(head: Person, case: str) -> None:
    """Another person decides; a refusal would have a page of its own."""
    head.open("/cases")
    head.page.get_by_role("link", name=re.compile(f"审定.*{case}")).click()
    head.follow("不予兑现")
    assert "决定作出后不能撤回" in head.text()
    head.follow("返回审定")
    head.press("审定通过")
    assert "审定 60,000 元" in head.text()


def pay(cashier: Person, treasurer: Person, case: str) -> None:
    """One person asks for the payment, another confirms it."""
    cashier.open("/payouts")
    cashier.page.get_by_role("link", name=re.compile(f"付款申请.*{case}")).click()
    cashier.press("做付款申请")
    assert "由另一位经办人" in cashier.text()
    treasurer.open("/payouts")
    treasurer.page.get_by_role("link", name=re.compile(f"确认付款.*{case}")).click()
    treasurer.fill(bank_reference=f"回单-{case}")
    treasurer.press("确认付款")
    assert "已确认付款" in treasurer.text()


@pytest.mark.parametrize(("script", "login"), [(True, "qiye1"), (False, "qiye4")], ids=["script", "plain"])
def test_a_case_from_search_to_rating(enter: Enter, script: bool, login: str) -> None:
    firm = enter(login, width=PHONE, script=script)
    case = find_and_apply(firm)
    accept_and_hand_off(enter("zhuanchuang1", script=script), case)
    respond_and_review(enter("jingxin1", script=script), case)
    firm.open(f"/cases/{case}")
    assert "现在不需要您做什么" in firm.text()
    assert "0839-3260001" in firm.text()
    decide(enter("jingxin2", script=script), case)
    pay(enter("caizheng1", script=script), enter("caizheng2", script=script), case)
    firm.wait_for("款项已到账，办结", f"/cases/{case}")
    firm.follow("准予兑现决定书")
    assert "60,000" in firm.text()
    firm.follow("核验真伪")
    assert "有效" in firm.text()
    firm.open(f"/cases/{case}")
    firm.follow("评价")
    firm.page.get_by_label("非常满意").check()
    firm.press("提交评价")
    assert "已收到，谢谢您" in firm.text()
