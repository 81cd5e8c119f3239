"""An item changes while a case is under way: the case goes on under its own version, and says so."""

from collections.abc import Callable

from catalog import queries as catalogue
from foundation.accounts import services as accounts
from foundation.db import Database
from portal.window import queries
from tests.factories import city as cities
from tests.support.pages import PortalClient


def test_a_case_stays_under_its_version(database: Database, browser: Callable[[], PortalClient]) -> None:
    city = database.write(cities.found)
    number = database.write(lambda db: cities.submit(db, city))
    with database.reading() as db:
        before = queries.case(db, city.clerk, number).item_version_id
    firm = browser()
    token = database.write(lambda db: accounts.sign_in_sample(db, "firm"))
    with firm.flask.session_transaction() as session:
        session["token"] = token
    assert "按申请时的" not in firm.page(f"/cases/{number}").words()

    changed = cities.item_row(
        materials=["另一种材料"], benefit={"kind": "fixed", "amount_yuan": 1, "text": "1元"}
    )
    database.write(lambda db: cities.take_items(db, changed))

    with database.reading() as db:
        assert queries.case(db, city.clerk, number).item_version_id == before
        kept = catalogue.item_version(db, before)
        assert (kept.version, kept.current_version) == (1, 2)
        assert "另一种材料" not in [material.name for material in kept.guide.materials]
    page = firm.page(f"/cases/{number}").words()
    assert "按申请时的第 1 版办理。政策已更新到第 2 版，不影响这一件" in page
