"""Signing in and out, and how a browser wants its pages."""

from typing import Any

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from foundation import clock
from foundation.accounts import queries, services
from foundation.errors import NotFound, Problem
from foundation.web.access import PUBLIC, SIGNED_IN, Actor, access
from foundation.web.act import act, page, reads
from foundation.web.forms import Form, Line, parse
from foundation.web.site import site

blueprint = Blueprint("accounts", __name__, template_folder="templates")
COOKIE_DAYS = 365
PREFERENCES = {"size": ("standard", "large"), "theme": ("light", "dark")}


class SignInForm(Form):
    """Login and password."""

    login: Line
    password: Line


class SampleForm(Form):
    """Which account of the demonstration."""

    login: Line


def load_actor(db: Session) -> Actor | None:
    """Who the current browser is; rights are read anew with every request."""
    token = session.get("token")
    if not isinstance(token, str):
        return None
    return queries.actor_of(db, services.token_digest(token), clock.now().date())


def _sign_in_page(
    db: Session,
    actor: Actor | None,
    problems: tuple[Problem, ...] = (),
    values: MultiDict[str, str] | None = None,
) -> str:
    samples = queries.sample_accounts(db, clock.now().date()) if site().settings.demo else []
    login = values.get("login", "") if values else ""
    return page("accounts/sign_in.html", samples=samples, problems=problems, login=login)


@blueprint.get("/sign-in")
@access(PUBLIC)
@reads
def sign_in(db: Session, actor: Actor | None) -> str:
    """The sign-in page; in the demonstration with a role switcher."""
    return _sign_in_page(db, actor)


def _check_password(db: Session) -> None:
    form = parse(SignInForm, request.form)
    services.check_password(db, form.login, form.password)


@blueprint.post("/sign-in")
@access(PUBLIC)
@act(again=_sign_in_page, first=_check_password)
def submit_sign_in(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Sign in with login and password."""
    return _signed_in(services.open_session(db, parse(SignInForm, request.form).login))


@blueprint.post("/sign-in/sample")
@access(PUBLIC)
@act(again=_sign_in_page)
def sign_in_sample(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Sign in as an invented person; only where the demonstration runs."""
    if not site().settings.demo:
        raise NotFound
    return _signed_in(services.sign_in_sample(db, parse(SampleForm, request.form).login))


def _signed_in(token: str) -> ResponseReturnValue:
    onward = session.get("next")
    session.clear()  # nothing of an earlier session lives on in the new one
    session["token"] = token
    local = isinstance(onward, str) and onward.startswith("/") and not onward.startswith(("//", "/\\"))
    return redirect(onward if local and onward else url_for("accounts.desk"), 303)


@blueprint.post("/sign-out")
@access(SIGNED_IN)
@act()
def sign_out(db: Session, actor: Actor) -> ResponseReturnValue:
    """End the session of this browser."""
    services.sign_out(db, actor, session.get("token", ""))
    session.clear()
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.get("/desk")
@access(SIGNED_IN)
@reads
def desk(db: Session, actor: Actor) -> ResponseReturnValue:
    """On to the first page of one's role."""
    mine = [entry for entry in site().navigation if entry.roles and entry.shown_to(actor.role)]
    first: Any = min(mine, key=lambda entry: entry.rank, default=None)
    return redirect(url_for(first.endpoint) if first else "/", 303)


@blueprint.get("/preferences")
@access(PUBLIC)
@reads
def preferences(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Keep the wished size and theme in a cookie and go back."""
    onward = request.args.get("next", "/")
    local = onward.startswith("/") and not onward.startswith(("//", "/\\"))
    response = redirect(onward if local else "/", 303)
    for name, choices in PREFERENCES.items():
        if request.args.get(name) in choices:
            response.set_cookie(
                name,
                request.args[name],
                max_age=COOKIE_DAYS * 86400,
                samesite="Lax",
                secure=site().settings.secure_cookies,
                httponly=False,
            )
    return response
