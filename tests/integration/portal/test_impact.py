"""What a changed rule would do: who gains, who loses, how much, and which cases stay as they are."""

from collections.abc import Callable

import pytest

from catalog.drafting import services
from foundation.accounts import services as accounts
from foundation.db import Database
from foundation.errors import NotFound
from portal.impact import queries
from tests.factories import city as cities
from tests.factories.city import City
from tests.support.pages import PortalClient

CODES = ("91510802MA00A00013", "91510802MA00A00026", "91510802MA00A00039", "91510802MA00A0004C")


def condition(least: int) -> dict[str, object]:
    return {"all": [{"field": "tech_reform_equipment_wan", "op": "ge", "value": least}]}


def firm(code: str, spent: int | None, name: str) -> dict[str, object]:
    facts = {} if spent is None else {"tech_reform_equipment_wan": spent}
    return {**cities.firm_row(code, name, "510802"), "attributes": facts}


@pytest.fixture
def changed(database: Database) -> City:
    """From 500 to 300 万元 and from 10% to 20%, and only in 利州区; a case is under way.

    In the city itself, and so out: 样例机械, 620. In 利州区: 样例纺织 620, and four more, the last unknown.
    """
    city = database.write(cities.found)
    benefit = {"kind": "rate", "rate": 0.1, "base_field": "tech_reform_equipment_wan", "cap_yuan": 600_000}
    row = cities.item_row(conditions=condition(500), benefit=benefit)
    spent = zip(CODES, (290, 310, 490, None), "甲乙丙丁", strict=True)
    firms = [firm(code, wan, f"样例{name}厂") for code, wan, name in spent]
    database.write(lambda db: cities.take_items(db, row))
    database.write(lambda db: cities.take_firms(db, *firms))
    database.write(lambda db: cities.submit(db, city))
    here = {"field": "region_code", "op": "within", "value": "510802"}
    after = {"all": [here, *condition(300)["all"]]}  # type: ignore[misc]  # a list
    source = {**row, "conditions": after, "benefit": {**benefit, "rate": 0.2}}
    database.write(lambda db: services.add(db, city.officer, source, doubts=[]))
    return city


def test_the_page_equals_a_recount_by_hand(database: Database, changed: City) -> None:
    with database.reading() as db:
        found = queries.impact(db, changed.officer, cities.ITEM)
    # gain: 310 and 490 at 20%, the second cut at 60 万元
    assert [(each.name, each.fen) for each in found.gains.firms] == [
        ("样例乙厂", 60_000_000),
        ("样例丙厂", 60_000_000),
    ]
    assert (found.gains.count, found.gains.money) == (2, queries.Money(120_000_000, 0))
    # loses: the one outside 利州区, which had 62 万元 cut at 60
    assert [(each.name, each.fen) for each in found.loses.firms] == [("样例机械有限公司", 60_000_000)]
    # before: two firms at 60; after: three at 60
    assert (found.before.fen, found.after.fen, found.difference) == (120_000_000, 180_000_000, 60_000_000)
    assert (len(found.held_after.surely), len(found.held_after.unsure), found.held_after.out) == (3, 1, 2)
    assert [(case.applicant, case.version) for case in found.cases] == [("样例机械有限公司", 2)]


def test_who_may_look(database: Database, changed: City, browser: Callable[[], PortalClient]) -> None:
    with database.reading() as db, pytest.raises(NotFound):
        queries.impact(db, changed.stranger, cities.ITEM)
    officer = browser()
    token = database.write(lambda db: accounts.sign_in_sample(db, "officer"))
    with officer.flask.session_transaction() as session:
        session["token"] = token
    page = officer.page(f"/drafts/{cities.ITEM}/impact").words()
    assert "发布以后，2 家新享受，1 家不再享受" in page
    assert "在办的 1 件按原来的版本办" in page
    assert "预计得到合计：120 万元" in page
    assert "可享 3 家，需补信息 1 家，不符合 2 家" in officer.page(f"/drafts/{cities.ITEM}/entitled").words()
    fragment = officer.page(f"/drafts/{cities.ITEM}/entitled", headers={"HX-Request": "true"})
    assert not fragment.whole
    assert fragment.words().startswith("按现在的企业数据：可享 3 家")
