"""How often one address or account may ask.

Where the counter fails, looking goes on; signing in, registering, binding and tokens do not.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import Flask, current_app, request, session
from sqlalchemy.exc import SQLAlchemyError

from foundation import clock, log
from foundation.errors import TooOften, Unavailable
from foundation.web.access import rule_of
from foundation.web.counting import CounterDown
from foundation.web.site import site

View = TypeVar("View", bound=Callable[..., Any])
MINUTE, QUARTER, HOUR = 60, 900, 3600
logger = log.get(__name__)


@dataclass(frozen=True, slots=True)
class Rate:
    """As many as the setting of its name says, in so many seconds; *closed*: nobody passes uncounted."""

    name: str
    seconds: int
    closed: bool = True


READS = Rate("reads", MINUTE, closed=False)
SIGN_INS = Rate("sign_ins", QUARTER)
REGISTRATIONS = Rate("registrations", HOUR)
BINDINGS = Rate("bindings", QUARTER)
TOKENS = Rate("tokens", MINUTE)
VIOLATIONS = Rate("violations", MINUTE, closed=False)


def limited(rate: Rate) -> Callable[[View], View]:
    """Count who calls a route: by address, and by account where the request says of whom."""

    def declare(view: View) -> View:
        view.rate = rate  # type: ignore[attr-defined]  # functions carry attributes
        return view

    return declare


def init(app: Flask) -> None:
    """Count every request of *app*, before anything is done for it."""
    app.before_request(_count)


def _count() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    rate: Rate = TOKENS if view and rule_of(view).bearer else getattr(view, "rate", READS)
    if view is None or request.endpoint == "web.static" or (rate is READS and request.method != "GET"):
        return
    most: int = getattr(site().settings.rates, rate.name)
    if most:
        for who in _who(rate):
            _hold(rate, most, who)


def _who(rate: Rate) -> tuple[str, ...]:
    """The address, and the account that is named or signed in."""
    address = f"address {request.remote_addr or ''}"
    if rate is READS:
        return (address,)
    named = request.form.get("login") or session.get("token") or request.headers.get("Authorization")
    return (address, f"account {named}") if named else (address,)


def _hold(rate: Rate, most: int, who: str) -> None:
    now = int(clock.now().timestamp())
    span = now // rate.seconds
    ends = (span + 1) * rate.seconds
    key = hashlib.sha256(f"{rate.name} {span} {who}".encode("utf-8", "replace")).hexdigest()
    counter = site().counter if rate.closed else site().loose_counter
    try:
        number = counter.hit(key, datetime.fromtimestamp(ends, UTC))
    except (CounterDown, SQLAlchemyError) as error:
        logger.warning("rate counter down", rate=rate.name, error=type(error).__name__)
        if rate.closed:
            raise Unavailable("暂时不能办理这一项，其他页面照常能看。请过几分钟再试。") from error
        return
    if number > most:
        raise TooOften(max(ends - now, 1))
