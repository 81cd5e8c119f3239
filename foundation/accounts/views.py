"""Signing in and out, and how a browser wants its pages."""

from typing import Any

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from foundation import clock
from foundation.accounts import queries, services
from foundation.accounts.wording import ROLE_NAMES
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


class SwitchForm(Form):
    """Which of one's memberships."""

    membership: int


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


def _acting_for_page(
    db: Session, actor: Actor, problems: tuple[Problem, ...] = (), values: MultiDict[str, str] | None = None
) -> str:
    mine = queries.memberships(db, actor.person_id, clock.now().date())
    others = [(number, other) for number, other in mine if not _same(actor, other)]
    return page("accounts/acting_for.html", others=others, roles=ROLE_NAMES, problems=problems)


def _same(actor: Actor, other: Actor) -> bool:
    return (actor.organisation_id, actor.role, actor.stands_in_for) == (
        other.organisation_id, other.role, other.stands_in_for
    )  # fmt: skip


@blueprint.get("/acting-for")
@access(SIGNED_IN)
@reads
def acting_for(db: Session, actor: Actor) -> str:
    """For whom one acts, and for whom else one may."""
    return _acting_for_page(db, actor)


@blueprint.post("/acting-for")
@access(SIGNED_IN)
@act(again=_acting_for_page)
def switch(db: Session, actor: Actor) -> ResponseReturnValue:
    """Act in another of one's own memberships."""
    chosen = parse(SwitchForm, request.form).membership
    services.switch(db, actor, session.get("token", ""), chosen)
    return redirect(url_for("accounts.desk"), 303)


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
