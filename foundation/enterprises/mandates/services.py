"""Naming who acts for an enterprise, and ending it. Never commits."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.accounts import services as accounts
from foundation.enterprises.mandates import queries
from foundation.enterprises.mandates.models import Contact, Mandate, MandateItem
from foundation.enterprises.mandates.rules import (
    Capacity,
    Power,
    check_ends,
    check_names_others,
    check_successor,
    chief_at_binding,
    until_problem,
)
from foundation.enterprises.queries import EnterpriseView
from foundation.errors import Conflict, Invalid, NotFound
from foundation.web.access import Actor, Role

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mandate is to hold for; *items* is None for all of them."""

    capacity: Capacity
    powers: Collection[Power]
    items: Collection[str] | None = None
    valid_until: date | None = None
    agency: str = ""


def bind(
    db: Session, actor: Actor | None, enterprise: EnterpriseView, *, person_id: int, capacity: Capacity
) -> Mandate:
    """Let somebody act for an enterprise at once, once it was proved who it is."""
    now = clock.now()
    _refuse_second(db, enterprise.credit_code, person_id, now)
    chief = chief_at_binding(capacity, has_chief=queries.has_chief(db, enterprise.credit_code, now.date()))
    mandate = Mandate(
        credit_code=enterprise.credit_code,
        person_id=person_id,
        capacity=capacity,
        chief=chief,
        offered_at=now,
    )
    _open(db, actor, mandate, enterprise, now)
    db.add(mandate)
    db.flush()
    _record(db, actor, mandate, "bound", now, {"chief": chief})
    return mandate


def offer(db: Session, actor: Actor, *, login_or_phone: str, terms: Terms) -> int:
    """Name somebody who has an account; it counts once accepted. Returns the mandate's id."""
    now = clock.now()
    check_names_others(queries.held_by(db, actor))
    problem = until_problem(terms.capacity, terms.valid_until, now.date())
    if problem:
        raise Invalid((problem,))
    if terms.items is not None and not terms.items:
        raise Invalid.of("items", "还没有选择事项", "请至少选一项，或选择“全部事项”")
    person_id = _person(db, login_or_phone)
    _refuse_second(db, actor.organisation_code, person_id, now)
    mandate = Mandate(
        credit_code=actor.organisation_code,
        person_id=person_id,
        capacity=terms.capacity,
        may_apply=Power.APPLY in terms.powers,
        may_confirm=Power.CONFIRM_ACCOUNT in terms.powers,
        all_items=terms.items is None,
        agency=terms.agency or None,
        valid_until=terms.valid_until,
        named_by=actor.person_id,
        offered_at=now,
        items=[MandateItem(item_code=code) for code in sorted(set(terms.items or ()))],
    )
    db.add(mandate)
    db.flush()
    _record(db, actor, mandate, "mandate_offered", now, _terms(mandate))
    return mandate.id


def accept(db: Session, actor: Actor, mandate_id: int, enterprise: EnterpriseView) -> int:
    """Take on what was offered; returns the membership in which one acts from now on."""
    mandate = _locked(db, mandate_id, Mandate.person_id == actor.person_id)
    if mandate.accepted_at is not None:
        raise Conflict("这份授权已经接受过了。请从“我代理的企业”进入。")
    now = clock.now()
    if mandate.valid_until is not None and mandate.valid_until < now.date():
        raise Conflict("这份授权的期限已过，不能再接受。请联系企业重新授权。")
    membership_id = _open(db, actor, mandate, enterprise, now)
    db.flush()
    _record(db, actor, mandate, "mandate_accepted", now, {})
    return membership_id


def end(db: Session, actor: Actor, mandate_id: int) -> Mandate:
    """End a mandate, one's own or, for who names others, any of the enterprise: out at the next request."""
    mandate = _locked(db, mandate_id)
    if mandate.person_id != actor.person_id:
        if mandate.credit_code != actor.organisation_code or actor.role is not Role.ENTERPRISE:
            raise NotFound
        check_ends(queries.held_by(db, actor), mandate.capacity)
    now = clock.now()
    act = "mandate_ended" if mandate.accepted_at else "mandate_declined"
    _end(db, actor, mandate, now)
    _record(db, actor, mandate, act, now, {})
    return mandate


def hand_over(db: Session, actor: Actor, mandate_id: int, *, successor_id: int) -> None:
    """交接: one act ends the leaver's mandate and names the colleague who goes on.

    Drafts and cases are the enterprise's; the colleague finds them where they are. A leaver who named
    others passes that on as well.
    """
    held = queries.held_by(db, actor)
    leaver = _locked(db, mandate_id, Mandate.credit_code == actor.organisation_code)
    if leaver.person_id != actor.person_id:
        check_ends(held, leaver.capacity)
    successor = _locked(db, successor_id, Mandate.credit_code == actor.organisation_code)
    check_successor(leaver.person_id, successor.person_id, successor.capacity)
    if successor.accepted_at is None:
        raise Conflict("接手的同事还没有接受授权。请等对方接受后再交接。")
    now = clock.now()
    successor.chief = successor.chief or leaver.chief
    _end(db, actor, leaver, now)
    facts = {"mandate": leaver.id, "successor": successor.id, "chief": successor.chief}
    _tell(db, actor, leaver.credit_code, "handed_over", now, facts, [leaver.person_id, successor.person_id])


