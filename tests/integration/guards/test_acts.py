"""One click is one act, however often the network or the finger repeats it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from foundation import audit, numbering
from foundation.accounts import passwords
from foundation.accounts import services as accounts
from foundation.db import Database
from foundation.web.access import Role
from portal.payouts.models import Pool
from portal.window.rules import MoveRefused
from portal.window.services import acceptance
from tests.factories import city as factory
from tests.factories.city import PASSWORD, POOL, WINDOW, City
from tests.integration.guards.conftest import at_once, refusals
from tests.support.pages import PortalClient

SignedIn = Callable[[str], PortalClient]
CLICKS = 20
FORM = f"/payouts/pools/{POOL}/top-up"
FILLED = {"amount": "50,000", "document_number": "广财〔2026〕9号"}


def hidden(client: PortalClient, path: str) -> dict[str, str]:
    """What the form of the page carries unseen."""
    fields = [field for field in client.page(path).all("input") if field.get("type") == "hidden"]
    return {str(field.get("name")): field.get("value") or "" for field in fields}


def total(database: Database) -> int:
    with database.reading() as db:
        return db.scalars(select(Pool.total_fen).where(Pool.code == POOL)).one()


def test_twenty_clicks_at_once_book_the_money_once(
    app: Flask, database: Database, city: City, signed_in: SignedIn
) -> None:
    treasurer = signed_in("treasurer")
    before = total(database)
    click = {**hidden(treasurer, FORM), **FILLED}
    cookie = treasurer.flask.get_cookie("portal")
    assert cookie is not None

    def post(_: int) -> tuple[int, str | None]:
        browser = app.test_client()
        browser.set_cookie("portal", cookie.value)
        answer = browser.post(FORM, data=click)
        return answer.status_code, answer.location

    answers = at_once(post, CLICKS)
    assert set(answers) == {(303, f"/payouts/pools?done={POOL}")}
    assert total(database) == before + 50_000_00


def test_a_refusal_keeps_nothing_and_the_same_form_may_be_sent_again(
    database: Database, city: City, signed_in: SignedIn
) -> None:
    treasurer = signed_in("treasurer")
    before = total(database)
    form = hidden(treasurer, FORM)
    assert treasurer.post(FORM, {**form, **FILLED, "amount": "五万"}).status_code == 422
    assert treasurer.post(FORM, {**form, **FILLED}).status_code == 303
    assert treasurer.post(FORM, {**form, **FILLED, "amount": "60,000"}).status_code == 409
    assert total(database) == before + 50_000_00


def test_a_form_without_its_key_or_token_does_nothing(
    database: Database, city: City, signed_in: SignedIn
) -> None:
    treasurer = signed_in("treasurer")
    before = total(database)
    form = hidden(treasurer, FORM)
    assert treasurer.post(FORM, {**form, **FILLED, "_key": ""}).status_code == 422
    assert treasurer.post(FORM, {**form, **FILLED, "csrf_token": "x"}).status_code == 400
    assert treasurer.post(FORM, {**form, **FILLED, "csrf_token": ""}).status_code == 400
    assert total(database) == before


def test_another_person_may_send_the_same_key(database: Database, city: City, signed_in: SignedIn) -> None:
    before = total(database)
    for name in ("treasurer", "cashier"):
        person = signed_in(name)
        assert person.post(FORM, {**hidden(person, FORM), **FILLED, "_key": "1"}).status_code == 303
    assert total(database) == before + 2 * 50_000_00


def test_of_two_who_accept_at_once_the_second_is_told(database: Database, city: City) -> None:
    with database.writing() as db:
        number = factory.submit(db, city)
    answers = at_once(lambda _: database.write(lambda db: acceptance.accept(db, city.clerk, number)), 4)
    assert [type(refusal) for refusal in refusals(answers)] == [MoveRefused] * 3
    with database.reading() as db:
        assert [line.act for line in audit.timeline(db, f"case:{number}")] == ["submit", "accept"]


def test_whoever_guesses_passwords_holds_nobody_up(
    database: Database, city: City, client: PortalClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checking a password takes long, on purpose; meanwhile others write."""
    with database.writing() as db:
        accounts.add_person(
            db, None, login="li", name="李", password=PASSWORD, organisation_code=WINDOW, role=Role.WINDOW
        )
    check = passwords.check

    def slow(*values: object) -> None:
        with database.writing() as db:
            numbering.take(db, "meanwhile", 2026)
        check(*values)  # type: ignore[arg-type]

    monkeypatch.setattr(passwords, "check", slow)
    for login, password, status in (("li", "wrong", 422), ("nobody", PASSWORD, 422), ("li", PASSWORD, 303)):
        sent = client.submit("/sign-in", "/sign-in", {"login": login, "password": password})
        assert sent.status_code == status
    assert client.get("/cases").status_code == 200
