"""From an account to an enterprise's person on a telephone; one accountant with many firms."""

from tests.e2e.conftest import Enter

PHONE = 360
# a firm that nobody knows yet
FIRM, NAME = "91510802MA0000002Q", "样例新办机械有限公司"


def test_from_registration_to_an_application(enter: Enter) -> None:
    owner = enter(width=PHONE)
    owner.open("/sign-in")
    owner.follow("企业用户注册")
    owner.fill(credit_code=FIRM[:-1] + "R", firm_name=NAME, name="赵新（样例）", phone="13800000099")
    owner.fill(login="zhaoxin", password="一二三 new words 四")
    owner.page.get_by_label("法定代表人").check()
    owner.press("注册")
    assert "校验码对不上" in owner.text()
    owner.fill(credit_code=FIRM, password="一二三 new words 四")
    owner.press("注册")
    assert "带证件到专窗核验一次" in owner.text()
    code = owner.page.locator(".amount-lg").inner_text()
    assert owner.faults_for_axe() == []
    owner.open("/my/cases", 403)

    clerk = enter("zhuanchuang1")
    clerk.open("/bindings")
    clerk.fill(q=code)
    clerk.press("查找")
    clerk.page.get_by_role("link", name=f"核验 {code}").click()
    clerk.page.get_by_label("营业执照原件").check()
    clerk.page.get_by_label("本人身份证原件").check()
    assert clerk.faults_for_axe() == []
    clerk.press("核对无误，绑定")
    assert "就能替企业办事" in clerk.text()

    owner.open("/binding")
    owner.press(f"进入 {NAME}")
    owner.open("/apply/YL03")
    owner.fill(contact_name="赵新", contact_phone="13800000099", applied_fen="100000", account_name=NAME)
    owner.fill(account_bank="样例银行广元分行", account_number="6222000000000000999")
    owner.press("下一步：核对")
    owner.press("确认提交")
    assert "待受理" in owner.text()


def test_one_accountant_with_many_firms(enter: Enter) -> None:
    agent = enter("daizhang1", width=PHONE)
    agent.open("/my/firms")
    assert "7 家企业有" in agent.page.locator("h1").inner_text()
    assert agent.faults_for_axe() == []
    agent.page.get_by_role("button", name="去办 剑阁剑门商贸").click()
    agent.page.wait_for_load_state()
    assert agent.path() == "/apply/YL04"
    assert "剑阁剑门商贸有限公司（样例）" in agent.text()
    agent.open("/my/people")
    assert "授权由法定代表人或最先绑定的经办人管理" in agent.text()
    assert agent.faults_for_axe() == []

    owner = enter("qiye5", width=PHONE)
    owner.open("/my/people")
    owner.page.get_by_role("link", name="终止或交接 钟秀").click()
    owner.page.wait_for_load_state()
    owner.steady()
    owner.press("确认终止")
    assert "钟秀" not in owner.text()
    assert owner.faults_for_axe() == []
    agent.open("/my/cases")  # out at the next request
    assert agent.page.locator("h1").inner_text() == "登录"
