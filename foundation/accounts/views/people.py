"""People: the system administrator keeps their accounts, the security administrator what they may do."""

from datetime import date
from typing import Any

from flask import g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts import lockout, passwords, queries, register, second_factor, services, substitution
from foundation.accounts.blueprint import blueprint
from foundation.accounts.register import PersonRow
from foundation.accounts.rules import OFFICES
from foundation.accounts.views.security import page_number
from foundation.accounts.wording import ROLE_NAMES
from foundation.errors import Invalid, NotAllowed, NotFound, Problem
from foundation.web.access import STAFF, Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import Form, Key, Line, OptionalLine, parse

Problems = tuple[Problem, ...]
TOLD = "told"
GRANTABLE = tuple((role.value, ROLE_NAMES[role]) for role in Role if role in STAFF.roles)


class PersonForm(Form):
    """An account; where its person belongs is a body's code."""

    login: Line = "-"
    name: Line
    phone: OptionalLine = ""
    home: OptionalLine = ""


class GrantForm(Form):
    """A membership to give."""

    organisation: Line
    role: Role
    valid_from: date
    valid_until: date | None = None


class LastDayForm(Form):
    """A membership's last day; none is without end."""

    membership: Key
    on: date | None = None


class DeputyForm(Form):
    """Who stands in for whom, in which of the person's memberships."""

    membership: Key
    deputy: Line
    first: date
    last: date


def _today() -> date:
    return clock.now().date()


@blueprint.get("/administration/people")
@access(*OFFICES)
@reads
def people(db: Session, actor: Actor) -> str:
    """Everybody with an account in the administrator's region."""
    search, staff, number = request.args.get("q", "")[:60], request.args.get("tab") != "firms", page_number()
    found = register.people(db, actor, search=search, staff=staff, page=number, today=_today())
    place = {"number": number, "size": register.PAGE_SIZE, "total": found.total}
    return page("accounts/people.html", found=found, search=search, staff=staff, place=place)


def _new_page(db: Session, actor: Actor, problems: Problems = (), values: Any = None) -> str:
    return page("accounts/person_new.html", problems=problems, values=values or {})


@blueprint.get("/administration/people/new")
@access(Role.SYSTEM_ADMIN)
@reads
def person_form(db: Session, actor: Actor) -> str:
    """A new account."""
    return _new_page(db, actor)


def _make_password(db: Session) -> None:
    """Hashing is slow: it is done before anybody has to wait for a lock."""
    g.one_time = passwords.one_time()
    g.new_hash = passwords.hashed(g.one_time, "")


def _tell_once(login: str) -> None:
    """The next page shows the one-time password, and none after it."""
    session[TOLD] = {"login": login, "password": g.one_time}


@blueprint.post("/administration/people")
@access(Role.SYSTEM_ADMIN)
@act(again=_new_page, first=_make_password)
def add_person(db: Session, actor: Actor) -> ResponseReturnValue:
    """Make the account; what it may do, the security administrator grants."""
    form = parse(PersonForm, request.form)
    if not form.login.isascii() or not form.login.replace("-", "").replace("_", "").isalnum():
        raise Invalid.of("login", "账号只能用字母、数字和短横线", "例如 zhaojianguo")
    home = register.organisation(db, actor, form.home).id if form.home else None
    services.add_person(
        db, actor, login=form.login, name=form.name, password=g.one_time, phone=form.phone or None,
        must_change_password=True, password_hash=g.new_hash, home_organisation_id=home,
    )  # fmt: skip
    _tell_once(form.login)
    return redirect(url_for("accounts.person", login=form.login), 303)


def _person_page(db: Session, actor: Actor, login: str, problems: Problems = (), values: Any = None) -> str:
    found = register.person(db, actor, login, _today())
    told = session.get(TOLD)
    if isinstance(told, dict) and told.get("login") == login:
        session.pop(TOLD)
    else:
        told = None
    return page(
        "accounts/person.html",
        person=found,
        told=told,
        deputies=register.deputies(db, found.id, _today()),
        roles=GRANTABLE,
        role_names=ROLE_NAMES,
        problems=problems,
        values=values or {},
        today=_today(),
    )


@blueprint.get("/administration/people/<login>")
@access(*OFFICES)
@reads
def person(db: Session, actor: Actor, login: str) -> str:
    """One account with its memberships."""
    return _person_page(db, actor, login)


def _found(db: Session, actor: Actor, login: str) -> PersonRow:
    return register.person(db, actor, login, _today())


def _back(login: str) -> ResponseReturnValue:
    return redirect(url_for("accounts.person", login=login), 303)


