"""The three administrators at their pages: accounts, rights, bodies, the record; and deputies."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from foundation import audit, outbox
from foundation.accounts import queries, services
from foundation.clock import now
from foundation.db import Database
from foundation.outbox import Delivery, Outbox
from foundation.web.access import Role
from tests.conftest import Clock
from tests.integration.foundation.accounts.conftest import CENTRE, INDUSTRY, SCIENCE, SQLITE, Arrive, admit
from tests.support.pages import PortalClient

PEOPLE = "/administration/people"
Enter = Callable[[str], PortalClient]


@pytest.fixture
def enter(database: Database, arrive: Arrive, browser: Callable[[], PortalClient]) -> Enter:
    """A browser in which the one of this login is signed in; the three offices are filled."""
    for login, role in (
        ("xie", Role.SYSTEM_ADMIN), ("deng", Role.SECURITY_ADMIN), ("peng", Role.AUDIT_ADMIN)
    ):  # fmt: skip
        arrive(login, CENTRE, role)

    def come(login: str) -> PortalClient:
        with database.writing() as db:
            token = services.open_session(db, login)
        client = browser()
        with client.flask.session_transaction() as session:
            session["token"] = token
        return client

    return come


def _acts(database: Database, login: str) -> list[str]:
    with database.reading() as db:
        person = queries.person_named(db, login, now().date())
        return [line.act for line in audit.timeline(db, f"person:{person.id}")]


def test_one_makes_the_account_another_grants_the_right_a_third_reads_of_it(
    database: Database, enter: Enter
) -> None:
    system, security, auditor = enter("xie"), enter("deng"), enter("peng")
    new = {"login": "zhaojianguo", "name": "赵建国", "home": INDUSTRY}
    assert system.submit(f"{PEOPLE}/new", data=new).status_code == 303
    page = f"{PEOPLE}/zhaojianguo"
    assert "一次性密码：" in system.page(page).words()
    assert "一次性密码：" not in system.page(page).words()
    assert system.submit(f"{PEOPLE}/new", data=new).status_code == 422
    assert "1 个账号等着授权" in security.page("/administration").words()
    wrong = {"organisation": INDUSTRY, "role": "window"}
    assert security.submit(page, f"{page}/grant", wrong).status_code == 422
    right = {"organisation": SCIENCE, "role": "department", "valid_until": "2026-06-30"}
    assert security.submit(page, f"{page}/grant", right).status_code == 303
    assert "借调" in security.page(page).words()
    assert _acts(database, "zhaojianguo") == ["added", "granted"]
    assert "授予岗位" in auditor.page("/administration/record?verify=1").words()
    assert "审计链完整" in auditor.page("/administration/record?verify=1").words()


@SQLITE
def test_each_office_does_its_own_and_none_sees_cases(enter: Enter, arrive: Arrive) -> None:
    arrive("zhao", INDUSTRY)
    clients = {login: enter(login) for login in ("xie", "deng", "peng")}
    page = f"{PEOPLE}/zhao"
    for login, client in clients.items():
        assert client.get("/desk").headers["Location"] == "/administration"
        for path in ("/administration", PEOPLE, page, "/administration/organisations"):
            assert client.page(path)
        assert client.get("/cases").status_code == 403, login
    forbidden = {
        "xie": (f"{page}/grant", f"{page}/unlock", f"{page}/last-day", f"{page}/deputy"),
        "deng": (f"{page}/reset-password", page, PEOPLE, "/administration/organisations"),
        "peng": (f"{page}/grant", f"{page}/reset-password", "/administration/effects/retry"),
    }
    for login, paths in forbidden.items():
        token = clients[login].page("/account").all("input")[0].get("value")
        for path in paths:
            sent = clients[login].post(path, {"csrf_token": token, "_key": path})
            assert sent.status_code == 403, f"{login} {path}"


@SQLITE
def test_nobody_grants_a_right_to_oneself(enter: Enter) -> None:
    page = f"{PEOPLE}/deng"
    own = {"organisation": INDUSTRY, "role": "department"}
    assert enter("deng").submit(page, f"{page}/grant", own).status_code == 403


def test_a_last_day_is_moved_and_a_right_ended(database: Database, enter: Enter, arrive: Arrive) -> None:
    arrive("zhao", INDUSTRY)
    officer, security, page = enter("zhao"), enter("deng"), f"{PEOPLE}/zhao"
    change = f"{page}/last-day"
    assert security.submit(page, change, {"on": "2026-06-05"}).status_code == 303
    assert "2026年6月1日至2026年6月5日" in security.page(page).words()
    assert security.submit(page, change, {"on": "2026-07-31"}).status_code == 303
    assert officer.get("/cases").status_code == 200
    assert security.submit(page, change, {"on": "2026-06-01"}).status_code == 303
    assert officer.get("/cases").status_code == 303
    assert _acts(database, "zhao") == ["granted", "signed_in", "prolonged", "prolonged", "ended"]


def test_a_county_looks_after_its_own_alone(database: Database, enter: Enter, arrive: Arrive) -> None:
    arrive("county", "510822-gov", Role.SYSTEM_ADMIN)
    arrive("zhao", INDUSTRY)
    arrive("qing", "510822-01")
    client = enter("county")
    assert client.get(f"{PEOPLE}/zhao").status_code == 404
    assert client.page(f"{PEOPLE}/qing")
    assert client.get(f"/administration/organisations/{INDUSTRY}").status_code == 404
    listed = client.page("/administration/organisations").words()
    assert "青川县经济和信息化局" in listed
    assert "广元市" not in listed.partition("个单位")[2].partition("惠企政策兑现专窗：")[0]
    body = {"code": "510802-09", "region_code": "510802", "kind": "department", "name": "某局"}
    assert (
        client.submit("/administration/organisations/new", data={**body, "short_name": "某局"}).status_code
        == 422
    )


@SQLITE
def test_a_body_is_registered_and_corrected(database: Database, enter: Enter) -> None:
    client = enter("xie")
    body = {
        "code": "510822-09", "region_code": "510822", "kind": "department", "name": "青川县林业局",
        "short_name": "青川县林业局", "hours": "08:30-12:00、14:30－18:00", "closed": "2026-06-08",
        "city_bureau": INDUSTRY, "confirmed": "yes",
    }  # fmt: skip
    assert client.submit("/administration/organisations/new", data=body).status_code == 303
    page = "/administration/organisations/510822-09"
    assert client.submit(page, data={"hours": "12:00-09:00"}).status_code == 422
    assert client.submit(page, data={"closed": "明天"}).status_code == 422
    assert client.submit(page, data={"phone": "0839-7200000"}).status_code == 303
    with database.reading() as db:
        kept = queries.organisation_by_code(db, "510822-09")
        related = queries.related(db, kept.id, "city_bureau")
        acts = [line.act for line in audit.timeline(db, "organisation:510822-09")]
    assert kept.opening_hours == {
        "sessions": [["08:30", "12:00"], ["14:30", "18:00"]], "closed": ["2026-06-08"]
    }  # fmt: skip
    assert (kept.phone, related.code if related else "") == ("0839-7200000", INDUSTRY)
    assert acts == ["registered", "changed"]


@SQLITE
def test_effects_that_failed_are_tried_again(database: Database, enter: Enter) -> None:
    client = enter("xie")
    assert "后台事项都已办成" in client.page("/administration/effects").words()
    with database.writing() as db:
        db.add(Outbox(id=9000, topic="window.accepted", payload={}, created_at=now(), fanned_at=now()))
        db.flush()
        db.add(
            Delivery(
                outbox_id=9000, reader="notices.paper", tries=10, next_at=now(), failed_at=now(), error="坏了"
            )
        )
    assert "有 1 项后台事项没办成" in client.page("/administration").words()
    assert client.submit("/administration/effects").status_code == 303
    with database.reading() as db:
        assert outbox.given_up(db) == []


def test_sign_ins_are_listed_for_whoever_watches(enter: Enter, arrive: Arrive) -> None:
    arrive("zhao", INDUSTRY)
    enter("zhao")
    security = enter("deng")
    assert "zhao（样例）" in security.page("/administration/sign-ins").words()
    assert "没有记录" in security.page("/administration/sign-ins?tab=refused").words()
    assert enter("xie").get("/administration/sign-ins").status_code == 403


def test_a_deputy_signs_with_whose_place_is_taken_and_it_ends_by_itself(
    database: Database, enter: Enter, arrive: Arrive, clock: Clock
) -> None:
    absent = arrive("zhao", INDUSTRY)
    arrive("zhou", INDUSTRY)
    away, deputy = enter("zhao"), enter("zhou")
    days = {"deputy": "zhou", "first": "2026-06-01", "last": "2026-06-03"}
    assert away.submit("/account", "/account/deputy", {**days, "deputy": "deng"}).status_code == 422
    assert away.submit("/account", "/account/deputy", {**days, "last": "2026-05-01"}).status_code == 422
    assert away.submit("/account", "/account/deputy", days).status_code == 303
    assert away.submit("/account", "/account/deputy", days).status_code == 422
    assert deputy.submit("/acting-for").status_code == 303
    assert "zhou（样例）（代zhao（样例））" in deputy.page("/cases").words()
    with database.reading() as db:
        (_, own), (_, standing) = queries.actors_named(db, "zhou", now().date())
    assert (own.stands_in_for, standing.stands_in_for) == (None, absent)
    with database.writing() as db:
        audit.record(db, "test:1", "decided", actor=standing, happened_at=now(), facts={})
    with database.reading() as db:
        assert audit.timeline(db, "test:1")[0].facts == {"stands_in_for": absent}
    assert "我不在时" not in deputy.page("/account").words()  # nothing is passed on
    clock.advance(timedelta(days=3))
    assert deputy.get("/cases").status_code == 303


@SQLITE
def test_a_deputy_is_sent_back_early_and_goes_with_whom_he_stood_in_for(
    database: Database, enter: Enter, arrive: Arrive
) -> None:
    person = arrive("zhao")
    with database.writing() as db:
        membership = admit(db, person, INDUSTRY, Role.DEPARTMENT)
    arrive("zhou", INDUSTRY)
    away, deputy = enter("zhao"), enter("zhou")
    days = {"deputy": "zhou", "first": "2026-06-01", "last": "2026-06-30"}
    for end in ("early", "gone"):
        away.submit("/account", "/account/deputy", days)
        assert deputy.submit("/acting-for").status_code == 303
        if end == "early":
            assert away.submit("/account", "/account/deputy/end").status_code == 303
        else:
            with database.writing() as db:
                services.end_membership(db, None, membership_id=membership, on=now().date())
        assert deputy.get("/cases").status_code == 303
        deputy = enter("zhou")


@SQLITE
def test_an_office_is_not_deputised_to_whoever_holds_another(enter: Enter) -> None:
    security, page = enter("deng"), f"{PEOPLE}/xie"
    days = {"deputy": "peng", "first": "2026-06-01", "last": "2026-06-03"}
    assert security.submit(page, f"{page}/deputy", days).status_code == 422
