"""Naming colleagues and agents, in what and until when; ending it; handing over."""

from collections.abc import Callable
from typing import Any

import pytest

from foundation import audit
from foundation.db import Database
from foundation.enterprises import queries as enterprises
from foundation.enterprises.mandates import queries, services
from foundation.enterprises.mandates.rules import Capacity
from foundation.errors import Conflict
from foundation.web.access import Actor, Role
from portal.invariants import check
from tests.factories import city as factory
from tests.factories.city import FIRM, ITEM, OTHER_ITEM, City
from tests.integration.portal.firms.conftest import Enter, Newcomer
from tests.support.pages import PortalClient

OFFER = {"who": "agent", "capacity": "agent", "powers": ["apply"], "scope": "named", "items": [ITEM]}
UNTIL = "2026-12-31"
# pages are the same on both databases
SQLITE = pytest.mark.parametrize("database_kind", [pytest.param("sqlite", marks=pytest.mark.sqlite)])


def bind(database: Database, person_id: int, capacity: Capacity = Capacity.LEGAL) -> int:
    """Let somebody act for the firm; the mandate's id."""
    with database.writing() as db:
        enterprise = enterprises.by_code(db, FIRM)
        assert enterprise is not None
        return services.bind(db, None, enterprise, person_id=person_id, capacity=capacity).id


def offer(owner: PortalClient, **changes: Any) -> int:
    """Name somebody; the answer's status."""
    return owner.submit("/my/people", "/my/people", {**OFFER, "valid_until": UNTIL, **changes}).status_code


def actions(client: PortalClient, path: str, ending: str) -> list[str]:
    """The forms on a page whose address ends so."""
    return [
        str(f.get("action")) for f in client.page(path).all("form") if str(f.get("action")).endswith(ending)
    ]


def accept(client: PortalClient) -> None:
    """Take on what was offered."""
    (action,) = actions(client, "/my/mandates", "/accept")
    assert client.submit("/my/mandates", action).location == "/my/firms"


def test_an_agent_applies_within_the_scope_and_not_beyond(
    city: City, signed_in: Enter, newcomer: Callable[[str], Newcomer], database: Database
) -> None:
    owner_id, _ = newcomer("owner").id, newcomer("agent")
    bind(database, owner_id)
    with database.writing() as db:
        other = factory.submit(db, city, item=OTHER_ITEM)
    owner, agent = signed_in("owner"), signed_in("agent")
    assert offer(owner, valid_until="") == 422
    assert offer(owner, items=[]) == 422
    assert offer(owner, valid_until="2027-06-02") == 422
    assert offer(owner, who="nobody") == 422
    assert offer(owner) == 303
    assert offer(owner) == 409
    assert agent.get("/my/cases").status_code == 403
    accept(agent)
    assert agent.get(f"/apply/{ITEM}").status_code == 200
    assert agent.get(f"/apply/{OTHER_ITEM}").status_code == 403
    assert "您的授权不包括这项政策" in (agent.last.words() if agent.last else "")
    assert agent.get(f"/cases/{other}").status_code == 404
    assert owner.get(f"/cases/{other}").status_code == 200
    assert other not in agent.page("/my/cases").words()
    assert agent.get("/my/people").status_code == 200
    assert "由法定代表人或最先绑定的经办人管理" in agent.page("/my/people").words()
    with database.reading() as db:
        assert [name for name, rows in check(db) if rows] == []


@SQLITE
def test_out_at_the_next_request(
    city: City, signed_in: Enter, newcomer: Callable[[str], Newcomer], database: Database
) -> None:
    bind(database, newcomer("owner").id)
    newcomer("agent")
    owner, agent = signed_in("owner"), signed_in("agent")
    offer(owner)
    accept(agent)
    assert agent.get("/my/cases").status_code == 200
    person = next(
        a for a in _hrefs(owner, "/my/people") if a.startswith("/my/people/") and a != "/my/people/1"
    )
    assert owner.submit(person, f"{person}/end").status_code == 303
    assert agent.get("/my/cases").location.startswith("/sign-in")
    assert "agent" not in owner.page("/my/people").words()
    again = signed_in("agent")  # with the account alone, which sees what the public sees
    assert again.get("/my/cases").status_code == 403
    assert again.get("/binding").status_code == 200


