"""What is known about enterprises."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import BindParameter, bindparam, func, or_, select, true
from sqlalchemy.orm import Session

from foundation.enterprises.models import Enterprise, Fact
from foundation.enterprises.rules import Kind, Source, believed
from foundation.enterprises.scale import inputs, scale_of
from foundation.errors import NotFound

B = TypeVar("B")

BATCH = 1000


@dataclass(frozen=True, slots=True)
class EnterpriseView:
    """Who it is."""

    id: int
    credit_code: str
    external_id: str | None
    name: str
    kind: Kind
    region_code: str | None
    industry_code: str | None
    established_on: str | None
    snapshot_date: date | None
    credit_code_override_reason: str | None


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact as it is believed now, with the source that says so."""

    value: Any
    source: Source
    as_of: date
    # what other sources say instead
    others: tuple["FactView", ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """An enterprise and everything known about it; *values* by the names of the file, unknown ones absent."""

    enterprise: EnterpriseView
    values: dict[str, Any]
    facts: dict[str, FactView]


@dataclass(frozen=True, slots=True)
class FactLine:
    """One line of a fact's history: what was said, by which source, and until when it counted."""

    field: str
    value: Any
    source: Source
    as_of: date
    current: bool


def by_code(db: Session, credit_code: str) -> EnterpriseView | None:
    """The enterprise of *credit_code*, if it is known."""
    row = db.scalar(select(Enterprise).where(Enterprise.credit_code == credit_code))
    return None if row is None else view_of(row)


def profile(db: Session, code_or_external_id: str) -> Profile:
    """Everything about one enterprise, by credit code or by the id of its file; NotFound otherwise."""
    named = or_(Enterprise.credit_code == code_or_external_id, Enterprise.external_id == code_or_external_id)
    rows = db.scalars(select(Enterprise).where(named).order_by(Enterprise.id)).all()
    row = next((row for row in rows if row.credit_code == code_or_external_id), rows[0] if rows else None)
    if row is None:
        raise NotFound(f"没有找到企业 {code_or_external_id}。请核对统一社会信用代码或编号。")
    return next(_profiles(db, [row]))


def profiles(db: Session) -> Iterator[Profile]:
    """Everything about every enterprise, in the order of credit codes."""
    last = ""
    page = select(Enterprise).order_by(Enterprise.credit_code).limit(BATCH)
    while rows := db.scalars(page.where(Enterprise.credit_code > last)).all():
        yield from _profiles(db, rows)
        last = rows[-1].credit_code
        if len(rows) < BATCH:
            return


def profiles_between(
    db: Session, first_id: int, end_id: int, fields: Collection[str] | None = None
) -> Iterator[Profile]:
    """The enterprises with ids from *first_id* up to *end_id*, by id, with some *fields* or all facts."""
    last = first_id - 1
    page = select(Enterprise).where(Enterprise.id < end_id).order_by(Enterprise.id).limit(BATCH)
    while rows := db.scalars(page.where(Enterprise.id > last)).all():
        yield from _profiles(db, rows, fields)
        last = rows[-1].id
        if len(rows) < BATCH:
            return


def profiles_of(db: Session, ids: Collection[int]) -> list[Profile]:
    """Everything about the enterprises of some ids, in the order of ids."""
    found: list[Profile] = []
    for some in _batches(sorted(ids)):
        rows = db.scalars(select(Enterprise).where(Enterprise.id.in_(some)).order_by(Enterprise.id)).all()
        found += _profiles(db, rows)
    return found


def ids_of(db: Session, credit_codes: Iterable[str]) -> list[int]:
    """The ids of the enterprises with these credit codes, ascending."""
    found: list[int] = []
    for some in _batches(list(credit_codes)):
        found += db.scalars(select(Enterprise.id).where(Enterprise.credit_code.in_(some)))
    return sorted(found)


def addresses(db: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Credit code and region of some enterprises, by id: what is needed to write to them."""
    # thousands of ids go into the statement as they are: a parameter each would take longer than the answer
    some: BindParameter[int] = bindparam("some", expanding=True, literal_execute=True)
    columns = select(Enterprise.id, Enterprise.credit_code, Enterprise.region_code)
    query = columns.where(Enterprise.id.in_(some))
    found: dict[int, tuple[str, str]] = {}
    for listed in _batches(sorted(ids)):
        for row in db.execute(query, {"some": listed}):
            found[row.id] = row.credit_code, row.region_code or ""
    return found


def _batches(listed: list[B]) -> Iterator[list[B]]:
    return (listed[start : start + BATCH] for start in range(0, len(listed), BATCH))


def profiles_coded(db: Session, credit_codes: Iterable[str]) -> dict[str, Profile]:
    """Everything about the enterprises of some credit codes, by code: two queries, however many they are."""
    rows = db.scalars(select(Enterprise).where(Enterprise.credit_code.in_(list(credit_codes))))
    return {profile.enterprise.credit_code: profile for profile in _profiles(db, rows)}


def last_id(db: Session) -> int:
    """The highest id that an enterprise has; 0 where there is none."""
    return db.scalar(select(func.max(Enterprise.id))) or 0


def count(db: Session) -> int:
    """How many enterprises are known."""
    return db.scalar(select(func.count()).select_from(Enterprise)) or 0


def views(db: Session, credit_codes: Iterable[str]) -> dict[str, EnterpriseView]:
    """The enterprises of some credit codes, by code."""
    rows = db.scalars(select(Enterprise).where(Enterprise.credit_code.in_(list(credit_codes))))
    return {row.credit_code: view_of(row) for row in rows}


def history(db: Session, credit_code: str, field: str) -> list[FactLine]:
    """What was ever said of *field*, newest first."""
    rows = db.scalars(
        select(Fact)
        .join(Enterprise, Enterprise.id == Fact.enterprise_id)
        .where(Enterprise.credit_code == credit_code, Fact.field == field)
        .order_by(Fact.recorded_at.desc(), Fact.id.desc())
    )
    return [FactLine(row.field, row.value, row.source, row.as_of, row.superseded_at is None) for row in rows]


def _profiles(
    db: Session, rows: Iterable[Enterprise], fields: Collection[str] | None = None
) -> Iterator[Profile]:
    listed = list(rows)
    wanted = true() if fields is None else Fact.field.in_([*fields, *inputs()])
    facts = db.execute(
        select(Fact.enterprise_id, Fact.field, Fact.value, Fact.source, Fact.as_of)
        .where(Fact.enterprise_id.in_([row.id for row in listed]), Fact.superseded_at.is_(None), wanted)
        .order_by(Fact.enterprise_id, Fact.field, Fact.source)
    )
    by_enterprise: dict[int, dict[str, FactView]] = {}
    for (enterprise_id, field), same in groupby(facts, key=lambda fact: (fact.enterprise_id, fact.field)):
        told = [FactView(fact.value, fact.source, fact.as_of) for fact in same]
        best = believed(told)
        if best is not None:
            by_enterprise.setdefault(enterprise_id, {})[field] = (
                _beside(best, told) if len(told) > 1 else best
            )
    for row in listed:
        yield _profile(row, by_enterprise.get(row.id, {}))


def _beside(best: FactView, told: list[FactView]) -> FactView:
    """The fact gone by, with those that contradict it."""
    return replace(best, others=tuple(one for one in told if one.value not in (None, best.value)))


def _profile(row: Enterprise, facts: dict[str, FactView]) -> Profile:
    as_of = row.snapshot_date or row.updated_at.date()
    identity = {
        "id": row.external_id, "uscc": row.credit_code, "name": row.name, "region_code": row.region_code,
        "industry_code": row.industry_code, "established_on": row.established_on,
        "snapshot_date": row.snapshot_date.isoformat() if row.snapshot_date else None,
    }  # fmt: skip
    given = ((name, value) for name, value in identity.items() if value is not None)
    known = {name: FactView(value, Source.IMPORT, as_of) for name, value in given}
    known.update(facts)
    if "scale" not in known and (found := scale_of({name: fact.value for name, fact in known.items()})):
        scale, fields = found
        known["scale"] = FactView(scale, Source.DERIVED, min(known[field].as_of for field in fields))
    return Profile(view_of(row), {name: fact.value for name, fact in known.items()}, known)


def view_of(row: Enterprise) -> EnterpriseView:
    """A row of ours as other rooms see it."""
    return EnterpriseView(
        row.id, row.credit_code, row.external_id, row.name, row.kind, row.region_code, row.industry_code,
        row.established_on, row.snapshot_date, row.credit_code_override_reason,
    )  # fmt: skip
