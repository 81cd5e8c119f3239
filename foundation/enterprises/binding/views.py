"""Registering, the state of one's binding, the counter that checks, and the door of the identity service."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts import passwords
from foundation.accounts import queries as accounts
from foundation.enterprises.binding import identity, queries, services
from foundation.enterprises.binding.forms import LABELS, GrantForm, RefuseForm, RegisterForm, WantedForm
from foundation.enterprises.binding.rules import PROOF_NAMES, PROOFS, Claims
from foundation.enterprises.mandates import queries as mandates
from foundation.enterprises.mandates.rules import CAPACITY_NAMES, Capacity
from foundation.errors import NotAllowed, Problem
from foundation.web.access import PUBLIC, Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from foundation.web.limits import BINDINGS, REGISTRATIONS, SIGN_INS, limited
from foundation.web.navigation import Entry
from foundation.web.site import site

blueprint = Blueprint("binding", __name__, template_folder="templates")
ASKING = (Role.REGISTRANT, Role.ENTERPRISE)
NAVIGATION = (
    Entry("我的绑定", "binding.mine", frozenset({Role.REGISTRANT}), rank=10),
    Entry("企业绑定", "binding.requests", frozenset({Role.WINDOW}), rank=22),
)
CAPACITIES = [(capacity.value, CAPACITY_NAMES[capacity]) for capacity in PROOFS]
# a page of a higher room
MANDATES = "/my/mandates"
CLAIMS = "identity_claims"
LONGEST_SEARCH = 60


def every_page(db: Session, actor: Actor | None) -> dict[str, Any]:
    """Where one registers, and the door of the identity service where there is one."""
    return {
        "register_url": url_for("binding.register"),
        "identity_url": url_for("binding.identity_start") if identity.configured() else "",
    }


def _register_page(
    db: Session, actor: Actor | None, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    return page(
        "binding/register.html", problems=problems, values=values or {}, labels=LABELS, capacities=CAPACITIES
    )


@blueprint.get("/register")
@access(PUBLIC)
@reads
def register(db: Session, actor: Actor | None) -> str:
    """A new account for an enterprise's person."""
    return _register_page(db, actor)


def _hash(db: Session) -> None:
    form = parse(RegisterForm, request.form)
    g.new_hash = passwords.hashed(form.password, form.login)


