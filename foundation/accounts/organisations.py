"""Registering bodies and correcting what is kept of them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.accounts import register
from foundation.accounts.models import Organisation, OrganisationRelation
from foundation.accounts.rules import NOT_PUBLIC, OrganisationKind, closed_days, opening_hours
from foundation.errors import Invalid
from foundation.web.access import Actor

CITY_BUREAU = "city_bureau"
REGION_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Details:
    """What an administrator types about a body."""

    name: str
    short_name: str
    phone: str | None
    address: str | None
    review_authority: str | None
    court: str | None
    hours: str
    closed: str
    city_bureau: str
    confirmed: bool


def add(
    db: Session, actor: Actor, *, code: str, region_code: str, kind: OrganisationKind, details: Details
) -> str:
    """Register a public body; returns its code."""
    _check_new(db, actor, code, region_code, kind)
    row = Organisation(
        code=code, name=details.name, short_name=details.short_name, kind=kind, region_code=region_code
    )
    db.add(row)
    _fill(db, actor, row, details)
    _tell(db, actor, row, "registered")
    return code


def _check_new(db: Session, actor: Actor, code: str, region_code: str, kind: OrganisationKind) -> None:
    if kind in NOT_PUBLIC:
        raise Invalid.of("kind", "企业不在这里登记", "企业由自己注册，或由专窗代办")
    if not code.isascii() or not code.replace("-", "").isalnum():
        raise Invalid.of("code", "代码只能用字母、数字和短横线", "例如 510822-06")
    if len(region_code) != REGION_DIGITS or not region_code.isdigit() or not region_code.isascii():
        raise Invalid.of("region_code", "请填 6 位行政区划代码", "例如青川县是 510822")
    own = db.get_one(Organisation, actor.organisation_id).region_code
    if not own.endswith("00") and region_code != own:
        raise Invalid.of("region_code", f"您只登记 {own} 的单位", "别的地区请联系市级系统管理员")
    if db.scalar(select(Organisation.id).where(Organisation.code == code)) is not None:
        raise Invalid.of("code", f"代码 {code} 已经有单位用了", "请核对名录，或换一个代码")


def change(db: Session, actor: Actor, *, code: str, details: Details) -> None:
    """Correct a body; clocks that run already keep the hours under which they started."""
    row = register.organisation(db, actor, code)
    _fill(db, actor, row, details)
    _tell(db, actor, row, "changed")


def _fill(db: Session, actor: Actor, row: Organisation, details: Details) -> None:
    twin = select(Organisation.id).where(
        Organisation.region_code == row.region_code, Organisation.name == details.name
    )
    if (db.scalar(twin.where(Organisation.code != row.code))) is not None:
        raise Invalid.of("name", f"这个地区已经有“{details.name}”", "请核对名录，不要重复登记")
    row.name, row.short_name = details.name, details.short_name[:60]
    row.phone, row.address = details.phone, details.address
    row.review_authority, row.court = details.review_authority, details.court
    row.confirmed = details.confirmed
    sessions, closed = (
        _read("hours", opening_hours, details.hours),
        _read("closed", closed_days, details.closed),
    )
    row.opening_hours = {"sessions": sessions, "closed": closed} if sessions or closed else None
    db.flush()
    _relate(db, actor, row, details.city_bureau)


def _read(field: str, reader: Any, text: str) -> list[Any]:
    try:
        found: list[Any] = reader(text)
    except ValueError as error:
        raise Invalid.of(field, str(error), "请照例子填写") from None
    return found


def _relate(db: Session, actor: Actor, row: Organisation, city_bureau: str) -> None:
    """Tie a county's bureau to the city's of the same line."""
    mine = OrganisationRelation.organisation_id == row.id, OrganisationRelation.relation == CITY_BUREAU
    db.execute(delete(OrganisationRelation).where(*mine))
    if not city_bureau:
        return
    related = db.scalar(select(Organisation.id).where(Organisation.code == city_bureau))
    if related is None or related == row.id:
        raise Invalid.of("city_bureau", f"没有代码为 {city_bureau} 的市级部门", "请在“单位”里查代码")
    db.add(OrganisationRelation(organisation_id=row.id, related_id=related, relation=CITY_BUREAU))
    db.flush()


def city_bureau(db: Session, organisation_id: int) -> str:
    """The code of the city's bureau of the same line; nothing where none is tied."""
    query = (
        select(Organisation.code)
        .join(OrganisationRelation, OrganisationRelation.related_id == Organisation.id)
        .where(
            OrganisationRelation.organisation_id == organisation_id,
            OrganisationRelation.relation == CITY_BUREAU,
        )
        .order_by(Organisation.code)
        .limit(1)
    )
    return db.scalar(query) or ""


def _tell(db: Session, actor: Actor, row: Organisation, act: str) -> None:
    facts = {"name": row.name, "confirmed": row.confirmed, "hours": row.opening_hours}
    audit.record(db, f"organisation:{row.code}", act, actor=actor, happened_at=clock.now(), facts=facts)
