"""From a new account to acting for an enterprise, at the counter."""

from collections.abc import Callable

import pytest

from foundation import audit
from foundation.db import Database
from foundation.enterprises import queries as enterprises
from tests.factories import city as factory
from tests.factories.city import FIRM, City
from tests.support.pages import PortalClient

NEW_FIRM = "91510802MA0000002Q"
# pages are the same on both databases
SQLITE = pytest.mark.parametrize("database_kind", [pytest.param("sqlite", marks=pytest.mark.sqlite)])
FORM = {
    "credit_code": FIRM, "firm_name": "样例机械有限公司", "capacity": "legal", "name": "王慧（样例）",
    "phone": "13900000001", "login": "wanghui", "password": factory.PASSWORD,
}  # fmt: skip


def register(client: PortalClient, **changes: str) -> str:
    """A new account; its short code."""
    answer = client.submit("/register", data={**FORM, **changes})
    assert answer.status_code == 303, client.last and client.last.words()
    assert answer.location == "/binding"
    page = client.page("/binding")
    return next(page.words(each) for each in page.all("p") if each.get("class") == "amount-lg")


def grant(clerk: PortalClient, code: str, *proofs: str) -> int:
    """Tick what was shown, and bind."""
    return clerk.submit(f"/bindings/{code}", f"/bindings/{code}/grant", {"proofs": list(proofs)}).status_code


def test_from_registration_to_the_enterprise(
    city: City, client: PortalClient, signed_in: Callable[[str], PortalClient], database: Database
) -> None:
    code = register(client)
    told = client.page("/binding").words()
    assert "营业执照原件" in told
    assert "广元市惠企政策兑现专窗" in told
    for path in ("/my/cases", f"/apply/{factory.ITEM}", "/bindings", "/my/people"):
        assert client.get(path).status_code == 403
    assert client.get("/items").status_code == 200

    clerk = signed_in("clerk")
    for search in (code, code.lower(), FIRM, FORM["phone"]):
        assert code in clerk.page(f"/bindings?q={search}").words()
    assert grant(clerk, code, "licence") == 422
    assert "还没有核对：本人身份证原件" in (clerk.last.words() if clerk.last else "")
    assert grant(clerk, code, "licence", "identity_card") == 303
    assert "就能替企业办事" in clerk.page(f"/bindings/{code}").words()

    page = client.page("/binding")
    assert "已绑定，可以办事了" in page.words()
    assert client.submit("/binding", "/acting-for").status_code == 303
    assert client.get("/my/cases").status_code == 200
    with database.reading() as db:
        lines = audit.timeline(db, f"enterprise:{FIRM}")
    assert [line.act for line in lines] == ["binding_asked", "bound", "binding_granted"]
    assert lines[-1].facts["proofs"] == ["identity_card", "licence"]
    assert lines[-1].person_id == city.clerk.person_id


@SQLITE
def test_refused_with_a_reason_put_right_and_asked_again(
    city: City, client: PortalClient, signed_in: Callable[[str], PortalClient]
) -> None:
    code = register(client, capacity="handler")
    clerk = signed_in("clerk")
    assert "授权书" in clerk.page(f"/bindings/{code}").words()
    assert clerk.submit(f"/bindings/{code}", f"/bindings/{code}/refuse", {"reason": ""}).status_code == 422
    clerk.submit(f"/bindings/{code}", f"/bindings/{code}/refuse", {"reason": "授权书没有盖章"})
    assert "授权书没有盖章" in client.page("/binding").words()
    wanted = {name: FORM[name] for name in ("credit_code", "firm_name", "capacity")}
    assert client.submit("/binding", "/binding", wanted).status_code == 303
    assert client.submit("/binding", next_of(client, "withdraw")).status_code == 303
    assert "申请绑定企业" in client.page("/binding").words()


def next_of(client: PortalClient, ending: str) -> str:
    """The action of the form on the last page that ends so."""
    page = client.page("/binding")
    return next(
        str(form.get("action")) for form in page.all("form") if str(form.get("action")).endswith(ending)
    )


@SQLITE
def test_a_county_sees_its_own_requests_alone(
    city: City, client: PortalClient, signed_in: Callable[[str], PortalClient]
) -> None:
    code = register(client)
    stranger = signed_in("county_clerk")
    assert stranger.get(f"/bindings/{code}").status_code == 404
    assert code not in stranger.page(f"/bindings?q={code}").all("main")[0].itertext()
    assert stranger.post(f"/bindings/{code}/grant", {}).status_code == 400


def test_a_new_enterprise_comes_in_by_its_licence(
    city: City, client: PortalClient, signed_in: Callable[[str], PortalClient], database: Database
) -> None:
    code = register(client, credit_code=NEW_FIRM, firm_name="样例新办企业")
    with database.reading() as db:
        assert enterprises.by_code(db, NEW_FIRM) is None
    county = signed_in("county_clerk")
    assert "系统里还没有这家企业" in county.page(f"/bindings/{code}").words()
    assert grant(county, code, "licence", "identity_card") == 303
    with database.reading() as db:
        found = enterprises.by_code(db, NEW_FIRM)
        (registered, *_) = [
            line for line in audit.timeline(db, f"enterprise:{NEW_FIRM}") if line.act == "registered"
        ]
    assert found is not None
    assert (found.name, found.region_code) == ("样例新办企业", "510802")
    assert registered.facts == {"source": "counter"}


WRONG = (
    ({"credit_code": FIRM[:-1] + "H"}, "校验码对不上"),
    ({"login": "firm"}, "已经有人用了"),
    ({"password": "short"}, "密码太短"),
    ({"phone": "手机"}, "请填电话号码"),
    ({"capacity": "agent"}, "代理人由企业自己在网上授权"),
)


@SQLITE
def test_what_is_wrong_is_said(city: City, client: PortalClient) -> None:
    for change, said in WRONG:
        answer = client.submit("/register", data={**FORM, **change})
        assert answer.status_code in {403, 422}
        assert said in (client.last.words() if client.last else "")
    assert client.get("/binding").location.startswith("/sign-in")
