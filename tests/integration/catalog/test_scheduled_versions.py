"""A new version is announced, takes effect on its day by itself, and leaves open cases under theirs."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from catalog import queries as catalogue
from catalog import scheduling
from catalog import services as catalogue_services
from catalog.drafting import services
from catalog.drafting.rules import FairRecord
from catalog.rules import FairCompetition
from catalog.search.find import search
from foundation.db import Database
from matching import queries as matching
from portal.window.services import intake
from tests.conftest import Clock
from tests.factories import city as cities
from tests.factories.city import City
from tests.integration.catalog.conftest import Enter
from tests.support.pages import PortalClient

TODAY, DAY = date(2026, 6, 1), date(2026, 6, 8)
REVIEWED = FairRecord(FairCompetition.PASSED, TODAY, "市市场监管局", "不影响竞争")
TITLE = "样例：换了说法的设备焕新奖补"
STRICTER = {"all": [{"field": "tech_reform_equipment_wan", "op": "ge", "value": 700}]}


@pytest.fixture
def scheduled(database: Database, city: City) -> City:
    """The next version of an item is published, and its day has not come."""

    def work(db: Session) -> None:
        source = cities.item_row(title=TITLE, conditions=STRICTER)
        services.add(db, city.officer, source, doubts=[])
        services.save(db, city.officer, cities.ITEM, {}, None, DAY)
        services.submit(db, city.officer, cities.ITEM)
        services.publish(db, city.head, cities.ITEM, REVIEWED)

    database.write(work)
    return city


def test_the_version_before_stays_in_force_and_announces_it(
    database: Database, scheduled: City, client: PortalClient
) -> None:
    with database.reading() as db:
        item = catalogue.item(db, cities.ITEM)
        assert (item.version, item.next_from) == (1, DAY)
        assert search(db, "焕新").hits == ()
    assert "新一版已经发布，2026年6月8日" in client.page(f"/items/{cities.ITEM}").words()
    history = client.page(f"/items/{cities.ITEM}/history").words()
    assert "第 2 版，还没有施行" in history
    assert TITLE in history
    assert database.write(scheduling.take_effect) == 0


def test_it_takes_effect_on_its_day_however_late_that_is_noticed(
    database: Database, scheduled: City, clock: Clock
) -> None:
    clock.advance(timedelta(days=9))
    assert database.write(scheduling.take_effect) == 1
    assert database.write(scheduling.take_effect) == 0
    with database.reading() as db:
        item = catalogue.item(db, cities.ITEM)
        assert (item.version, item.title, item.next_from) == (2, TITLE, None)
        assert [hit.item.title for hit in search(db, "焕新").hits] == [TITLE]
        assert matching.match_item(db, cities.ITEM, DAY)["counts"]["eligible"] == 0
        assert catalogue.without_current_version(db) == []


def test_an_open_case_stays_under_its_version_and_says_so(
    database: Database,
    scheduled: City,
    clock: Clock,
    signed_in: Enter,
) -> None:
    number = database.write(lambda db: cities.submit(db, scheduled))
    firm = signed_in("firm")
    assert "政策有新一版，2026年6月8日" in firm.page(f"/cases/{number}").words()
    clock.advance(timedelta(days=9))
    database.write(scheduling.take_effect)
    page = firm.page(f"/cases/{number}").words()
    assert "按申请时的第 1 版办理。政策已更新到第 2 版，不影响这一件" in page
    assert "样例：企业技术改造补助" in page


def test_a_draft_that_waits_follows_the_version_in_force(
    database: Database, scheduled: City, clock: Clock
) -> None:
    def save(db: Session) -> str:
        case = intake.save_draft(
            db, scheduled.firm, cities.ITEM, application=cities.APPLICATION, prefilled={}
        )
        return str(case.item_title)

    assert database.write(save) == "样例：企业技术改造补助"
    clock.advance(timedelta(days=9))
    database.write(scheduling.take_effect)
    assert database.write(save) == TITLE


def test_a_later_publication_overtakes_what_waits(database: Database, scheduled: City, clock: Clock) -> None:
    row = cities.item_row(title="样例：抢先的一版")
    assert database.write(lambda db: catalogue_services.import_items(db, None, [row])).changed == 1
    clock.advance(timedelta(days=9))
    assert database.write(scheduling.take_effect) == 0
    with database.reading() as db:
        assert (catalogue.item(db, cities.ITEM).version, catalogue.item(db, cities.ITEM).next_from) == (
            3,
            None,
        )
