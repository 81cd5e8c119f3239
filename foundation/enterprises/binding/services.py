"""Registering, and being bound to an enterprise: at the counter or by an identity service. Never commits."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.accounts import queries as people
from foundation.accounts import services as accounts
from foundation.accounts.reference import UNBOUND
from foundation.enterprises import queries as enterprises
from foundation.enterprises import services as enterprise_services
from foundation.enterprises.binding import queries
from foundation.enterprises.binding.models import BindingRequest, IdentityLink
from foundation.enterprises.binding.rules import (
    BindingState,
    Claims,
    Proof,
    check_capacity,
    check_waiting,
    code_problem,
    kind_of,
    missing_proofs,
    plain_code,
    region_of,
)
from foundation.enterprises.mandates import services as mandates
from foundation.enterprises.mandates.rules import Capacity
from foundation.enterprises.queries import EnterpriseView
from foundation.errors import Conflict, Invalid, NotFound
from foundation.web.access import Actor, Role

# letters and figures that nobody mistakes for another, on the telephone or on paper
ALPHABET = "23456789ABCDEFGHJKMNPQRTUVWXY"
CODE_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """For which enterprise, and as what."""

    credit_code: str
    firm_name: str
    capacity: Capacity


def register(
    db: Session, *, login: str, password_hash: str, name: str, phone: str, wanted: Wanted
) -> tuple[str, str]:
    """A new account that sees what the public sees, and its binding request; returns token and short code."""
    code = _checked(db, wanted)
    person_id = accounts.add_person(
        db,
        None,
        login=login,
        name=name,
        password="",
        password_hash=password_hash,
        organisation_code=UNBOUND,
        role=Role.REGISTRANT,
        phone=phone,
    )
    request = _request(db, None, person_id, code, wanted)
    return accounts.open_session(db, login), request.short_code


def ask(db: Session, actor: Actor, wanted: Wanted) -> str:
    """Ask to be bound to a (further) enterprise; the short code to say at the counter."""
    code = _checked(db, wanted)
    mine = (BindingRequest.person_id == actor.person_id, BindingRequest.state == BindingState.WAITING)
    if db.scalar(select(BindingRequest.id).where(*mine)) is not None:
        raise Conflict("您有一份绑定申请还在等待核验。请先撤回，再申请另一家。")
    return _request(db, actor, actor.person_id, code, wanted).short_code


def withdraw(db: Session, actor: Actor, short_code: str) -> None:
    """Take one's own request back."""
    request = _locked(db, actor, short_code)
    if request.person_id != actor.person_id:
        raise NotFound
    _decide(db, actor, request, BindingState.WITHDRAWN, "binding_withdrawn", {})


def grant(
    db: Session, actor: Actor, short_code: str, *, capacity: Capacity, proofs: Collection[Proof]
) -> None:
    """At the counter: what was shown is recorded with who checked it, and the person may act."""
    request = _locked(db, actor, short_code)
    check_waiting(request.state)
    check_capacity(capacity)
    problems = missing_proofs(capacity, proofs)
    if problems:
        raise Invalid(problems)
    request.capacity, request.proofs = capacity, sorted(proof.value for proof in proofs)
    enterprise = _known(db, actor, request.credit_code, request.firm_name, "counter")
    bound = mandates.bind(db, actor, enterprise, person_id=request.person_id, capacity=capacity)
    request.mandate_id = bound.id
    facts = {"capacity": capacity.value, "proofs": request.proofs}
    _decide(db, actor, request, BindingState.GRANTED, "binding_granted", facts)


def refuse(db: Session, actor: Actor, short_code: str, reason: str) -> None:
    """At the counter: not bound, and why; the person may put it right and ask again."""
    request = _locked(db, actor, short_code)
    check_waiting(request.state)
    if not reason:
        raise Invalid.of("reason", "还没有写理由", "请写明缺什么或哪里对不上，对方会看到")
    request.reason = reason
    _decide(db, actor, request, BindingState.REFUSED, "binding_refused", {"reason": reason})


