"""The catalogue from further away, as visitors and the supervisor see it."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from icalendar import Calendar
from sqlalchemy import event

from catalog import services
from catalog.services import import_items
from foundation.db import Database
from tests.factories import city as cities
from tests.factories.city import City
from tests.integration.catalog.conftest import Enter
from tests.support.pages import Page, PortalClient

MOST_QUERIES = 4
PUBLIC = (
    "/", "/items", "/items?q=" + quote("技改") + "&region=510802&industry=C&state=soon",
    f"/items/{cities.ITEM}", f"/items/{cities.ITEM}/history", "/windows", "/windows.ics", "/changes.atom",
    "/modes", "/departments", f"/departments/{cities.DEPARTMENT}", "/sought/settled?q=" + quote("技改"),
)  # fmt: skip


def said(page: Page) -> str:
    return page.words(page.all("main")[0])


@pytest.fixture
def asked(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*given: object) -> None:
        if str(given[2]).startswith("SELECT"):
            statements.append(str(given[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def test_every_page_of_the_catalogue_asks_the_database_little(
    city: City, client: PortalClient, asked: list[str]
) -> None:
    for address in PUBLIC:
        client.get(address)
        asked.clear()
        assert client.get(address).status_code in (200, 204), address
        assert len(asked) <= MOST_QUERIES, (address, asked)


def test_windows_are_on_a_page_and_in_calendars(database: Database, client: PortalClient) -> None:
    assert "近期没有开始或截止的申报" in said(client.page("/windows"))
    row = cities.item_row(window={"start": "2026-05-01", "end": "2026-06-30"})
    database.write(lambda db: import_items(db, None, [row, cities.item_row("ALWAYS")]))
    text = said(client.page("/windows"))
    assert "2026年6月" in text
    assert "受理截止" in text
    assert "1 项常年受理" in text
    answer = client.get("/windows.ics")
    assert [str(each["summary"]) for each in Calendar.from_ical(answer.data).walk("VEVENT")] == [
        "受理截止：样例：企业技术改造补助"
    ]
    again = client.get("/windows.ics", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_feed_tells_what_was_changed_and_withdrawn(
    city: City, database: Database, client: PortalClient
) -> None:
    database.write(lambda db: import_items(db, None, [cities.item_row(time_limit="90 天")]))
    database.write(lambda db: services.withdraw(db, city.officer, cities.ITEM, "到期"))
    told = client.get("/changes.atom").text
    assert "更改，现行第 2 版。" in told
    assert "已撤下，不再受理" in told
    assert client.get("/changes.atom").mimetype == "application/atom+xml"


def test_modes_and_departments_lead_to_their_items(city: City, client: PortalClient) -> None:
    modes = client.page("/modes")
    assert "快申快享" in said(modes)
    assert "/items?mode=review&place=here" in [link.get("href") for link in modes.all("a")]
    listed = client.page("/departments")
    assert f"/departments/{cities.DEPARTMENT}" in [link.get("href") for link in listed.all("a")]
    bureau = client.page(f"/departments/{cities.DEPARTMENT}")
    assert f"/items/{cities.ITEM}" in [link.get("href") for link in bureau.all("a")]
    assert client.get("/departments/nowhere").status_code == 404


def test_departments_of_other_cities_are_not_listed(
    city: City, client: PortalClient, database: Database
) -> None:
    elsewhere = {"region_code": "510900", "region_name": "四川省遂宁市", "department": "市经济和信息化局"}
    database.write(lambda db: import_items(db, None, [cities.item_row("SN-01", **elsewhere)]))
    listed = [link.get("href") for link in client.page("/departments").all("a")]
    assert [href for href in listed if href.startswith("/departments/")] == [
        f"/departments/{cities.DEPARTMENT}"
    ]


def test_the_supervisor_sees_where_counties_differ(signed_in: Enter, database: Database) -> None:
    supervisor = signed_in("supervisor")
    assert "各县区要求一致" in said(supervisor.page("/disparities"))
    rows = [
        cities.item_row(
            "LZ", region_code="510802", region_name="四川省广元市利州区", time_limit="30个工作日"
        ),
        cities.item_row("WC", region_code="510821", region_name="四川省广元市旺苍县", materials=["审计报告"]),
    ]
    database.write(lambda db: import_items(db, None, rows))
    text = said(supervisor.page("/disparities"))
    assert "1 项政策，各县区要求不一样" in text
    assert "企业技术改造奖补：材料、时限不一样" in text
    assert "别处不全要：审计报告" in text
