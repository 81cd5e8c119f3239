"""Taking in enterprises and what they say about themselves."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.enterprises import events
from foundation.enterprises.mandates.queries import check_unlimited
from foundation.enterprises.models import Enterprise, Fact
from foundation.enterprises.queries import EnterpriseView, view_of
from foundation.enterprises.rules import NOT_FACTS, Kind, Row, Source, credit_code_problem, read_row
from foundation.errors import Invalid, NotFound, Problem
from foundation.outbox import emit
from foundation.web.access import Actor

BATCH = 500
IDENTITY = ("external_id", "name", "kind", "region_code", "industry_code", "established_on", "snapshot_date")


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many rows were new, changed and unchanged, and why the others were refused."""

    taken: int
    changed: int
    unchanged: int
    refused: tuple[Problem, ...]

    def as_dict(self) -> dict[str, Any]:
        """The answer of the command."""
        counts = {"taken": self.taken, "changed": self.changed, "unchanged": self.unchanged}
        return {**counts, "refused": [_as_dict(problem) for problem in self.refused]}


def _as_dict(problem: Problem) -> dict[str, Any]:
    place = {"row": problem.row, "id": problem.id, "field": problem.field}
    return {**place, "error": problem.message, "remedy": problem.remedy}


@dataclass(slots=True)
class _Known:
    """What the database holds of an enterprise from earlier files."""

    row: Enterprise
    facts: dict[str, Fact] = field(default_factory=dict)


def import_enterprises(
    db: Session, actor: Actor | None, lines: Iterable[str], *, partial: bool = False, dry_run: bool = False
) -> ImportResult:
    """Take the enterprises of a .jsonl file, all or none unless *partial*; keyed by credit code.

    A row states everything that this source knows: what it leaves out is superseded, what others said stays.
    """
    rows, refused = _read(lines)
    rows = list(_acceptable(db, rows, refused))
    refused.sort(key=lambda problem: problem.row or 0)
    if refused and not partial:
        return ImportResult(0, 0, 0, tuple(refused))
    now = clock.now()
    counts = {"taken": 0, "changed": 0, "unchanged": 0}
    for batch in _batches(rows):
        _take(db, actor, batch, now, counts, dry_run=dry_run)
    if not dry_run and counts["taken"] + counts["changed"]:
        facts = {**counts, "refused": len(refused)}
        audit.record(db, "enterprises", "imported", actor=actor, happened_at=now, facts=facts)
    return ImportResult(counts["taken"], counts["changed"], counts["unchanged"], tuple(refused))


def declare(
    db: Session, actor: Actor, *, credit_code: str, field: str, value: Any, as_of: date | None = None
) -> None:
    """Record what an enterprise says about itself; its identity is the register's and cannot be declared."""
    check_unlimited(db, actor)
    now = clock.now()
    if field in NOT_FACTS or not 0 < len(field) <= 80:
        raise Invalid.of(field, "这一项以登记机关的信息为准，不能在这里改", "请到登记机关变更后再来")
    day = as_of or now.date()
    if day > now.date():
        raise Invalid.of(field, "日期不能晚于今天", "请填数据所属的日期")
    row = _locked(db, credit_code)
    current = db.scalar(
        select(Fact).where(
            Fact.enterprise_id == row.id, Fact.field == field, Fact.source == Source.DECLARED,
            Fact.superseded_at.is_(None),
        )
    )  # fmt: skip
    if current is not None and _same(current.value, value) and current.as_of == day:
        return
    if current is not None:
        current.superseded_at = now
        db.flush()  # makes room under the unique index on current facts
    row.updated_at = now
    db.add(_fact(row.id, field, value, Source.DECLARED, day, now, actor))
    audit.record(
        db, f"enterprise:{credit_code}", "declared", actor=actor, happened_at=now,
        facts={"field": field, "as_of": day.isoformat()}, personal={"value": value},
    )  # fmt: skip
    emit(db, events.CHANGED, events.changed([credit_code], now.isoformat()))


