"""Signing in and out."""

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from foundation import clock
from foundation.accounts import lockout, passwords, queries, services
from foundation.accounts.blueprint import blueprint
from foundation.accounts.rules import LOCKED_FOR, PER_LOGIN
from foundation.accounts.views import browser
from foundation.errors import Invalid, NotFound, Problem
from foundation.web.access import PUBLIC, SIGNED_IN, Actor, access
from foundation.web.act import act, page, reads
from foundation.web.forms import Form, Line, parse
from foundation.web.limits import SIGN_INS, limited
from foundation.web.site import site


class SignInForm(Form):
    """Login and password."""

    login: Line
    password: Line


class SampleForm(Form):
    """Which account of the demonstration."""

    login: Line


def _sign_in_page(
    db: Session,
    actor: Actor | None,
    problems: tuple[Problem, ...] = (),
    values: MultiDict[str, str] | None = None,
) -> str:
    settings = site().settings
    return page(
        "accounts/sign_in.html",
        samples=queries.sample_accounts(db, clock.now().date()) if settings.demo else [],
        second_factor=settings.second_factor,
        first_run=not queries.has_people(db),
        minutes_away=session.get(browser.LEFT),
        attempts=PER_LOGIN,
        wait_minutes=LOCKED_FOR.seconds // 60,
        problems=problems,
        login=values.get("login", "") if values else "",
    )


@blueprint.get("/sign-in")
@access(PUBLIC)
@reads
def sign_in(db: Session, actor: Actor | None) -> str:
    """The sign-in page; in the demonstration with a role switcher."""
    return _sign_in_page(db, actor)


def _check_password(db: Session) -> None:
    form = parse(SignInForm, request.form)
    lockout.refuse_locked(db, form.login, browser.address())
    try:
        passwords.check(db, form.login, form.password)
    except Invalid:
        lockout.count_failure(site().database, form.login, browser.address())
        raise


@blueprint.post("/sign-in")
@limited(SIGN_INS)
@access(PUBLIC)
@act(again=_sign_in_page, first=_check_password)
def submit_sign_in(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Sign in with login and password; staff go on to the code of their telephone."""
    login = parse(SignInForm, request.form).login
    lockout.refuse_locked(db, login, browser.address())
    browser.begin(db, login)
    return browser.onward(db)


@blueprint.post("/sign-in/sample")
@access(PUBLIC)
@act(again=_sign_in_page)
def sign_in_sample(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Sign in as an invented person; only where the demonstration runs."""
    if not site().settings.demo:
        raise NotFound
    return browser.enter(services.sign_in_sample(db, parse(SampleForm, request.form).login))


@blueprint.post("/sign-out")
@access(SIGNED_IN)
@act()
def sign_out(db: Session, actor: Actor) -> ResponseReturnValue:
    """End the session of this browser."""
    services.sign_out(db, actor, session.get(browser.TOKEN, ""))
    session.clear()
    return redirect(url_for("accounts.sign_in"), 303)