@blueprint.post("/administration/people/<login>")
@access(Role.SYSTEM_ADMIN)
@act(again=_person_page)
def change_person(db: Session, actor: Actor, login: str) -> ResponseReturnValue:
    """Another name, number or home."""
    form = parse(PersonForm, request.form)
    home = register.organisation(db, actor, form.home).id if form.home else None
    found = _found(db, actor, login)
    services.change_person(db, actor, found.id, name=form.name, phone=form.phone or None, home_id=home)
    return _back(login)


@blueprint.post("/administration/people/<login>/reset-password")
@access(Role.SYSTEM_ADMIN)
@act(again=_person_page, first=_make_password)
def reset_password(db: Session, actor: Actor, login: str) -> ResponseReturnValue:
    """A one-time password; the telephone stays bound."""
    passwords.reset(db, actor, _found(db, actor, login).id, g.new_hash)
    _tell_once(login)
    return _back(login)


@blueprint.post("/administration/people/<login>/grant")
@access(Role.SECURITY_ADMIN)
@act(again=_person_page)
def grant(db: Session, actor: Actor, login: str) -> ResponseReturnValue:
    """Let a person act for a body; nobody grants anything to oneself."""
    form, found = parse(GrantForm, request.form), _found(db, actor, login)
    if found.id == actor.person_id:
        raise NotAllowed("不能给自己授权。请由另一位安全管理员办理。")
    if form.role not in STAFF.roles:
        raise Invalid.of("role", "企业的经办人由企业自己或专窗登记", "请选工作人员的岗位")
    services.grant(
        db, actor, person_id=found.id, organisation_id=_body(db, actor, form.organisation), role=form.role,
        valid_from=form.valid_from, valid_until=form.valid_until,
    )  # fmt: skip
    return _back(login)


def _body(db: Session, actor: Actor, code: str) -> int:
    try:
        return register.organisation(db, actor, code).id
    except NotFound:
        raise Invalid.of("organisation", f"没有代码为 {code} 的单位", "请在“单位”里查代码") from None


def _own_membership(found: PersonRow, membership_id: int) -> int:
    """A membership of that person; NotFound for anybody else's."""
    if membership_id not in {each.id for each in found.live}:
        raise NotFound
    return membership_id


@blueprint.post("/administration/people/<login>/last-day")
@access(Role.SECURITY_ADMIN)
@act(again=_person_page)
def set_last_day(db: Session, actor: Actor, login: str) -> ResponseReturnValue:
    """End a membership, today or later, or let it go on."""
    form, found = parse(LastDayForm, request.form), _found(db, actor, login)
    membership = _own_membership(found, form.membership)
    if form.on is not None and form.on <= _today():
        services.end_membership(db, actor, membership_id=membership, on=form.on)
    else:
        services.prolong(db, actor, membership_id=membership, until=form.on)
    return _back(login)


@blueprint.post("/administration/people/<login>/deputy")
@access(Role.SECURITY_ADMIN)
@act(again=_person_page)
def appoint_deputy(db: Session, actor: Actor, login: str) -> ResponseReturnValue:
    """A/B 角: somebody acts in this person's place for some days."""
    form, found = parse(DeputyForm, request.form), _found(db, actor, login)
    deputise(db, actor, form, _own_membership(found, form.membership), {login})
    return _back(login)


def deputise(db: Session, actor: Actor, form: DeputyForm, membership: int, absent: set[str]) -> None:
    """Appoint the deputy whose login was typed or chosen."""
    try:
        deputy = queries.person_named(db, form.deputy, _today())
    except NotFound:
        raise Invalid.of("deputy", f"没有账号 {form.deputy}", "请核对代理人的账号") from None
    substitution.deputise(
        db, actor, membership_id=membership, deputy_id=deputy.id, first=form.first, last=form.last
    )


@blueprint.post("/administration/people/<login>/unlock")
@access(Role.SECURITY_ADMIN)
@act(again=_person_page)
def unlock(db: Session, actor: Actor, login: str) -> ResponseReturnValue:
    """Let a locked login try again at once."""
    lockout.unlock(db, actor, _found(db, actor, login).id)
    return _back(login)


@blueprint.post("/administration/people/<login>/clear-second-factor")
@access(Role.SECURITY_ADMIN)
@act(again=_person_page)
def clear_second_factor(db: Session, actor: Actor, login: str) -> ResponseReturnValue:
    """A lost telephone."""
    second_factor.clear(db, actor, _found(db, actor, login).id)
    return _back(login)