def register(
    db: Session,
    actor: Actor | None,
    *,
    credit_code: str,
    name: str,
    kind: Kind,
    region_code: str,
    source: str,
) -> EnterpriseView:
    """Take in an enterprise that no file has named yet; *source* is the counter or an identity service."""
    now = clock.now()
    row = Enterprise(
        credit_code=credit_code, name=name, kind=kind, region_code=region_code, created_at=now, updated_at=now
    )
    db.add(row)
    db.flush()
    audit.record(
        db, f"enterprise:{credit_code}", "registered", actor=actor, happened_at=now, facts={"source": source}
    )
    emit(db, events.CHANGED, events.changed([credit_code], now.isoformat()))
    return view_of(row)


def override_credit_code(db: Session, actor: Actor, *, credit_code: str, reason: str) -> None:
    """Say why a code that fails its check digit is right all the same."""
    if not reason.strip():
        raise Invalid.of("reason", "还没有填写理由", "请写明依据，例如“执照原件如此，早期试点发码”")
    row = _locked(db, credit_code)
    row.credit_code_override_reason = reason.strip()[:200]
    row.updated_at = clock.now()
    audit.record(
        db, f"enterprise:{credit_code}", "credit_code_overridden", actor=actor, happened_at=row.updated_at,
        facts={"reason": row.credit_code_override_reason},
    )  # fmt: skip


def _locked(db: Session, credit_code: str) -> Enterprise:
    row = db.scalar(select(Enterprise).where(Enterprise.credit_code == credit_code).with_for_update())
    if row is None:
        raise NotFound(f"没有找到企业 {credit_code}。请核对统一社会信用代码。")
    return row


def _read(lines: Iterable[str]) -> tuple[list[Row], list[Problem]]:
    rows: dict[str, Row] = {}
    ids: dict[str, int] = {}
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        text = line.lstrip("\ufeff").strip()
        if not text:
            continue
        row, wrong = read_row(number, text)
        problems += wrong
        if row is None:
            continue
        first = rows[row.credit_code].number if row.credit_code in rows else ids.get(row.external_id or "")
        if first is not None:
            problems.append(_repeated(row, first, "uscc" if row.credit_code in rows else "id"))
            continue
        rows[row.credit_code] = row
        if row.external_id:
            ids[row.external_id] = row.number
    return list(rows.values()), problems


def _repeated(row: Row, first: int, which: str) -> Problem:
    said = "这家企业" if which == "uscc" else "这个编号"
    return Problem(which, f"{said}在第 {first} 行已经有了", "请只保留一行", row.number, row.external_id)


def _acceptable(db: Session, rows: list[Row], refused: list[Problem]) -> Iterator[Row]:
    """The rows whose code and id can be taken beside what is there; the others are told to *refused*."""
    for batch in _batches(rows):
        codes, ids = [row.credit_code for row in batch], [row.external_id for row in batch if row.external_id]
        reasons = select(Enterprise.credit_code, Enterprise.credit_code_override_reason)
        accepted = dict(db.execute(reasons.where(Enterprise.credit_code.in_(codes))).all())
        holders = select(Enterprise.external_id, Enterprise.credit_code)
        held = dict(db.execute(holders.where(Enterprise.external_id.in_(ids))).all())
        for row in batch:
            problem = credit_code_problem(row, accepted.get(row.credit_code))
            holder = held.get(row.external_id, row.credit_code)
            if problem is None and holder != row.credit_code:
                said = f"编号已经属于 {holder}"
                problem = Problem("id", said, "请核对编号或信用代码", row.number, row.external_id)
            if problem is None:
                yield row
            else:
                refused.append(problem)


