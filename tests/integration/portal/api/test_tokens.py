"""A firm's own cases and verdicts, for whoever carries its token."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update
from werkzeug.test import TestResponse

from foundation import audit
from foundation.accounts.models import Membership
from foundation.db import Database
from portal.api.models import ApiToken
from portal.api.rules import MOST_GOOD
from tests.conftest import Clock
from tests.factories import city as factory
from tests.factories.city import FIRM, City
from tests.support.pages import PortalClient

Ask = Callable[..., TestResponse]
NewToken = Callable[[], str]


def test_a_token_reads_the_firms_own_cases_and_no_others(
    city: City, database: Database, new_token: NewToken, ask: Ask
) -> None:
    with database.writing() as db:
        mine = factory.submit(db, city)
        other = factory.submit(db, city, city.other_firm)
    token = new_token()

    found = ask("/cases", token).get_json()
    assert [row["number"] for row in found["cases"]] == [mine]
    case = ask(f"/cases/{mine}", token).get_json()
    assert case["stage"] == "submitted"
    assert [each["limit"] for each in case["clocks"]] == ["acceptance"]
    assert case["story"][0]["title"].endswith("提交了申请")
    assert ask(f"/cases/{other}", token).status_code == 404


def test_verdicts_say_why(city: City, new_token: NewToken, ask: Ask) -> None:
    found = ask("/verdicts?outcome=eligible", new_token()).get_json()
    assert found["enterprise"] == FIRM
    assert found["total"] >= 4
    assert found["verdicts"][0]["because"]


def test_without_a_good_token_nothing_is_told(
    city: City, firm: PortalClient, client: PortalClient, new_token: NewToken, ask: Ask, clock: Clock
) -> None:
    token = new_token()
    for wrong in (None, "hq-", token[:-1] + ("x" if token[-1] != "x" else "y")):
        response = ask("/cases", wrong)
        assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert firm.get("/api/v1/cases").status_code == 401  # a browser's session is no token
    assert (
        client.get("/desk", headers={"Authorization": f"Bearer {token}"}).status_code == 303
    )  # nor the other way

    clock.advance(timedelta(days=89))
    assert ask("/cases", token).status_code == 200
    clock.advance(timedelta(days=1))
    assert ask("/cases", token).status_code == 401


def test_a_token_is_shown_once_and_kept_nowhere(
    city: City, firm: PortalClient, new_token: NewToken, database: Database
) -> None:
    token = new_token()
    assert token not in firm.page("/tokens").text
    with database.reading() as db:
        kept = db.scalars(select(ApiToken)).one()
        assert token.rpartition("-")[2] not in str(vars(kept))
        assert token[12:] not in str([line.facts for line in audit.timeline(db, f"enterprise:{FIRM}")])


def test_the_firm_sees_the_last_use_and_ends_it(
    city: City, firm: PortalClient, new_token: NewToken, ask: Ask, database: Database
) -> None:
    token = new_token()
    assert "还没有用过" in firm.page("/tokens").text
    ask("/cases", token)
    assert "今天 10:00" in firm.page("/tokens").text

    handle = token.split("-")[1]
    assert firm.submit("/tokens", f"/tokens/{handle}/revoke").status_code == 303
    assert ask("/cases", token).status_code == 401
    assert "已停用" in firm.page("/tokens").text
    with database.reading() as db:
        acts = [line.act for line in audit.timeline(db, f"enterprise:{FIRM}")]
    assert acts[-2:] == ["token_made", "token_revoked"]


def test_a_token_ends_with_its_makers_membership(
    city: City, new_token: NewToken, ask: Ask, database: Database, clock: Clock
) -> None:
    token = new_token()
    with database.writing() as db:
        of_maker = Membership.person_id == city.firm.person_id
        db.execute(update(Membership).where(of_maker).values(valid_until=clock.moment.date()))
    assert ask("/cases", token).status_code == 200
    clock.advance(timedelta(days=1))
    assert ask("/cases", token).status_code == 401


def test_another_firms_token_cannot_be_ended(
    city: City, firm: PortalClient, new_token: NewToken, database: Database
) -> None:
    new_token()
    with database.writing() as db:
        db.execute(update(ApiToken).values(organisation_id=city.other_firm.organisation_id))
        handle = db.scalar(select(ApiToken.handle))
    page = firm.page("/tokens")
    assert handle
    assert handle not in page.text
    fields = {"_key": "k" * 32, "csrf_token": _csrf(page.text)}
    assert firm.post(f"/tokens/{handle}/revoke", fields).status_code == 404


def test_a_wrong_form_says_so_and_ten_tokens_are_enough(city: City, firm: PortalClient) -> None:
    for wrong in ({"label": ""}, {"days": "3650"}, {"days": "never"}):
        assert firm.submit("/tokens", "/tokens", {"label": "财务软件", **wrong}).status_code == 422
    for number in range(MOST_GOOD):
        assert firm.submit("/tokens", "/tokens", {"label": f"程序 {number}"}).status_code == 303
    assert firm.submit("/tokens", "/tokens", {"label": "再一个"}).status_code == 422


def _csrf(text: str) -> str:
    return text.split('name="csrf_token" value="')[1].split('"')[0]