def _hrefs(client: PortalClient, path: str) -> list[str]:
    return [str(link.get("href")) for link in client.page(path).all("a")]


def test_a_colleague_goes_on_with_what_the_leaver_began(
    city: City, signed_in: Enter, newcomer: Callable[[str], Newcomer], database: Database
) -> None:
    leaver, successor = newcomer("leaver"), newcomer("successor")
    mandate = bind(database, leaver.id, Capacity.HANDLER)
    chief = signed_in("leaver")
    with database.writing() as db:
        began = factory.submit(db, city, _actor(city, leaver))
    assert offer(chief, who="successor", capacity="handler", scope="all", valid_until="", items=[]) == 303
    page = f"/my/people/{mandate}"
    assert actions(chief, page, "/hand-over") == []  # nobody accepted yet
    colleague = signed_in("successor")
    accept(colleague)
    assert chief.submit(page, f"{page}/hand-over", {"successor": "9999"}).status_code == 404
    assert chief.submit(page, f"{page}/hand-over", {"successor": str(mandate + 1)}).status_code == 303
    assert chief.get("/my/cases").location.startswith("/sign-in")
    assert colleague.get(f"/cases/{began}/withdraw").status_code == 200
    assert "授权给同事或代理机构" in colleague.page("/my/people").words()
    with database.reading() as db:
        (line,) = [each for each in audit.timeline(db, f"enterprise:{FIRM}") if each.act == "handed_over"]
        assert queries.has_chief(db, FIRM, line.happened_at.date())
    assert line.facts["chief"] is True
    assert line.personal == {"people": [leaver.id, successor.id]}


def _actor(city: City, newcomer: Newcomer) -> Actor:
    firm = city.firm
    return Actor(
        newcomer.id, newcomer.login, firm.organisation_id, firm.organisation_code, firm.organisation_name,
        Role.ENTERPRISE,
    )  # fmt: skip


def test_nobody_has_two_mandates_of_one_enterprise(
    city: City, newcomer: Callable[[str], Newcomer], database: Database
) -> None:
    person = newcomer("owner")
    bind(database, person.id)
    with pytest.raises(Conflict, match="已经有这家企业的授权"):
        bind(database, person.id, Capacity.HANDLER)


@SQLITE
def test_a_looker_looks_and_does_nothing(
    city: City, signed_in: Enter, newcomer: Callable[[str], Newcomer], database: Database
) -> None:
    bind(database, newcomer("owner").id)
    newcomer("agent")
    with database.writing() as db:
        number = factory.submit(db, city)
    owner, agent = signed_in("owner"), signed_in("agent")
    offer(owner, powers=[], scope="all", items=[])
    accept(agent)
    assert agent.get(f"/cases/{number}").status_code == 200
    assert agent.get(f"/apply/{OTHER_ITEM}").status_code == 403
    assert "您的授权不包括“申请和补正”" in (agent.last.words() if agent.last else "")
    withdrawn = agent.submit(f"/cases/{number}/withdraw", f"/cases/{number}/withdraw", {"reason": ""})
    assert withdrawn.status_code == 403
    contact = {"name": "王慧", "phone": "13900000001", "email": ""}
    assert agent.submit("/my/people", "/my/contact", contact).status_code == 403
    assert owner.submit("/my/people", "/my/contact", {**contact, "email": "王"}).status_code == 422
    assert owner.submit("/my/people", "/my/contact", contact).status_code == 303
    assert "现在通知 王慧" in owner.page("/my/people").words()


@SQLITE
def test_a_stranger_touches_no_mandate(
    city: City, signed_in: Enter, newcomer: Callable[[str], Newcomer], database: Database
) -> None:
    mandate = bind(database, newcomer("owner").id)
    stranger = signed_in("other_firm")
    assert stranger.get(f"/my/people/{mandate}").status_code == 404
