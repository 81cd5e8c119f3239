"""The check of pages with hostile names knows what a name may become, and when it is not whole."""

import pytest

from tests.access import told
from tests.access.hostile import Names
from tests.support.pages import Page

PAGE = "<!doctype html><html lang=zh><head><title>好</title>{}</head><body>{}</body></html>"


@pytest.mark.parametrize(
    "body",
    [
        '<iframe src="/"></iframe>',
        '<a href="javascript:window.pwned=1">点我</a>',
        '<a href="//x.example/">点我</a>',
        '<img src="x" alt="">',
        '<form action="https://x.example"><button>交</button></form>',
        '<p hx-get="/sign-out">字</p>',
        '<object data="/a"></object>',
        "<math></math>",
    ],
)
def test_what_came_from_a_name_is_seen(body: str) -> None:
    assert list(told.foreign(Page(PAGE.format("", body))))


@pytest.mark.parametrize("head", ['<base href="/">', '<meta http-equiv="refresh" content="0">'])
def test_in_the_head_too(head: str) -> None:
    assert list(told.foreign(Page(PAGE.format(head, ""))))


def test_what_is_ours_passes() -> None:
    body = (
        '<a href="/items?q=%3Cscript%3E">好</a><a href="https://www.cngy.gov.cn/">原文</a><a href="#a">好</a>'
    )
    assert list(told.foreign(Page(PAGE.format("", body)))) == []


def test_a_name_in_part_is_seen() -> None:
    names = Names()
    name = names.next()
    assert list(names.torn(f"企业：{name}。")) == []
    assert list(names.torn(f"企业：{name[1:]}。")) != []
