"""One page for 38 enterprises: what closes this week, in a fixed number of queries."""

import json
from collections import Counter
from collections.abc import Callable

import icalendar
import pytest
from sqlalchemy import event
from stdnum.cn import uscc

from catalog.services import import_items
from foundation import clock as product_clock
from foundation.accounts import queries as people
from foundation.db import Database
from foundation.enterprises import queries as enterprises
from foundation.enterprises.mandates import services as mandates
from foundation.enterprises.mandates.rules import Capacity
from foundation.web.access import Actor
from portal.firms import queries
from portal.firms.rules import WEEK, Todo
from portal.window.services import acceptance, intake
from tests.factories import city as factory
from tests.factories.city import APPLICATION, City, firm_row, item_row
from tests.integration.portal.firms.conftest import Enter, Newcomer
from tests.support.pages import PortalClient

FIRMS = 38
# pages are the same on both databases
SQLITE = pytest.mark.parametrize("database_kind", [pytest.param("sqlite", marks=pytest.mark.sqlite)])
CLOSING = "TEST-CLOSING"


def code_of(number: int) -> str:
    """A credit code of an invented firm."""
    start = f"91510800MA0{number:06}"
    return start + uscc.calc_check_digit(start)


@pytest.fixture
def accountant(city: City, newcomer: Callable[[str], Newcomer], database: Database) -> Newcomer:
    """Somebody who acts for 38 firms; an item closes on Friday, and one firm has not enough for it."""
    person = newcomer("accountant")
    closing = item_row(
        CLOSING, title="样例：周五截止的补助", window={"start": "2026-05-01", "end": "2026-06-05"}
    )
    with database.writing() as db:
        rows = [firm_row(code_of(number), f"样例{number:02}号企业有限公司") for number in range(FIRMS)]
        rows[0]["attributes"] = {"tech_reform_equipment_wan": 3}
        factory.take_firms(db, *rows)
        assert not import_items(db, None, [json.dumps(closing, ensure_ascii=False)]).refused
        for number in range(FIRMS):
            enterprise = enterprises.by_code(db, code_of(number))
            assert enterprise is not None
            mandates.bind(db, None, enterprise, person_id=person.id, capacity=Capacity.HANDLER)
    return person


def actor(database: Database, login: str, code: str) -> Actor:
    """The person of *login*, for one of the firms."""
    with database.reading() as db:
        known = people.actors_named(db, login, product_clock.now().date())
    return next(one for _, one in known if one.organisation_code == code)


@SQLITE
def test_38_firms_on_one_page(accountant: Newcomer, city: City, database: Database, signed_in: Enter) -> None:
    asked, drafting = (actor(database, "accountant", code_of(number)) for number in (5, 6))
    with database.writing() as db:
        number = factory.submit(db, city, asked)
        acceptance.ask_supplement(db, city.clerk, number, [("发票", "第 3 页看不清")])
        intake.save_draft(db, drafting, CLOSING, application=APPLICATION, prefilled={})

    client = signed_in("accountant")
    page = client.page("/my/firms")
    # one of the 38 is not entitled, another has something to supply as well
    assert f"本周 {FIRMS} 家企业有 {FIRMS} 件要办" in page.words()
    assert "第 1 至 10 件，共 38 件" in page.words()
    rows = rows_of(client)
    assert all("样例00号" not in row for row in rows)
    assert "补交材料" in rows[-1]
    assert sum("接着填草稿" in row for row in rows) == 1
    assert "有 38 件要办" in client.page("/my/firms?tab=season").words()
    assert "共 38 家" in client.page("/my/firms?tab=firms").words()

    form = next(f for f in client.page("/my/firms").all("form") if f.get("action") == "/my/firms/open")
    given = {str(i.get("name")): str(i.get("value")) for i in form.iter("input") if i.get("name")}
    assert client.post("/my/firms/open", given).location == f"/items/{CLOSING}"
    assert client.get(f"/apply/{CLOSING}").status_code == 200
    given["to"], given["_key"] = "//evil.example", "another"
    assert client.post("/my/firms/open", given).location == "/my/firms"


def rows_of(client: PortalClient) -> list[str]:
    """Every row of the desk, page by page."""
    pages = [client.page(f"/my/firms?page={number}") for number in (1, 2, 3, 4)]
    return [page.words(row) for page in pages for row in page.all("tbody")[0]]


def counted(database: Database, work: Callable[[], object]) -> int:
    """How many statements *work* sends."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return len([each for each in sent if each.startswith(("SELECT", "WITH"))])


def test_as_many_queries_for_38_firms_as_for_one(
    accountant: Newcomer, city: City, database: Database
) -> None:
    for number in (5, 6, 7):
        with database.writing() as db:
            one = factory.submit(db, city, actor(database, "accountant", code_of(number)))
            acceptance.ask_supplement(db, city.clerk, one, [("发票", "第 3 页看不清")])

    def look() -> queries.Desk:
        with database.reading() as db:
            return queries.desk(db, accountant.id, now=product_clock.now(), days=WEEK)

    look()  # items and calendars are read once a process
    found = look()
    assert Counter(task.todo for task in found.tasks) == {Todo.SUPPLY: 3, Todo.APPLY: FIRMS - 1}
    assert len(found.firms) == FIRMS
    assert counted(database, look) <= 8


@SQLITE
def test_a_calendar_of_ones_own_with_a_secret_address(accountant: Newcomer, signed_in: Enter) -> None:
    client = signed_in("accountant")
    client.submit("/my/firms", "/my/firms/calendar")
    page = client.page("/my/firms")
    (address,) = (page.words(each) for each in page.all("code"))
    path = address.removeprefix("http://localhost")
    stranger = signed_in("other_firm")
    answer = stranger.get(path)
    assert answer.status_code == 200
    calendar = icalendar.Calendar.from_ical(answer.get_data())
    events = list(calendar.walk("VEVENT"))
    assert len(events) == FIRMS - 1
    assert "样例：周五截止的补助" in str(events[0]["summary"])
    assert events[0]["dtstart"].dt.isoformat() == "2026-06-05T17:00:00+08:00"
    assert stranger.get(path.replace(".ics", "x.ics")).status_code == 404
    client.submit("/my/firms", "/my/firms/calendar/revoke")
    assert stranger.get(path).status_code == 404
    client.submit("/my/firms", "/my/firms/calendar")
    assert stranger.get(path).status_code == 404