def enter(db: Session, claims: Claims) -> str:
    """Whom an identity service names 法定代表人 acts for the enterprise at once; the session's token."""
    person_id = _linked(db, claims)
    enterprise = _known(db, None, claims.credit_code, claims.firm, claims.issuer)
    if not _acts_for(db, person_id, enterprise.credit_code):
        mandates.bind(db, None, enterprise, person_id=person_id, capacity=claims.capacity)
    token = accounts.open_session(db, queries.login_of(db, person_id))
    db.flush()
    membership_id, actor = _acts_for(db, person_id, enterprise.credit_code)[0]
    accounts.switch(db, actor, token, membership_id)
    return token


def _checked(db: Session, wanted: Wanted) -> str:
    """The credit code as we keep it; a code that fails its check digit is right where it is known already."""
    code = plain_code(wanted.credit_code)
    problem = code_problem(code)
    if problem is not None and enterprises.by_code(db, code) is None:
        raise Invalid((problem,))
    check_capacity(wanted.capacity)
    return code


def _request(db: Session, actor: Actor | None, person_id: int, code: str, wanted: Wanted) -> BindingRequest:
    now = clock.now()
    request = BindingRequest(
        short_code=_short_code(db),
        person_id=person_id,
        credit_code=code,
        firm_name=wanted.firm_name,
        region_code=region_of(code),
        capacity=wanted.capacity,
        state=BindingState.WAITING,
        asked_at=now,
        proofs=[],
    )
    db.add(request)
    db.flush()
    _record(db, actor, request, "binding_asked", now, {"capacity": wanted.capacity.value})
    return request


def _short_code(db: Session) -> str:
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if db.scalar(select(BindingRequest.id).where(BindingRequest.short_code == code)) is None:
            return code


def _decide(
    db: Session,
    actor: Actor,
    request: BindingRequest,
    state: BindingState,
    act: str,
    facts: Mapping[str, object],
) -> None:
    check_waiting(request.state)
    now = clock.now()
    request.state, request.decided_at, request.decided_by = state, now, actor.person_id
    db.flush()
    _record(db, actor, request, act, now, facts)


def _record(
    db: Session,
    actor: Actor | None,
    request: BindingRequest,
    act: str,
    now: datetime,
    facts: Mapping[str, object],
) -> None:
    audit.record(
        db, f"enterprise:{request.credit_code}", act, actor=actor, happened_at=now,
        facts={"request": request.short_code, **facts}, personal={"person": request.person_id},
    )  # fmt: skip


def _known(db: Session, actor: Actor | None, code: str, name: str, source: str) -> EnterpriseView:
    """The enterprise of *code*; one that nobody knew is registered, with who said that it exists."""
    found = enterprises.by_code(db, code)
    if found is not None:
        return found
    return enterprise_services.register(
        db, actor, credit_code=code, name=name, kind=kind_of(code), region_code=region_of(code), source=source
    )


def _acts_for(db: Session, person_id: int, credit_code: str) -> list[tuple[int, Actor]]:
    known = people.memberships(db, person_id, clock.now().date())
    return [(number, actor) for number, actor in known if actor.organisation_code == credit_code]


def _linked(db: Session, claims: Claims) -> int:
    """The person whom the service means; a new account where there is none here."""
    link = db.get(IdentityLink, (claims.issuer, claims.subject))
    if link is not None:
        return link.person_id
    login = "id-" + hashlib.sha256(f"{claims.issuer} {claims.subject}".encode()).hexdigest()[:16]
    person_id = accounts.add_person(
        db,
        None,
        login=login,
        name=claims.person,
        password=secrets.token_urlsafe(24),  # nobody knows it: this account enters by the service alone
        organisation_code=UNBOUND,
        role=Role.REGISTRANT,
    )
    db.add(
        IdentityLink(issuer=claims.issuer, subject=claims.subject, person_id=person_id, linked_at=clock.now())
    )
    db.flush()
    return person_id


def _locked(db: Session, actor: Actor, short_code: str) -> BindingRequest:
    seen = queries.in_sight(db, actor)
    query = select(BindingRequest).where(BindingRequest.short_code == short_code, seen).with_for_update()
    request = db.scalar(query)
    if request is None:
        raise NotFound
    return request
