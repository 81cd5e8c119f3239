"""Searching and filtering: while typing where scripts run, with buttons and links where they do not."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import Enter


def test_the_list_follows_what_is_typed(enter: Enter) -> None:
    visitor = enter()
    visitor.open("/items")
    visitor.page.locator("#q").press_sequentially("稳岗返还")
    expect(visitor.page.locator("h1")).to_have_text("“稳岗返还”的查询结果")
    expect(visitor.page.locator(".rows mark").first).to_be_visible()
    expect(visitor.page).to_have_url(re.compile("q="))
    assert visitor.page.evaluate("() => document.activeElement.id") == "q"


def test_filters_open_on_a_phone_without_scripts(enter: Enter) -> None:
    visitor = enter(width=360, script=False)
    visitor.open("/items")
    assert not visitor.page.locator("#filters").is_visible()
    visitor.follow("筛选")
    visitor.page.get_by_label(re.compile("即申即享")).check()
    visitor.press("应用筛选")
    assert "已选" in visitor.text()
    visitor.follow("去掉这个条件")
    assert "已选" not in visitor.text()


def test_nothing_found_says_what_to_do(enter: Enter) -> None:
    visitor = enter(width=360)
    visitor.open("/items?q=稳港返环")
    assert "没有找到" in visitor.text() or "稳岗返还" in visitor.text()
    visitor.open("/items?q=zzzzqqq")
    assert "没有找到“zzzzqqq”" in visitor.text()
    assert "12345" in visitor.text()
