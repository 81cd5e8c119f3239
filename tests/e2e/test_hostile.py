"""Hostile names in a firm's application are text on every desk, and nothing of them runs."""

from playwright.sync_api import expect

from portal.demo.stage import PAPER
from tests.e2e.conftest import Enter

HOSTILE = (
    "<script>window.pwned=1</script>",
    '"><img src=x onerror="window.pwned=1">',
    "</textarea><svg onload=alert(1)>",
    "{{7*7}}${7*7}",
    "javascript:alert(1)",
)


def test_nothing_that_a_firm_writes_runs(enter: Enter) -> None:
    firm = enter("qiye5")
    firm.open("/apply/YL01")
    firm.fill(contact_name=HOSTILE[0], contact_phone="0839-1234567", applied_fen="1000")
    firm.fill(account_name=HOSTILE[1], account_bank=HOSTILE[2], account_number="6222000000000000123")
    firm.fill(statement="\n".join(HOSTILE))
    firm.attach("厂房租赁合同", f"{HOSTILE[0].replace('/', '')}.pdf", PAPER)
    firm.press("下一步：核对")
    seen = [firm]
    firm.press("确认提交")
    case = firm.path()
    for login in ("zhuanchuang1", "jiandu1"):
        person = enter(login)
        person.open("/cases?q=" + "<script>alert(1)</script>")
        person.open(case)
        seen.append(person)
    window = seen[1]
    window.press("受理")
    window.open(f"{case}/hand-off")
    window.press("交办并出具通知书")
    officer = enter("jingxin1")
    officer.open(f"{case}/review")
    officer.open(case)
    for person in [*seen, officer]:
        expect(person.page.locator("main")).to_contain_text(HOSTILE[0])
        assert "49" not in person.page.locator("dl").inner_text()
        assert person.page.evaluate("() => window.pwned") is None


def test_a_search_for_a_script_finds_words(enter: Enter) -> None:
    visitor = enter()
    visitor.open("/items?q=" + "<script>window.pwned=1</script>")
    assert visitor.page.evaluate("() => window.pwned") is None
    visitor.open("/verify?code=" + "<script>window.pwned=1</script>", 404)
    assert visitor.page.evaluate("() => window.pwned") is None
