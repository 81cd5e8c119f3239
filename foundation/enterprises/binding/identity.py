"""A city's identity service: OpenID Connect with state, nonce and PKCE, all of it Authlib's."""

from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError

from foundation import log
from foundation.enterprises.binding.rules import ClaimNames, Claims, read_claims
from foundation.errors import NotAllowed, NotFound
from foundation.settings import Settings
from foundation.web.site import site

NAME = "identity"
TIMEOUT_SECONDS = 5
FAILED = "身份服务没有确认您的身份。请回到登录页再试一次，或用账号密码登录。"
SILENT = "身份服务现在没有应答。请过几分钟再试，或用账号密码登录。"

logger = log.get(__name__)


def init(app: Flask, settings: Settings) -> None:
    """Know the identity service, where one is set; it is first asked when somebody enters by it."""
    if not settings.oidc_issuer:
        return
    oauth = OAuth(app)
    oauth.register(
        NAME,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile", "code_challenge_method": "S256", "timeout": TIMEOUT_SECONDS,
        },
    )  # fmt: skip
    app.extensions[NAME] = oauth


def configured() -> bool:
    """Whether one can enter by an identity service."""
    return NAME in current_app.extensions


def start(back_to: str) -> ResponseReturnValue:
    """Off to the service, which sends the browser *back_to* us."""
    try:
        answer: ResponseReturnValue = _client().authorize_redirect(back_to)
    except requests.RequestException as error:
        logger.warning("identity service silent", error=type(error).__name__)
        raise NotAllowed(SILENT) from None
    return answer


def finish() -> Claims:
    """Who came back; NotAllowed where the service, or what it says, is not to be believed."""
    try:
        token = _client().authorize_access_token()
        told = {**_more(token), **token["userinfo"]}
    except requests.RequestException as error:
        logger.warning("identity service silent", error=type(error).__name__)
        raise NotAllowed(SILENT) from None
    except (OAuthError, JoseError, KeyError, ValueError) as error:
        logger.warning("identity refused", error=type(error).__name__)
        raise NotAllowed(FAILED) from None
    settings = site().settings
    return read_claims(settings.oidc_issuer, told, claim_names(settings))


def claim_names(settings: Settings) -> ClaimNames:
    """What this city's service calls what we need."""
    legal = frozenset(word.strip() for word in settings.oidc_legal_words.split(","))
    return ClaimNames(
        settings.oidc_claim_credit_code, settings.oidc_claim_firm, settings.oidc_claim_person,
        settings.oidc_claim_role, legal,
    )  # fmt: skip


def _more(token: dict[str, Any]) -> dict[str, Any]:
    """What the service tells only on asking, of the same person."""
    client = _client()
    if "userinfo_endpoint" not in client.load_server_metadata():
        return {}
    more: dict[str, Any] = client.userinfo(token=token)
    if more.get("sub") != token["userinfo"]["sub"]:
        raise ValueError("userinfo of another subject")
    return more


def _client() -> Any:
    if not configured():
        raise NotFound
    return current_app.extensions[NAME].create_client(NAME)
