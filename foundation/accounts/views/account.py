"""A person's own: for whom one acts, one's password, how one wants the pages."""

from datetime import date
from typing import Any

from flask import g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from foundation import clock
from foundation.accounts import passwords, queries, register, second_factor, services, substitution
from foundation.accounts.blueprint import blueprint
from foundation.accounts.views import browser
from foundation.accounts.views.steps import hash_new_password
from foundation.accounts.wording import ROLE_NAMES
from foundation.errors import Invalid, NotFound, Problem
from foundation.web.access import PUBLIC, SIGNED_IN, STAFF, Actor, access
from foundation.web.act import act, page, reads
from foundation.web.forms import Form, Key, Line, parse
from foundation.web.limits import SIGN_INS, limited
from foundation.web.site import site

COOKIE_DAYS = 365
PREFERENCES = {"size": ("standard", "large"), "theme": ("light", "dark")}


class SwitchForm(Form):
    """Which of one's memberships."""

    membership: Key


class StandInForm(Form):
    """Which colleague, from when until when."""

    deputy: Line
    first: date
    last: date


class EndStandInForm(Form):
    """Which deputy goes."""

    membership: Key


class CurrentPasswordForm(Form):
    """The password that is about to be replaced."""

    current: Line


def _account_page(
    db: Session, actor: Actor, problems: tuple[Problem, ...] = (), values: MultiDict[str, str] | None = None
) -> str:
    person = queries.person(db, actor.person_id)
    return page(
        "accounts/account.html",
        person=person,
        roles=ROLE_NAMES,
        enrolled=second_factor.is_enrolled(db, person.id),
        codes_left=second_factor.codes_left(db, person.id),
        **_deputies(db, actor),
        problems=problems,
        values=values or {},
        today=clock.now().date(),
        done=request.args.get("done", ""),
    )


def _deputies(db: Session, actor: Actor) -> dict[str, Any]:
    """Who may stand in for the actor, and who does; whoever stands in passes nothing on."""
    if not STAFF.admits(actor) or actor.stands_in_for is not None:
        return {"colleagues": (), "deputies": ()}
    today = clock.now().date()
    return {
        "colleagues": register.colleagues(db, actor, today),
        "deputies": register.deputies(db, actor.person_id, today),
    }


@blueprint.get("/account")
@access(SIGNED_IN)
@reads
def account(db: Session, actor: Actor) -> str:
    """One's own account."""
    return _account_page(db, actor)


@blueprint.post("/account/deputy")
@access(STAFF)
@act(again=_account_page)
def appoint_own_deputy(db: Session, actor: Actor) -> ResponseReturnValue:
    """A colleague acts in one's place for some days (A/B 角)."""
    form = parse(StandInForm, request.form)
    today = clock.now().date()
    if form.deputy not in {login for login, _ in register.colleagues(db, actor, today)}:
        raise Invalid.of("deputy", "这位同事现在不在您的单位办事", "请从列表中选择")
    substitution.deputise(
        db,
        actor,
        membership_id=queries.own_membership(db, actor, today),
        deputy_id=queries.person_named(db, form.deputy, today).id,
        first=form.first,
        last=form.last,
    )
    return redirect(url_for("accounts.account", done="deputy"), 303)


@blueprint.post("/account/deputy/end")
@access(STAFF)
@act(again=_account_page)
def end_own_deputy(db: Session, actor: Actor) -> ResponseReturnValue:
    """Back sooner than planned."""
    membership, today = parse(EndStandInForm, request.form).membership, clock.now().date()
    if membership not in {row[0] for row in register.deputies(db, actor.person_id, today)}:
        raise NotFound
    services.end_membership(db, actor, membership_id=membership, on=today)
    return redirect(url_for("accounts.account", done="back"), 303)


def _check_and_hash(db: Session) -> None:
    actor = browser.load_actor(db)
    if actor is None:
        return  # refused where every act is
    login = queries.person(db, actor.person_id).login
    if not passwords.is_right(db, login, parse(CurrentPasswordForm, request.form).current):
        raise Invalid.of("current", "原密码不对", "请核对；忘记了请联系本单位管理员重置")
    g.new_hash = hash_new_password(login)


@blueprint.post("/account/password")
@limited(SIGN_INS)
@access(SIGNED_IN)
@act(again=_account_page, first=_check_and_hash)
def change_password(db: Session, actor: Actor) -> ResponseReturnValue:
    """Another password; every other browser of the person is signed out."""
    token = session.get(browser.TOKEN, "")
    passwords.change(db, actor, actor.person_id, g.new_hash, services.token_digest(token))
    return redirect(url_for("accounts.account", done="password"), 303)


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
    response = redirect(onward if browser.is_local(onward) else "/", 303)
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