@blueprint.post("/register")
@limited(REGISTRATIONS)
@access(PUBLIC)
@act(again=_register_page, first=_hash)
def submit_registration(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Make the account and its binding request; on to what to bring."""
    form = parse(RegisterForm, request.form)
    token, _ = services.register(
        db, login=form.login, password_hash=g.new_hash, name=form.name, phone=form.phone, wanted=form.wanted()
    )
    session.clear()  # nothing of an earlier session lives on in the new one
    session["token"] = token
    return redirect(url_for("binding.mine"), 303)


def _mine_page(db: Session, actor: Actor, problems: tuple[Problem, ...] = (), values: Any = None) -> str:
    found = queries.latest(db, actor)
    held = mandates.of_person(db, actor.person_id)
    region = found.region_code if found else ""
    mine = accounts.memberships(db, actor.person_id, clock.now().date())
    return page(
        "binding/mine.html",
        binding=found,
        mandates_path=MANDATES,
        windows=queries.windows_for(db, region),
        firms=[(number, other) for number, other in mine if other.role is Role.ENTERPRISE],
        offers=[mandate for mandate in held if not mandate.accepted],
        problems=problems,
        values=values or {},
        labels=LABELS,
        capacities=CAPACITIES,
    )


@blueprint.get("/binding")
@access(*ASKING)
@reads
def mine(db: Session, actor: Actor) -> str:
    """Where one's binding stands, what to bring and where to; or a form for the next enterprise."""
    return _mine_page(db, actor)


@blueprint.post("/binding")
@limited(BINDINGS)
@access(*ASKING)
@act(again=_mine_page)
def ask(db: Session, actor: Actor) -> ResponseReturnValue:
    """Ask to be bound to an enterprise."""
    services.ask(db, actor, parse(WantedForm, request.form).wanted())
    return redirect(url_for("binding.mine"), 303)


@blueprint.post("/binding/<short_code>/withdraw")
@access(*ASKING)
@act()
def withdraw(db: Session, actor: Actor, short_code: str) -> ResponseReturnValue:
    """Take one's own request back."""
    services.withdraw(db, actor, short_code)
    return redirect(url_for("binding.mine"), 303)


@blueprint.get("/bindings")
@access(Role.WINDOW)
@reads
def requests(db: Session, actor: Actor) -> str:
    """Who waits to be bound, or who was looked for."""
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    return page("binding/requests.html", requests=queries.waiting(db, actor, search), search=search)


def _request_page(
    db: Session, actor: Actor, short_code: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    found = queries.one(db, actor, short_code)
    given = values or {"capacity": request.args.get("as", found.capacity.value)}
    capacity = Capacity.LEGAL if given.get("capacity") == Capacity.LEGAL else Capacity.HANDLER
    return page(
        "binding/request.html",
        binding=found,
        capacity=capacity,
        capacity_name=CAPACITY_NAMES[capacity],
        others=[(code, name) for code, name in CAPACITIES if code != capacity.value],
        proofs=[(proof.value, PROOF_NAMES[proof]) for proof in PROOFS[capacity]],
        already=[each for each in mandates.of_firm(db, found.credit_code) if each.accepted],
        problems=problems,
        values=given,
        labels=LABELS,
    )


@blueprint.get("/bindings/<short_code>")
@access(Role.WINDOW)
@reads
def binding_request(db: Session, actor: Actor, short_code: str) -> str:
    """What to check for one request."""
    return _request_page(db, actor, short_code)


@blueprint.post("/bindings/<short_code>/grant")
@limited(BINDINGS)
@access(Role.WINDOW)
@act(again=_request_page)
def grant(db: Session, actor: Actor, short_code: str) -> ResponseReturnValue:
    """Bind, once everything was shown."""
    form = parse(GrantForm, request.form)
    services.grant(db, actor, short_code, capacity=form.capacity, proofs=form.proofs)
    return redirect(url_for("binding.binding_request", short_code=short_code), 303)


@blueprint.post("/bindings/<short_code>/refuse")
@access(Role.WINDOW)
@act(again=_request_page)
def refuse(db: Session, actor: Actor, short_code: str) -> ResponseReturnValue:
    """Do not bind, and say why."""
    services.refuse(db, actor, short_code, parse(RefuseForm, request.form).reason)
    return redirect(url_for("binding.binding_request", short_code=short_code), 303)


@blueprint.get("/sign-in/identity")
@access(PUBLIC)
@reads
def identity_start(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Off to the identity service."""
    base = site().settings.public_url or request.host_url.rstrip("/")
    return identity.start(base + url_for("binding.identity_return"))


@blueprint.get("/sign-in/identity/return")
@access(PUBLIC)
@reads
def identity_return(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Back from it: who one is there, to be confirmed. Nothing is written yet."""
    claims = identity.finish()
    session[CLAIMS] = {**asdict(claims), "capacity": claims.capacity.value}
    return page("binding/confirm.html", claims=claims, capacity_name=CAPACITY_NAMES[claims.capacity])


@blueprint.post("/sign-in/identity/enter")
@limited(SIGN_INS)
@access(PUBLIC)
@act()
def identity_enter(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Enter as the one whom the identity service named."""
    told = session.get(CLAIMS)
    if not isinstance(told, dict):
        raise NotAllowed(identity.FAILED)
    token = services.enter(db, Claims(**{**told, "capacity": Capacity(told["capacity"])}))
    session.clear()
    session["token"] = token
    return redirect(url_for("accounts.desk"), 303)
