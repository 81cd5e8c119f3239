"""Facts that a register states about enterprises known here. Never commits.

A line is one fact: whose, which, what, as of which day. What a register says goes before what files and the
enterprise say (`rules.believed`); a later line supersedes an earlier one, and an older one changes nothing.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.enterprises import events
from foundation.enterprises.models import Enterprise, Fact
from foundation.enterprises.rules import LONGEST_FIELD, NOT_FACTS, Source
from foundation.enterprises.services import ImportResult
from foundation.errors import Problem
from foundation.outbox import emit
from foundation.web.access import Actor

BATCH = 500
NAMES = frozenset({"uscc", "field", "value", "as_of"})


@dataclass(frozen=True, slots=True)
class Stated:
    """One fact as a register states it."""

    number: int
    credit_code: str
    field: str
    value: Any
    as_of: date


def take(
    db: Session, actor: Actor | None, lines: Iterable[str], *, partial: bool = False, dry_run: bool = False
) -> ImportResult:
    """Take the facts of a .jsonl file, all or none unless *partial*."""
    now, stated, refused = clock.now(), list[Stated](), list[Problem]()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            found = _read(number, line, now.date())
            if isinstance(found, Problem):
                refused.append(found)
            else:
                stated.append(found)
    ids = _ids(db, {one.credit_code for one in stated})
    refused += [_unknown(one) for one in stated if one.credit_code not in ids]
    refused.sort(key=lambda problem: problem.row or 0)
    if refused and not partial:
        return ImportResult(0, 0, 0, tuple(refused))
    known = [one for one in stated if one.credit_code in ids]
    counts = {"taken": 0, "changed": 0, "unchanged": 0}
    for at in range(0, len(known), BATCH):
        _take(db, actor, known[at : at + BATCH], ids, now, counts, dry_run=dry_run)
    if not dry_run and counts["taken"] + counts["changed"]:
        facts = {**counts, "refused": len(refused), "source": Source.REGISTER.value}
        audit.record(db, "enterprises", "imported", actor=actor, happened_at=now, facts=facts)
    return ImportResult(counts["taken"], counts["changed"], counts["unchanged"], tuple(refused))


def _read(number: int, line: str, today: date) -> Stated | Problem:
    try:
        raw = json.loads(line)
        as_of = date.fromisoformat(raw["as_of"])
        code, name = raw["uscc"].strip(), raw["field"].strip()
    except (ValueError, KeyError, TypeError, AttributeError):
        said = '请写成 {"uscc", "field", "value", "as_of": "2026-05-31"}'
        return Problem("row", "不是一条完整的登记数据", said, number)
    if set(raw) != NAMES or not 0 < len(name) <= LONGEST_FIELD:
        return Problem("field", "只能有 uscc、field、value、as_of 四项", "请删去其他各项", number, code)
    if name in NOT_FACTS:
        return Problem("field", f"{name} 随企业档案导入", "请用 enterprises import", number, code)
    if as_of > today:
        return Problem("as_of", "日期晚于今天", "请填数据所属的日期", number, code)
    return Stated(number, code, name, raw["value"], as_of)


def _unknown(one: Stated) -> Problem:
    return Problem("uscc", "没有这家企业", "请先导入企业档案", one.number, one.credit_code)


def _ids(db: Session, codes: Iterable[str]) -> dict[str, int]:
    listed, found = sorted(codes), dict[str, int]()
    for at in range(0, len(listed), BATCH):
        some = Enterprise.credit_code.in_(listed[at : at + BATCH])
        rows = select(Enterprise.credit_code, Enterprise.id).where(some).order_by(Enterprise.id)
        found.update((code, one) for code, one in db.execute(rows.with_for_update()))
    return found


def _take(
    db: Session,
    actor: Actor | None,
    some: list[Stated],
    ids: dict[str, int],
    now: datetime,
    counts: dict[str, int],
    *,
    dry_run: bool,
) -> None:
    current = _current(db, {ids[one.credit_code] for one in some})
    newest: dict[tuple[int, str], Stated] = {}
    for one in some:
        key = ids[one.credit_code], one.field
        if key not in newest or newest[key].as_of <= one.as_of:
            newest[key] = one
    counts["unchanged"] += len(some) - len(newest)
    fresh = list(_fresh(newest, current, counts))
    if dry_run or not fresh:
        return
    for key, _ in fresh:
        if key in current:
            current[key].superseded_at = now
    db.flush()  # makes room under the unique index on current facts
    by = actor.person_id if actor else None
    rows = [
        {
            "enterprise_id": key[0], "field": key[1], "value": one.value, "source": Source.REGISTER,
            "as_of": one.as_of, "recorded_at": now, "recorded_by": by,
        }
        for key, one in fresh
    ]  # fmt: skip
    db.execute(insert(Fact), rows)
    codes = sorted({one.credit_code for _, one in fresh})
    emit(db, events.CHANGED, events.changed(codes, now.isoformat()))


def _current(db: Session, ids: set[int]) -> dict[tuple[int, str], Fact]:
    rows = select(Fact).where(
        Fact.enterprise_id.in_(ids), Fact.source == Source.REGISTER, Fact.superseded_at.is_(None)
    )
    return {(row.enterprise_id, row.field): row for row in db.scalars(rows)}


def _fresh(
    newest: dict[tuple[int, str], Stated], current: dict[tuple[int, str], Fact], counts: dict[str, int]
) -> Iterator[tuple[tuple[int, str], Stated]]:
    """What says something else than is there, and is not older."""
    for key, one in newest.items():
        held = current.get(key)
        same = (
            held is not None and json.dumps(held.value) == json.dumps(one.value) and held.as_of == one.as_of
        )
        if held is not None and (same or held.as_of > one.as_of):
            counts["unchanged"] += 1
            continue
        counts["changed" if held else "taken"] += 1
        yield key, one


def _same(held: Fact, one: Stated) -> bool:
    # as JSON, so that true is not 1
    return held.as_of == one.as_of and json.dumps(held.value) == json.dumps(one.value)
