"""Organisations, people, who is what for whom, and who is signed in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from foundation.accounts.rules import OrganisationKind
from foundation.db import Base, Instant, Json, enum_column, partial_index
from foundation.web.access import Role

OFFICE = "role IN ('system_admin', 'security_admin', 'audit_admin')"


class Organisation(Base):
    """A body that acts: a bureau, a window, an enterprise with accounts (its code is the credit code)."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("region_code", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[OrganisationKind] = mapped_column(enum_column(OrganisationKind))
    region_code: Mapped[str] = mapped_column(String(6))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    # {"sessions": [["09:00", "12:00"], …], "closed": ["2026-07-01"]}, or the sessions alone; none: the usual
    opening_hours: Mapped[Any] = mapped_column(Json, nullable=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(String(200))
    # where its decisions are reviewed and sued against, printed on every refusal
    review_authority: Mapped[str | None] = mapped_column(String(120))
    court: Mapped[str | None] = mapped_column(String(120))
    confirmed: Mapped[bool] = mapped_column(default=True)
    external_id: Mapped[str | None] = mapped_column(String(80))


class OrganisationRelation(Base):
    """How two bodies stand to each other, for stages such as "the bureau of the firm's county"."""

    __tablename__ = "organisation_relation"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    related_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    # "city_bureau": related is the city's bureau of the same line
    relation: Mapped[str] = mapped_column(String(40), primary_key=True)


class Person(Base):
    """Someone with an account."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str | None] = mapped_column(String(20))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    # made or reset by an administrator: whoever signs in with it chooses another first
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=false())
    # where a person belongs, also while seconded to another body
    home_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    # an invented person of the demonstration, offered by the role switcher where the demo runs
    sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Membership(Base):
    """A person acts for an organisation in a role, from a day until a day; a deputy in somebody's place."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="ends_after_start"),
        CheckConstraint("stands_in_for_id IS NULL OR valid_until IS NOT NULL", name="deputies_for_a_time"),
        CheckConstraint("stands_in_for_id <> person_id", name="nobody_deputises_for_oneself"),
        Index("ix_membership_person_id", "person_id"),
        # 三员分立: whoever holds one of the three offices holds no other (GB/T 22239 三级)
        partial_index(
            "uq_membership_office", "person_id", where=f"{OFFICE} AND ended_at IS NULL", unique=True
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    # in whose place, for those days (A/B 角)
    stands_in_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # the moment from which it admits nobody, whatever the days say
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class SignIn(Base):
    """One signed-in browser; ended rows stay for the record."""

    __tablename__ = "sign_in"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    address: Mapped[str | None] = mapped_column(String(45))


class SignInFailures(Base):
    """Wrong attempts on one login, or from one address, since a moment; the login is kept as a digest."""

    __tablename__ = "sign_in_failures"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    number: Mapped[int]
    since: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)


class RefusedSignIn(Base):
    """One wrong attempt, for the security administrator; what was typed is not kept."""

    __tablename__ = "refused_sign_in"
    __table_args__ = (Index("ix_refused_sign_in_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(String(45))


class SecondFactor(Base):
    """The secret that a person's telephone shares with us, outside the audit chain."""

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    # sealed (foundation.accounts.sealing)
    secret: Mapped[str] = mapped_column(String(64))
    # the half minute of the last code taken: no code is taken twice
    last_step: Mapped[int] = mapped_column(BigInteger)
    enrolled_at: Mapped[datetime] = mapped_column(Instant)


class RecoveryCode(Base):
    """Lets a person in once without the telephone; shown once, kept as a digest."""

    __tablename__ = "recovery_code"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
