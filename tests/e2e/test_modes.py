"""即申即享 from application to money, at a desk without scripts and on telephones; an exempt list on show."""

import re

from tests.e2e.conftest import Enter
from tests.e2e.people import Person
from tests.e2e.test_review import accept_and_hand_off, pay

INSTANT, LIST, SHOWN = "YL03", "QD-2026-001", "GS-2026-001"
PHONE = 360


def apply(firm: Person) -> str:
    """On simple proof; the case's number."""
    firm.open(f"/apply/{INSTANT}")
    firm.fill(contact_name="苏颖", contact_phone="0839-1234567", applied_fen="60000")
    firm.fill(account_bank="样例银行广元分行", account_number="6222000000000000777")
    firm.press("下一步：核对")
    firm.press("确认提交")
    assert "待受理" in firm.text()
    return firm.path().removeprefix("/cases/")


def decide_at_once(head: Person, case: str) -> None:
    """Straight from the handoff: nobody gives an opinion before."""
    head.open(f"/cases/{case}")
    assert "提出审核意见" not in head.text()
    head.page.locator("main").get_by_role("link", name=re.compile("^审定")).first.click()
    head.page.wait_for_load_state()
    head.steady()
    head.fill(decided_fen="60000")
    head.press("审定通过")
    assert "审定 60,000 元" in head.text()


def test_an_instant_case_is_decided_straight_from_the_handoff(enter: Enter) -> None:
    firm = enter("qiye6", script=False)
    case = apply(firm)
    accept_and_hand_off(enter("zhuanchuang1", script=False), case)
    decide_at_once(enter("keji2", width=PHONE), case)
    pay(enter("caizheng1", width=PHONE), enter("caizheng2", script=False), case)
    firm.wait_for("款项已到账，办结", f"/cases/{case}")
    firm.follow("准予兑现决定书")
    assert "60,000" in firm.text()


def test_who_is_on_a_list_is_shown_and_an_objection_is_decided(enter: Enter) -> None:
    visitor = enter(width=PHONE, script=False)
    visitor.open("/publicity")
    visitor.page.locator("main").get_by_role("link", name=re.compile("规模以上")).first.click()
    visitor.page.wait_for_load_state()
    assert visitor.path() == f"/publicity/{SHOWN}"
    visitor.fill(name="李明华（样例）", phone="13800000123", statement="其中一户已经迁出")
    visitor.press("提交异议")
    number = re.search(r"异议已收到，编号 (YY-2026-\d+)", visitor.text())
    assert number is not None

    officer, head = enter("jingxin1", width=PHONE), enter("jingxin2")
    officer.open(f"/lists/{LIST}")
    assert "公示中" in officer.text()
    officer.open(f"/objections/{number[1]}")
    officer.fill(opinion="查了登记，没有迁出")
    officer.press("提交核查情况")
    head.open(f"/objections/{number[1]}")
    head.page.get_by_label("不成立", exact=True).check()
    head.fill(decision="登记住所没有变动，异议不成立。")
    head.press("作出决定")
    visitor.open(f"/publicity/{SHOWN}")
    assert "登记住所没有变动" in visitor.text()
