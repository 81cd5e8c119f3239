"""A question from a visitor's phone to the item's FAQ; a call after a case, and a bad rating put right."""

import re

from tests.e2e.conftest import Enter

ITEM = "YL01"
PHONE = 360


def test_a_question_becomes_an_faq_entry(enter: Enter) -> None:
    visitor = enter(width=PHONE)
    visitor.open(f"/items/{ITEM}")
    visitor.page.get_by_role("link", name="问一问", exact=True).click()
    visitor.page.wait_for_load_state()
    visitor.fill(words="租金发票是年底开的，行吗？")
    visitor.press("提交咨询")
    assert "已收到您的咨询" in visitor.text()
    mine = visitor.path()

    clerk = enter("zhuanchuang1")
    clerk.open("/questions")
    clerk.follow("租金发票是年底开的，行吗？")
    path = clerk.path()
    clerk.press("转部门")
    officer = enter("jingxin1")
    officer.open(path)
    officer.fill(answer="行，按发票写明的租期计算。")
    officer.press("答复")
    visitor.open(mine)
    assert "行，按发票写明的租期计算。" in visitor.text()

    officer.follow("列入常见问题")
    officer.press("提交审核")
    assert "要由另一个人审核" in officer.text()
    entry = officer.path()
    head = enter("jingxin2", script=False)
    head.open(entry)
    head.press("审核通过，公开")
    visitor.open(f"/items/{ITEM}")
    visitor.page.get_by_text("租金发票是年底开的，行吗？").click()
    assert "行，按发票写明的租期计算。" in visitor.text()


def test_a_call_is_made_by_somebody_who_had_no_hand_in_the_case(enter: Enter) -> None:
    handler = enter("zhuanchuang1")
    handler.open("/follow-ups")
    assert "您经手过，请同事回访" in handler.text()
    colleague = enter("zhuanchuang2", width=PHONE, script=False)
    colleague.open("/follow-ups")
    calls = colleague.page.get_by_role("link", name=re.compile("^回访 GY"))
    before = calls.count()
    calls.first.click()
    colleague.page.wait_for_load_state()
    colleague.steady()
    colleague.press("记下结果")
    assert "处要改" in colleague.text()
    colleague.page.get_by_label("联系上了，没有问题").check()
    colleague.press("记下结果")
    assert colleague.path() == "/follow-ups"
    assert calls.count() == before - 1


def test_a_bad_rating_is_put_right_by_somebody_else(enter: Enter) -> None:
    firm = enter("qiye3", width=PHONE)  # whose application was rejected
    firm.open("/ratings")
    firm.page.locator("main .acts a").first.click()
    firm.page.wait_for_load_state()
    case = firm.path().removesuffix("/rating").removeprefix("/cases/")
    firm.page.get_by_label("非常不满意").check()
    firm.press("提交评价")
    firm.follow("看整改情况")
    assert "1 个工作日内联系您" in firm.text()
    firm.open(f"/cases/{case}")
    assert "您已经评价过" in firm.text()

    handler = enter("zhuanchuang1")
    handler.open("/redress")
    assert case not in handler.page.content()
    assert "没有要整改的差评" in handler.text()
    colleague = enter("zhuanchuang2")
    colleague.open("/redress")
    colleague.page.locator("main .case-name").first.click()
    colleague.page.wait_for_load_state()
    assert "非常不满意" in colleague.text()
    colleague.fill(heard="没有说清差在哪一条")
    colleague.press("记下，已联系")
    colleague.fill(done="补发了逐条说明")
    colleague.press("整改完成，请企业确认")
    firm.open(f"/cases/{case}/redress")
    assert "补发了逐条说明" in firm.text()
    firm.page.get_by_label("认可", exact=True).check()
    firm.press("提交")
    assert "您已确认，谢谢" in firm.text()
    colleague.page.reload()
    assert re.search("企业已确认", colleague.text())
