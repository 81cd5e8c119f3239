"""The check that every page of every test passes: it knows a good page, and each fault by name."""

import pytest

from tests.support.pages import check

GOOD = '<!doctype html><html lang="zh-CN"><head><title>好</title></head><body>{}<h1>好</h1></body></html>'


def test_a_good_page_passes() -> None:
    page = check(GOOD.format('<label>名称 <input name="name"></label>'), "/")
    assert page.words(page.all("h1")[0]) == "好"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<p id="a"></p><p id="a"></p>', "the id a stands 2 times"),
        ("<h1>又一个</h1>", "2 h1 instead of one"),
        ('<input name="q">', "the input q has no label"),
        ("<script>alert(1)</script>", "an inline script"),
        ('<p style="color: red">红</p>', "an inline style on a p"),
        ('<p onclick="go()">点</p>', "an inline onclick on a p"),
        ('<form method="post"><button>交</button></form>', "no csrf_token"),
        ('<svg><use href="/static/vendor/icons.svg#tabler-nowhere"></use></svg>', "lacks the icon tabler-no"),
        ("<p><div>错</div></p>", "not valid HTML5"),
        ("<div>没关上", "not valid HTML5"),
    ],
)  # fmt: skip
def test_a_fault_is_named(body: str, fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        check(GOOD.format(body), "/")
