"""The administrator's page of holiday notices: what is missing, a look before anything is taken in."""

import json

import pytest

from foundation import clock
from foundation.accounts import queries as accounts
from foundation.accounts import services as people
from foundation.accounts.models import Person
from foundation.db import Database
from foundation.deadlines import queries
from foundation.web.access import Role
from tests.integration.foundation.deadlines.test_calendars import NOTICE
from tests.support.pages import PortalClient

PAGE = "/administration/calendars"
# pages are the same on both databases
SQLITE = pytest.mark.parametrize("database_kind", [pytest.param("sqlite", marks=pytest.mark.sqlite)])


@pytest.fixture
def admin(database: Database, client: PortalClient) -> PortalClient:
    """The system administrator's browser."""
    with database.writing() as db:
        person = Person(login="xie", name="谢宇（样例）", created_at=clock.now())
        db.add(person)
        db.flush()
        centre = accounts.organisation_by_code(db, "510800-centre").id
        people.grant(
            db, None, person_id=person.id, organisation_id=centre, role=Role.SYSTEM_ADMIN,
            valid_from=clock.now().date(),
        )  # fmt: skip
        token = people.open_session(db, "xie")
    with client.flask.session_transaction() as session:
        session["token"] = token
    return client


@SQLITE
def test_a_notice_is_looked_through_before_it_is_taken_in(admin: PortalClient, database: Database) -> None:
    assert "还缺 2027 年的放假安排" in admin.page(PAGE).words()
    for wrong, says in (
        ("{", "不是 JSON"),
        ('{"year": 2027}', "出处：没有写明"),
        ('{"year": "x"}', "不是年份"),
    ):
        assert admin.submit(PAGE, data={"notice": wrong}).status_code == 422
        assert admin.last is not None
        assert says in admin.last.words()
    sent = admin.submit(PAGE, data={"notice": json.dumps(NOTICE)})
    assert sent.status_code == 303
    preview = sent.headers["Location"]
    assert "2027-01-09（周六）上班元旦新增" in admin.page(preview).words().replace(" ", "")
    with database.reading() as db:
        assert 2027 not in queries.calendar(db).notices
    assert admin.submit(preview).status_code == 303
    assert "放假安排齐全" in admin.page(PAGE).words()
    assert "和已有的一样" in admin.page(preview).words()
    assert admin.get(f"{PAGE}/preview/{'0' * 64}").status_code == 404
