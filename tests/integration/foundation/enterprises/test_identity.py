"""Entering by the city's identity service: a fake one inside this process, no network."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from flask import Flask
from joserfc import jwt
from joserfc.jwk import RSAKey

from foundation import audit, clock
from foundation.db import Database
from foundation.enterprises import queries as enterprises
from foundation.settings import Settings
from tests.factories.city import FIRM, City
from tests.support.pages import PortalClient

ISSUER = "https://id.example"
# pages are the same on both databases
SQLITE = pytest.mark.parametrize("database_kind", [pytest.param("sqlite", marks=pytest.mark.sqlite)])
NEW_FIRM = "91510802MA0000002Q"
LEGAL = {
    "sub": "s-1",
    "credit_code": FIRM,
    "enterprise_name": "样例机械有限公司",
    "name": "王慧",
    "role": "legal",
}


class FakeIssuer:
    """What an OpenID Connect service answers; it holds us to PKCE, client and nonce."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.claims: dict[str, Any] = dict(LEGAL)
        self.asked: dict[str, str] = {}
        self.nonce = ""
        self.silent = False

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        """Answer one request of ours."""
        if self.silent:
            raise requests.ConnectionError
        answers: dict[str, Callable[[requests.PreparedRequest], dict[str, Any]]] = {
            "/.well-known/openid-configuration": self._metadata, "/token": self._token, "/keys": self._keys,
        }  # fmt: skip
        response = requests.Response()
        response.status_code, response.request, response.url = 200, request, str(request.url)
        body = answers[urlsplit(str(request.url)).path](request)
        response.status_code = 400 if "error" in body else 200
        response._content = json.dumps(body).encode()
        response.headers["Content-Type"] = "application/json"
        return response

    def _metadata(self, request: requests.PreparedRequest) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def _keys(self, request: requests.PreparedRequest) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    def _token(self, request: requests.PreparedRequest) -> dict[str, Any]:
        form = {name: values[0] for name, values in parse_qs(str(request.body)).items()}
        if create_s256_code_challenge(form["code_verifier"]) != self.asked["code_challenge"]:
            return {"error": "invalid_grant"}
        now = int(clock.system_time().timestamp())
        told = {
            "iss": ISSUER,
            "aud": "portal",
            "iat": now,
            "exp": now + 60,
            "nonce": self.nonce,
            **self.claims,
        }
        token = jwt.encode({"alg": "RS256", "kid": "one"}, {**told, **self.claims}, self.key)
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": token}


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> FakeIssuer:
    """The service, in place of the network."""
    fake = FakeIssuer()
    monkeypatch.setattr(
        requests.adapters.HTTPAdapter, "send", lambda self, request, **options: fake.send(request)
    )
    return fake


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A city with an identity service."""
    return replace(settings, oidc_issuer=ISSUER, oidc_client_id="portal", oidc_client_secret="secret")


def leave(client: PortalClient, issuer: FakeIssuer) -> str:
    """Off to the service, and signed in there; the state that it sends back."""
    answer = client.get("/sign-in/identity")
    assert answer.location.startswith(f"{ISSUER}/authorize?")
    issuer.asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}
    assert issuer.asked["code_challenge_method"] == "S256"
    assert issuer.asked["redirect_uri"] == "http://localhost/sign-in/identity/return"
    issuer.nonce = issuer.asked["nonce"]
    return issuer.asked["state"]


def come_back(client: PortalClient, state: str) -> int:
    """Back with a code."""
    return client.get(f"/sign-in/identity/return?code=c&state={state}").status_code


def confirm(client: PortalClient) -> str:
    """Press the button of the page that says who one is; on to where it leads."""
    assert client.last is not None
    fields = client.last.all("main")[0].iter("input")
    given = {str(field.get("name")): str(field.get("value")) for field in fields}
    return client.post("/sign-in/identity/enter", given).location


def test_the_legal_representative_acts_at_once(
    city: City, client: PortalClient, issuer: FakeIssuer, database: Database, app: Flask
) -> None:
    assert "统一身份认证登录" in client.page("/sign-in").words()
    path = f"/sign-in/identity/return?code=c&state={leave(client, issuer)}"
    assert "以法定代表人身份进入" in client.page(path).words()
    assert confirm(client) == "/desk"
    assert client.get("/my/cases").status_code == 200
    assert "法定代表人，管理授权" in client.page("/my/people").words()
    assert client.get(path).status_code == 403  # a code and a state are good for once

    again = PortalClient(app, database)
    come_back(again, leave(again, issuer))
    form = again.last and again.last.all("main")[0].find(".//form")
    assert form is not None
    again.post(
        "/sign-in/identity/enter", {str(i.get("name")): str(i.get("value")) for i in form.iter("input")}
    )
    assert "1 人可以代表企业" in again.page("/my/people").words()


@SQLITE
def test_an_unknown_enterprise_is_registered_with_its_source(
    city: City, client: PortalClient, issuer: FakeIssuer, database: Database
) -> None:
    issuer.claims |= {"credit_code": NEW_FIRM, "enterprise_name": "样例新办企业"}
    come_back(client, leave(client, issuer))
    form = client.last and client.last.all("main")[0].find(".//form")
    assert form is not None
    client.post(
        "/sign-in/identity/enter", {str(i.get("name")): str(i.get("value")) for i in form.iter("input")}
    )
    with database.reading() as db:
        assert enterprises.by_code(db, NEW_FIRM) is not None
        lines = audit.timeline(db, f"enterprise:{NEW_FIRM}")
    assert [(line.act, line.facts.get("source")) for line in lines] == [
        ("registered", ISSUER),
        ("bound", None),
    ]


@SQLITE
def test_whatever_is_not_right_lets_nobody_in(city: City, client: PortalClient, issuer: FakeIssuer) -> None:
    leave(client, issuer)
    assert come_back(client, "another") == 403
    state = leave(client, issuer)
    issuer.nonce = "another"
    assert come_back(client, state) == 403
    state = leave(client, issuer)
    issuer.asked["code_challenge"] = "another"
    assert come_back(client, state) == 403
    state, issuer.claims["iss"] = leave(client, issuer), "https://elsewhere.example"
    assert come_back(client, state) == 403
    issuer.claims = {**LEGAL, "role": "staff"}
    assert come_back(client, leave(client, issuer)) == 403
    assert "不是法定代表人" in (client.last.words() if client.last else "")
    issuer.silent = True
    assert client.get("/sign-in/identity").status_code in {302, 403}
    assert client.get("/my/cases").location.startswith("/sign-in")


@SQLITE
def test_without_a_service_there_is_no_door(settings: Settings, database: Database, city: City) -> None:
    from portal.app import create_app

    bare = PortalClient(create_app(replace(settings, oidc_issuer=""), database), database)
    assert "统一身份认证" not in bare.page("/sign-in").words()
    assert bare.get("/sign-in/identity").status_code == 404