def set_contact(db: Session, actor: Actor, *, name: str, phone: str, email: str) -> None:
    """Say who gets the enterprise's messages; whoever may apply for everything may say so."""
    queries.check_may(db, actor, Power.APPLY)
    queries.check_unlimited(db, actor)
    if email and not _EMAIL.fullmatch(email):
        raise Invalid.of("email", "不像是电子邮箱", "请填完整的邮箱，例如 wang@example.com，或留空")
    now = clock.now()
    row = db.get(Contact, actor.organisation_code, with_for_update=True)
    if row is None:
        row = Contact(credit_code=actor.organisation_code)
        db.add(row)
    row.name, row.phone, row.email = name, phone, email
    row.set_by, row.set_at = actor.person_id, now
    db.flush()
    audit.record(
        db, f"enterprise:{actor.organisation_code}", "contact_set", actor=actor, happened_at=now, facts={},
        personal={"name": name, "phone": phone, "email": email},
    )  # fmt: skip


def _person(db: Session, login_or_phone: str) -> int:
    found = queries.people_named(db, login_or_phone)
    if not found:
        remedy = "请对方先在登录页点“注册”，再把账号告诉您"
        raise Invalid.of("who", f"没有找到账号或手机号 {login_or_phone}", remedy)
    if len(found) > 1:
        raise Invalid.of("who", "这个手机号有几个账号在用", "请改填对方的账号")
    return found[0]


def _refuse_second(db: Session, credit_code: str, person_id: int, now: datetime) -> None:
    """One mandate a person and enterprise; one whose days are over makes room."""
    live = (Mandate.credit_code == credit_code, Mandate.person_id == person_id, Mandate.ended_at.is_(None))
    mandate = db.scalar(select(Mandate).where(*live).with_for_update())
    if mandate is None:
        return
    if mandate.valid_until is None or mandate.valid_until >= now.date():
        raise Conflict("对方已经有这家企业的授权，或者还没有答复。要改请先终止原来的授权。")
    _end(db, None, mandate, now)


def _open(
    db: Session, actor: Actor | None, mandate: Mandate, enterprise: EnterpriseView, now: datetime
) -> int:
    organisation = accounts.enterprise_organisation(
        db, enterprise.credit_code, enterprise.name, enterprise.region_code or enterprise.credit_code[2:8]
    )
    membership_id = accounts.grant(
        db,
        actor,
        person_id=mandate.person_id,
        organisation_id=organisation,
        role=Role.ENTERPRISE,
        valid_from=now.date(),
        valid_until=mandate.valid_until,
    )
    mandate.accepted_at, mandate.membership_id = now, membership_id
    return membership_id


def _end(db: Session, actor: Actor | None, mandate: Mandate, now: datetime) -> None:
    mandate.ended_at, mandate.ended_by = now, actor.person_id if actor else None
    if mandate.membership_id is not None:
        accounts.end_membership(db, actor, membership_id=mandate.membership_id, on=now.date())
    db.flush()  # makes room under the unique index on live mandates


def _locked(db: Session, mandate_id: int, *where: object) -> Mandate:
    """A mandate that has not ended, locked; NotFound where there is none such."""
    query = select(Mandate).where(Mandate.id == mandate_id, Mandate.ended_at.is_(None), *where)  # type: ignore[arg-type]
    mandate = db.scalar(query.with_for_update())
    if mandate is None:
        raise NotFound
    return mandate


def _terms(mandate: Mandate) -> dict[str, object]:
    return {
        "may_apply": mandate.may_apply,
        "may_confirm": mandate.may_confirm,
        "items": None if mandate.all_items else [item.item_code for item in mandate.items],
        "valid_until": mandate.valid_until.isoformat() if mandate.valid_until else None,
    }


def _record(
    db: Session, actor: Actor | None, mandate: Mandate, act: str, now: datetime, facts: Mapping[str, object]
) -> None:
    said = {"mandate": mandate.id, "capacity": mandate.capacity.value, **facts}
    _tell(db, actor, mandate.credit_code, act, now, said, [mandate.person_id])


def _tell(
    db: Session,
    actor: Actor | None,
    credit_code: str,
    act: str,
    now: datetime,
    facts: Mapping[str, object],
    people: list[int],
) -> None:
    """A line of the enterprise's timeline; who it was about stays beside the chain."""
    audit.record(
        db, f"enterprise:{credit_code}", act, actor=actor, happened_at=now, facts=dict(facts),
        personal={"people": people},
    )  # fmt: skip
