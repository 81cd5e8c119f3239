"""What a browser shows when something is refused, and what a double click does."""

from tests.e2e.conftest import Enter


def test_what_is_wrong_is_read_first(enter: Enter) -> None:
    officer = enter("keji1")
    officer.open("/cases")
    window = enter("zhuanchuang1")
    window.open("/cases/GY-2026-0012/supplement")
    window.press("发出告知书")
    assert window.page.title().startswith("错误：")
    assert window.page.evaluate("() => document.activeElement.className") == "error-summary"
    link = window.page.locator(".error-summary a").first
    link.click()
    assert window.page.evaluate("() => document.activeElement.name") == "material"
    assert window.field("material").get_attribute("aria-invalid") == "true"
    assert window.faults_for_axe() == []


def test_a_wrong_answer_keeps_what_was_typed(enter: Enter) -> None:
    head = enter("jingxin2")
    head.open("/cases/GY-2026-0006/decide")
    head.fill(decided_fen="九万")
    head.press("审定通过")
    assert head.field("decided_fen").input_value() == "九万"
    assert "审定金额" in head.page.locator(".error-summary").inner_text()
    head.open("/cases/GY-2026-0006/decide?way=reject")
    head.press("确认不予兑现")
    assert head.page.locator("h1").inner_text() == "不予兑现"
    assert head.page.get_by_role("button", name="确认不予兑现").is_visible()


def test_nobody_meets_a_page_that_is_not_theirs(enter: Enter) -> None:
    firm = enter("qiye1")
    for path in ("/cases/GY-2026-0009", "/cases/GY-2026-9999", "/nowhere"):
        firm.open(path, 404)
        assert "编号" in firm.text()
    firm.open("/payouts", 403)
    assert "别的单位或岗位" in firm.text()
    stranger = enter()
    stranger.open("/my/policies")
    assert stranger.page.locator("h1").inner_text() == "登录"


def test_a_stale_page_is_told_so(enter: Enter) -> None:
    first, second = enter("zhuanchuang1"), enter("zhuanchuang2")
    for clerk in (first, second):
        clerk.open("/cases/GY-2026-0012")
    first.press("受理")
    second.press("受理")
    assert second.page.locator("h1").inner_text() == "这一步现在不能办"
    second.open("/cases/GY-2026-0012")
    assert second.text().count("已受理") == 1


def test_two_clicks_have_one_effect(enter: Enter) -> None:
    window = enter("zhuanchuang2")
    window.open("/cases/GY-2026-0010/hand-off")
    window.page.get_by_role("button", name="交办并出具通知书").dblclick()
    window.page.wait_for_url("**/cases/GY-2026-0010")
    assert window.text().count("专窗已交办") == 1


def test_by_keyboard_the_skip_link_comes_first(enter: Enter) -> None:
    visitor = enter()
    visitor.open("/")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("() => document.activeElement.textContent") == "跳到正文"
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("() => document.activeElement.id") == "q"