def _take(
    db: Session,
    actor: Actor | None,
    batch: list[Row],
    now: datetime,
    counts: dict[str, int],
    *,
    dry_run: bool,
) -> None:
    known = _known(db, [row.credit_code for row in batch])
    new = [row for row in batch if row.credit_code not in known]
    touched = [row for row in batch if row.credit_code in known and _differs(row, known[row.credit_code])]
    counts["taken"] += len(new)
    counts["changed"] += len(touched)
    counts["unchanged"] += len(batch) - len(new) - len(touched)
    if dry_run or not (new or touched):
        return
    facts = _add(db, actor, new, now)
    for row in touched:
        facts += _change(db, actor, row, known[row.credit_code], now)
    db.flush()
    if facts:
        db.execute(insert(Fact), facts)
    codes = [row.credit_code for row in (*new, *touched)]
    emit(db, events.CHANGED, events.changed(sorted(codes), now.isoformat()))


def _known(db: Session, codes: list[str]) -> dict[str, _Known]:
    rows = db.scalars(select(Enterprise).where(Enterprise.credit_code.in_(codes)).with_for_update())
    known = {row.id: _Known(row) for row in rows}
    facts = select(Fact).where(
        Fact.enterprise_id.in_(known), Fact.source == Source.IMPORT, Fact.superseded_at.is_(None)
    )
    for fact in db.scalars(facts):
        known[fact.enterprise_id].facts[fact.field] = fact
    return {entry.row.credit_code: entry for entry in known.values()}


def _identity(row: Row, known: _Known | None) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(row, name) for name in IDENTITY}
    if known is not None and row.external_id is None:
        values["external_id"] = known.row.external_id  # an id once given is kept
    reason = row.override_reason or (known.row.credit_code_override_reason if known else None)
    return {**values, "credit_code_override_reason": reason}


def _differs(row: Row, known: _Known) -> bool:
    if any(getattr(known.row, name) != value for name, value in _identity(row, known).items()):
        return True
    return row.facts.keys() != known.facts.keys() or any(
        not _same(known.facts[name].value, value) for name, value in row.facts.items()
    )


def _add(db: Session, actor: Actor | None, rows: list[Row], now: datetime) -> list[dict[str, Any]]:
    if not rows:
        return []
    born = {"created_at": now, "updated_at": now}
    values = [{**_identity(row, None), "credit_code": row.credit_code, **born} for row in rows]
    ids = db.scalars(insert(Enterprise).returning(Enterprise.id, sort_by_parameter_order=True), values).all()
    return [
        _fact_values(enterprise_id, name, value, row, now, actor)
        for enterprise_id, row in zip(ids, rows, strict=True)
        for name, value in row.facts.items()
    ]


def _change(db: Session, actor: Actor | None, row: Row, known: _Known, now: datetime) -> list[dict[str, Any]]:
    for name, value in _identity(row, known).items():
        setattr(known.row, name, value)
    known.row.updated_at = now
    as_of = row.snapshot_date
    stale = [
        fact
        for name, fact in known.facts.items()
        if name not in row.facts or not _same(fact.value, row.facts[name]) or (as_of and fact.as_of != as_of)
    ]
    ids = [fact.id for fact in stale]
    if ids:
        db.execute(update(Fact).where(Fact.id.in_(ids)).values(superseded_at=now))
    kept = known.facts.keys() - {fact.field for fact in stale}
    return [
        _fact_values(known.row.id, name, value, row, now, actor)
        for name, value in row.facts.items()
        if name not in kept
    ]


def _fact_values(
    enterprise_id: int, name: str, value: Any, row: Row, now: datetime, actor: Actor | None
) -> dict[str, Any]:
    return {
        "enterprise_id": enterprise_id, "field": name, "value": value, "source": Source.IMPORT,
        "as_of": row.snapshot_date or now.date(), "recorded_at": now,
        "recorded_by": actor.person_id if actor else None,
    }  # fmt: skip


def _fact(
    enterprise_id: int, name: str, value: Any, source: Source, as_of: date, now: datetime, actor: Actor
) -> Fact:
    return Fact(
        enterprise_id=enterprise_id, field=name, value=value, source=source, as_of=as_of, recorded_at=now,
        recorded_by=actor.person_id,
    )  # fmt: skip


def _same(one: object, other: object) -> bool:
    # as JSON, so that true is not 1
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _batches(rows: list[Row]) -> Iterator[list[Row]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
