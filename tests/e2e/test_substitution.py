"""A/B 角 in the browser: whoever decides is away, a colleague decides in the place, and the paper says 代."""

import re

from tests.e2e.conftest import Enter
from tests.e2e.people import Person

# the one case of the demonstration on which an opinion was given: others look at it before (by file name)
REVIEWED = "广元昭化竹木制品有限公司（样例）"
SIGNED = "吴强（代周丽）"


def appoint(absent: Person, deputy: str) -> None:
    """For today and tomorrow."""
    absent.open("/account")
    absent.page.locator("main").get_by_label("代理人").select_option(deputy)
    absent.fill(first="2026-06-03", last="2026-06-04")
    absent.press("安排代理")
    assert "已安排" in absent.text()
    assert absent.faults_for_axe(grave=False) == []


def decide(deputy: Person) -> str:
    """In the absent one's place; the case's address."""
    deputy.open("/acting-for")
    deputy.page.locator("main").get_by_role("button", name=re.compile("代周丽")).click()
    deputy.page.wait_for_load_state()
    deputy.open("/cases?tab=reviewed")
    row = deputy.page.locator("tr", has_text=REVIEWED).first
    row.get_by_role("link", name=re.compile("审定")).click()
    deputy.page.wait_for_load_state()
    deputy.press("审定通过")
    return deputy.path()


def test_a_deputy_decides_and_the_paper_says_so(enter: Enter) -> None:
    absent, deputy = enter("jingxin2"), enter("jingxin3", anew=True, script=False)
    appoint(absent, "jingxin3")
    deputy.open("/cases")
    assert deputy.page.locator("header").get_by_text("换单位").count() == 1
    case = decide(deputy)
    assert f"由{SIGNED}办理" in deputy.text()
    deputy.wait_for("准予兑现决定书", case)
    deputy.follow("准予兑现决定书")
    assert f"经办人：{SIGNED}" in deputy.text()
    absent.open("/account")
    absent.page.locator("main").get_by_role("button", name=re.compile("提前结束")).click()
    absent.page.wait_for_load_state()
    assert "代理已结束" in absent.text()
    deputy.open("/cases")
    assert deputy.path() == "/sign-in"
