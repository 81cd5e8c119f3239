"""What comes between the password and the desk: the telephone's code, its enrolment, a new password."""

from typing import Any

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation.accounts import lockout, passwords, second_factor
from foundation.accounts.blueprint import blueprint
from foundation.accounts.views import browser
from foundation.accounts.views.browser import Begun
from foundation.errors import Invalid, NotAllowed, Problem
from foundation.web.access import PUBLIC, Actor, access
from foundation.web.act import act, page, reads
from foundation.web.forms import Form, Line, parse
from foundation.web.limits import SIGN_INS, limited
from foundation.web.site import site

Problems = tuple[Problem, ...]
TOO_LONG = "登录等得太久，请从头再登录一次。"


class CodeForm(Form):
    """Six figures, or a recovery code."""

    code: Line


class EnrolForm(Form):
    """The first code, and that the recovery codes are kept."""

    code: Line
    kept: str = ""


class NewPasswordForm(Form):
    """A password, typed twice."""

    password: Line
    again: Line


def _begun(db: Session) -> Begun:
    at = browser.begun(db)
    if at is None:
        raise NotAllowed(TOO_LONG)
    return at


def _step_page(template: str, db: Session, problems: Problems = (), **more: Any) -> ResponseReturnValue:
    at = browser.begun(db)
    if at is None:
        return redirect(url_for("accounts.sign_in"), 303)
    return page(template, at=at, problems=problems, **more)


def _code_page(
    db: Session, actor: Actor | None, problems: Problems = (), values: Any = None
) -> ResponseReturnValue:
    return _step_page("accounts/code.html", db, problems)


@blueprint.get("/sign-in/code")
@access(PUBLIC)
@reads
def code_form(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """The second step."""
    return _code_page(db, actor)


def _check_code(db: Session) -> None:
    at = _begun(db)
    lockout.refuse_locked(db, at.login, browser.address())
    try:
        second_factor.check(db, at.person_id, parse(CodeForm, request.form).code, site().settings.keys)
    except second_factor.Unreadable:
        raise
    except Invalid:
        lockout.count_failure(site().database, at.login, browser.address())
        raise


@blueprint.post("/sign-in/code")
@limited(SIGN_INS)
@access(PUBLIC)
@act(again=_code_page, first=_check_code)
def submit_code(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Prove to have the telephone, or one of the recovery codes."""
    at = _begun(db)
    lockout.refuse_locked(db, at.login, browser.address())
    second_factor.take(db, at.person_id, parse(CodeForm, request.form).code, site().settings.keys)
    browser.note(code=True)
    return browser.onward(db)


def _enrol_page(
    db: Session, actor: Actor | None, problems: Problems = (), values: Any = None
) -> ResponseReturnValue:
    at = browser.begun(db)
    if at is None or at.offered is None:
        return redirect(url_for("accounts.sign_in"), 303)
    secret = at.offered.secret
    return page(
        "accounts/enrol.html",
        at=at,
        picture=at.offered.picture(at.login),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        problems=problems,
    )


@blueprint.get("/sign-in/enrol")
@access(PUBLIC)
@reads
def enrol_form(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """A picture for the telephone, and recovery codes to keep."""
    return _enrol_page(db, actor)


@blueprint.post("/sign-in/enrol")
@limited(SIGN_INS)
@access(PUBLIC)
@act(again=_enrol_page)
def enrol(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Bind the telephone."""
    at = _begun(db)
    form = parse(EnrolForm, request.form)
    if not form.kept:
        raise Invalid.of("kept", "还没有确认备用码已经保存", "手机丢了要靠它登录，请抄下或打印后再勾选")
    if at.offered is None:
        raise NotAllowed(TOO_LONG)
    second_factor.enrol(db, at.person_id, at.offered, form.code, site().settings.keys)
    browser.note(code=True)
    return browser.onward(db)


def _new_password_page(
    db: Session, actor: Actor | None, problems: Problems = (), values: Any = None
) -> ResponseReturnValue:
    return _step_page("accounts/new_password.html", db, problems)


@blueprint.get("/sign-in/new-password")
@access(PUBLIC)
@reads
def new_password_form(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Choose a password of one's own."""
    return _new_password_page(db, actor)


def hash_new_password(login: str) -> str:
    """The hash of the password in the form, typed alike twice."""
    form = parse(NewPasswordForm, request.form)
    if form.password != form.again:
        raise Invalid.of("again", "两次输入的密码不一样", "请再输一遍新密码")
    return passwords.hashed(form.password, login)


def _hash(db: Session) -> None:
    at = _begun(db)
    g.new_hash = hash_new_password(at.login)
    if passwords.is_right(db, at.login, request.form["password"]):
        raise Invalid.of("password", "和原来的密码一样", "请换一个新密码")


@blueprint.post("/sign-in/new-password")
@limited(SIGN_INS)
@access(PUBLIC)
@act(again=_new_password_page, first=_hash)
def submit_new_password(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Take the new password and let the person in."""
    at = _begun(db)
    if at.needs_code or not at.must_change:
        raise NotAllowed(TOO_LONG)
    passwords.change(db, None, at.person_id, g.new_hash)
    browser.note(stamp=passwords.stamp(db, at.person_id))
    return browser.onward(db)
