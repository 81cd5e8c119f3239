"""Who may act for whom, from which day until which; one person, one administrator's office."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from foundation.accounts import services
from foundation.accounts.models import Membership
from foundation.clock import now
from foundation.db import Database
from foundation.errors import Conflict, Invalid
from foundation.web.access import Role
from tests.conftest import Clock
from tests.integration.foundation.accounts.conftest import CENTRE, INDUSTRY, SCIENCE, Arrive, admit
from tests.support.pages import PortalClient


def _enter(client: PortalClient, database: Database, login: str) -> PortalClient:
    with database.writing() as db:
        token = services.open_session(db, login)
    with client.flask.session_transaction() as session:
        session["token"] = token
    return client


def test_a_former_colleague_is_out_at_the_next_request(
    database: Database, arrive: Arrive, client: PortalClient
) -> None:
    person = arrive("zhao")
    with database.writing() as db:
        membership = admit(db, person, INDUSTRY, Role.DEPARTMENT)
    _enter(client, database, "zhao")
    assert client.get("/cases").status_code == 200
    with database.writing() as db:
        services.end_membership(db, None, membership_id=membership, on=now().date())
    assert client.get("/cases").status_code == 303
    with pytest.raises(Conflict), database.writing() as db:
        services.end_membership(db, None, membership_id=membership, on=now().date())


def test_a_membership_ends_on_its_last_day(
    database: Database, arrive: Arrive, client: PortalClient, clock: Clock
) -> None:
    person = arrive("zhao")
    with database.writing() as db:
        membership = admit(db, person, INDUSTRY, Role.DEPARTMENT)
        services.end_membership(db, None, membership_id=membership, on=date(2026, 6, 2))
    _enter(client, database, "zhao")
    clock.advance(timedelta(days=1))
    assert client.get("/cases").status_code == 200
    clock.advance(timedelta(days=1))
    assert client.get("/cases").status_code == 303


def test_a_person_acts_for_another_body_in_the_same_browser(
    database: Database, arrive: Arrive, client: PortalClient, clock: Clock
) -> None:
    person = arrive("zhao", INDUSTRY)
    stranger = arrive("qian")
    with database.writing() as db:
        seconded = admit(db, person, SCIENCE, Role.DEPARTMENT, last=date(2026, 6, 30))
        foreign = admit(db, stranger, SCIENCE, Role.DEPARTMENT)
    _enter(client, database, "zhao")
    assert "换单位" in client.page("/cases").words()
    assert "广元市经济和信息化局" in client.page("/acting-for").words()
    assert client.submit("/acting-for").status_code == 303
    assert "您现在代表广元市科学技术局" in client.page("/acting-for").words()
    assert client.submit("/acting-for", data={"membership": str(foreign)}).status_code == 404
    with database.reading() as db:
        assert db.get_one(Membership, seconded).person_id == person
    clock.advance(timedelta(days=30))
    assert client.get("/cases").status_code == 303


def test_whoever_acts_for_one_body_is_not_offered_another(
    database: Database, arrive: Arrive, client: PortalClient
) -> None:
    arrive("zhao", INDUSTRY)
    _enter(client, database, "zhao")
    assert "换单位" not in client.page("/cases").words()
    assert "您只代表这一个单位" in client.page("/acting-for").words()


@pytest.mark.parametrize(
    ("code", "role", "says"),
    [
        (INDUSTRY, Role.WINDOW, "没有这个岗位"),
        (INDUSTRY, Role.ENTERPRISE, "没有这个岗位"),
        (INDUSTRY, Role.DEPARTMENT, "已经有这个岗位"),
    ],
)
def test_a_membership_must_make_sense(
    database: Database, arrive: Arrive, code: str, role: Role, says: str
) -> None:
    person = arrive("zhao", INDUSTRY)
    with pytest.raises(Invalid, match=says), database.writing() as db:
        admit(db, person, code, role)
    with pytest.raises(Invalid, match="截止日期早于"), database.writing() as db:
        admit(db, person, SCIENCE, Role.DEPARTMENT, last=date(2026, 5, 1))


def test_nobody_holds_two_of_the_three_offices(database: Database, arrive: Arrive, clock: Clock) -> None:
    person = arrive("xie")
    with database.writing() as db:
        admit(db, person, CENTRE, Role.SYSTEM_ADMIN, last=date(2026, 6, 2))
    with pytest.raises(Invalid, match="三员不能由同一个人兼任"), database.writing() as db:
        admit(db, person, CENTRE, Role.AUDIT_ADMIN)
    with database.reading() as db:
        centre = db.query(Membership).filter_by(person_id=person).one().organisation_id
    second = Membership(
        person_id=person, organisation_id=centre, role=Role.SECURITY_ADMIN, valid_from=date(2026, 7, 1)
    )
    with pytest.raises(IntegrityError, match="membership"), database.writing() as db:
        db.add(second)
    clock.advance(timedelta(days=2))
    with database.writing() as db:
        admit(db, person, CENTRE, Role.AUDIT_ADMIN)
