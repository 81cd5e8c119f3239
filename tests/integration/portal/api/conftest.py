"""A city with a firm, and programs that ask in its name."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from foundation.accounts import services as account_services
from foundation.db import Database
from tests.factories.city import City
from tests.support.pages import PortalClient


@pytest.fixture
def firm(city: City, database: Database, browser: Callable[[], PortalClient]) -> PortalClient:
    """A browser in which the firm's person is signed in."""
    with database.writing() as db:
        token = account_services.sign_in_sample(db, "firm")
    client = browser()
    with client.flask.session_transaction() as session:
        session["token"] = token
    return client


@pytest.fixture
def new_token(firm: PortalClient) -> Callable[[], str]:
    """A token that the firm makes on its page."""

    def make() -> str:
        assert firm.submit("/tokens", "/tokens", {"label": "财务软件"}).status_code == 303
        found = re.search(r"hq-[0-9a-f]{8}-[\w-]{43}", firm.page("/tokens").text)
        assert found
        return found[0]

    return make


@pytest.fixture
def ask(client: PortalClient) -> Callable[..., TestResponse]:
    """A program without cookies, with a token or none."""

    def asked(path: str, token: str | None = None, **headers: Any) -> TestResponse:
        given = headers | ({"Authorization": f"Bearer {token}"} if token else {})
        return client.get(f"/api/v1{path}", headers=given)

    return asked
