"""What a firm and a clerk see of the same guide."""

from foundation.db import Database
from tests.factories import city as cities
from tests.integration.catalog.conftest import Enter


def test_a_firm_is_led_to_its_own_conditions(signed_in: Enter) -> None:
    firm = signed_in("firm")
    page = firm.page(f"/items/{cities.ITEM}")
    asked = [element.get("hx-get") for element in page.root.iter() if element.get("hx-get")]
    assert asked == [f"/my/policies/{cities.ITEM}", f"/items/{cities.ITEM}/faq"]
    panel = firm.page(str(asked[0]), headers={"HX-Request": "true"})
    assert not panel.whole
    assert "可享" in panel.words()


def test_the_front_page_tells_a_firm_what_it_may_have_and_what_is_under_way(
    database: Database, city: cities.City, signed_in: Enter
) -> None:
    firm = signed_in("firm")
    front = firm.page("/").words()
    assert "已登录：样例机械有限公司。" in front
    mine = firm.page("/my/policies")
    assert f"{mine.words(mine.all('h1')[0])}。" in front
    assert "件在办" not in front
    database.write(lambda db: cities.submit(db, city))
    assert "1 件在办" in firm.page("/").words()
    assert "已登录" not in signed_in("clerk").page("/").words()


def test_a_clerk_is_offered_no_application(signed_in: Enter) -> None:
    page = signed_in("clerk").page(f"/items/{cities.ITEM}")
    addresses = {link.get("href") for link in page.all("a")}
    assert f"/apply/{cities.ITEM}" not in addresses
    assert f"/my/policies/{cities.ITEM}" not in addresses


def test_a_firm_sees_the_verdict_beside_each_result(signed_in: Enter) -> None:
    firm = signed_in("firm")
    listed = firm.page("/items")
    looks = [str(p.get("hx-get")) for p in listed.all("p") if p.get("hx-get")]
    places = {p.get("id") for p in listed.all("p") if str(p.get("id")).startswith("verdict-")}
    fragment = firm.page(looks[0], headers={"HX-Request": "true"})
    assert len(looks) == 1
    assert {p.get("id") for p in fragment.all("p")} == places
    assert "可" in fragment.words()
    assert "hx-get" not in signed_in("clerk").get("/items").text.partition('id="found"')[2]
