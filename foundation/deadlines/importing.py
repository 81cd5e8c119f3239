"""Taking in the State Council's notices: each is a new version, and moves the clocks that it touches."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.deadlines import queries, services
from foundation.deadlines.calendars import Notice
from foundation.deadlines.models import CalendarGap, CalendarVersion
from foundation.deadlines.notices import Announced, read_notice
from foundation.errors import Invalid
from foundation.web.access import Actor


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a notice: the versions it made (none where nothing is new), the clocks it moved."""

    year: int
    versions: tuple[str, ...]
    moved: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a notice says, before it is taken in: its days by date, and which of them the database lacks."""

    year: int
    source: str
    days: tuple[tuple[date, str, bool], ...]  # the day, its name, whether it is free
    new: frozenset[date]
    gone: tuple[date, ...]
    replaces: bool


def from_text(text: str) -> Any:
    """A notice as it was pasted or read from a file; Invalid where it is no JSON."""
    try:
        return json.loads(text)
    except ValueError as error:
        place = f"第 {error.lineno} 行" if isinstance(error, json.JSONDecodeError) else "文件"
        raise Invalid.of("notice", f"{place}不是 JSON", "请整份粘贴，或照页面上的例子写") from None


def preview(db: Session, data: Any) -> Preview:
    """What `import_calendar` would take in; refuses what it would refuse."""
    announced = read_notice(data)
    _split(db, announced)
    known = queries.calendar(db).notices.get(announced.year)
    before = {*known.off, *known.on} if known else set()
    days = [(day, name, True) for day, name in announced.off.items()]
    days += [(day, name, False) for day, name in announced.on.items()]
    told = {day for day, _, _ in days}
    return Preview(
        announced.year,
        announced.source,
        tuple(sorted(days)),
        frozenset(told - before),
        tuple(sorted(before - told)),
        replaces=known is not None,
    )


def import_calendar(db: Session, actor: Actor | None, data: Any) -> Imported:
    """Take in one year's notice from JSON, reckon the running clocks anew, and write both down."""
    announced = read_notice(data)
    made = [version for notice in _split(db, announced) if (version := _add(db, notice, actor)) is not None]
    moved = sum(services.recompute(db, version.year) for version in made)
    if made:
        audit.record(
            db,
            f"calendar:{announced.year}",
            "import_calendar",
            actor=actor,
            happened_at=clock.now(),
            facts={
                "versions": [_label(version) for version in made],
                "source": announced.source,
                "moved": moved,
            },
        )
    return Imported(announced.year, tuple(_label(version) for version in made), moved)


def add_missing_years(db: Session, notices: Iterable[Notice]) -> int:
    """Add the years that the database has no notice of; what is there stays as it is."""
    known = set(db.scalars(select(CalendarVersion.year)))
    made = [_add(db, notice, None) for notice in notices if notice.year not in known]
    for version in made:
        if version is not None:
            services.recompute(db, version.year)
    return len(made)


def _split(db: Session, announced: Announced) -> list[Notice]:
    """The notice as whole years: its own, and the year before where it changes the last days of that one."""
    own, before = announced.year, announced.year - 1
    notices = [
        Notice(own, 0, _of(announced.off, own), _of(announced.on, own), announced.source),
    ]
    earlier_off, earlier_on = _of(announced.off, before), _of(announced.on, before)
    if earlier_off or earlier_on:
        known = queries.calendar(db).notices.get(before)
        if known is None:
            raise Invalid.of(
                "year", f"通知也改了{before}年12月，但还没有{before}年的放假安排", f"请先导入{before}年的"
            )
        off = {day: name for day, name in known.off.items() if day not in earlier_on} | earlier_off
        on = {day: name for day, name in known.on.items() if day not in earlier_off} | earlier_on
        notices.append(Notice(before, 0, off, on, announced.source))
    return notices


def _of(days: Mapping[date, str], year: int) -> dict[date, str]:
    return {day: name for day, name in days.items() if day.year == year}


def _add(db: Session, notice: Notice, actor: Actor | None) -> CalendarVersion | None:
    """A new version of one year, unless it says what the latest one says."""
    off, on = (
        {day.isoformat(): name for day, name in sorted(days.items())} for days in (notice.off, notice.on)
    )
    digest = hashlib.sha256(json.dumps([off, on], ensure_ascii=False).encode()).hexdigest()
    query = select(CalendarVersion).where(CalendarVersion.year == notice.year)
    latest = db.scalars(query.order_by(CalendarVersion.version.desc()).limit(1)).first()
    if latest is not None and latest.digest == digest:
        return None
    made = CalendarVersion(
        year=notice.year,
        version=latest.version + 1 if latest else 1,
        off=off,
        on=on,
        source=notice.source,
        digest=digest,
        person_id=actor.person_id if actor else None,
        recorded_at=clock.now(),
    )
    db.add(made)
    db.execute(update(CalendarGap).where(CalendarGap.year == notice.year).values(closed_at=clock.now()))
    db.flush()
    db.info.pop(queries.LIBRARY, None)
    return made


def _label(version: CalendarVersion) -> str:
    return f"{version.year}.{version.version}"
