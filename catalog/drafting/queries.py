"""What a department's people see of its drafts and of the files it handed in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from catalog import services, shelf
from catalog.drafting.rules import AMENDED, NEW, STATE_LABELS, State
from catalog.intake.assembly import ReadRow
from catalog.models import ItemDraft, ItemIntake, ItemVersion, PolicyItem
from foundation import clock, four_eyes
from foundation.accounts.models import Organisation
from foundation.clock import BEIJING
from foundation.deadlines import queries as deadlines
from foundation.deadlines.calendars import Calendar
from foundation.deadlines.rules import Entry, Kind, Limit, reckon
from foundation.deadlines.wording import ClockView, clock_view
from foundation.deadlines.workdays import OFFICE_HOURS
from foundation.errors import NotFound
from foundation.web.access import Actor

OPEN = (State.DRAFT, State.SUBMITTED)
CARRIED_ON = ("conditions", "fields", "test_cases", "form")


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as its pages show it."""

    code: str
    title: str
    state: State
    state_label: str
    source: Mapping[str, Any]
    doubts: tuple[tuple[str, str, str], ...]
    file_name: str
    issued_on: date | None
    effective_from: date | None
    clock: ClockView | None
    due: datetime | None
    amends: bool
    mine: bool
    note: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """One row of a file before it is taken: what was understood, what is like it, whose it would be."""

    row: ReadRow
    alike: str
    department: str
    confirmed: bool


def visible_to(query: Select[Any], actor: Actor) -> Select[Any]:
    """A department sees its own drafts and files, and nobody else's."""
    return query.where(ItemDraft.organisation_id == actor.organisation_id)


def drafts(db: Session, actor: Actor) -> list[DraftView]:
    """What is not published yet, the most urgent first."""
    query = visible_to(select(ItemDraft), actor).where(ItemDraft.state.in_(OPEN))
    found = _views(db, actor, list(db.scalars(query)))
    return sorted(found, key=lambda each: (each.due is None, each.due or each.changed_at, each.code))


def draft(db: Session, actor: Actor, code: str) -> DraftView:
    """One open draft; NotFound for others."""
    return _views(db, actor, [open_draft(db, actor, code)])[0]


def open_draft(db: Session, actor: Actor, code: str) -> ItemDraft:
    """The row of one open draft of the actor's organisation."""
    query = visible_to(select(ItemDraft), actor)
    found: ItemDraft | None = db.scalar(query.where(ItemDraft.code == code, ItemDraft.state.in_(OPEN)))
    if found is None:
        raise NotFound
    return found


def is_open(db: Session, code: str) -> bool:
    """Whether anybody has an open draft under *code*."""
    query = select(ItemDraft.id).where(ItemDraft.code == code, ItemDraft.state.in_(OPEN))
    return db.scalar(query) is not None


def published_source(db: Session, actor: Actor, code: str) -> dict[str, Any]:
    """The version in force of an item of the actor's organisation, to be amended."""
    query = (
        select(ItemVersion.source)
        .join(PolicyItem, PolicyItem.id == ItemVersion.item_id)
        .where(PolicyItem.code == code, PolicyItem.current == ItemVersion.number)
        .where(PolicyItem.department_id == actor.organisation_id)
    )
    found = db.scalar(query)
    if found is None:
        raise NotFound
    source: dict[str, Any] = json.loads(found)
    return source


def completed(db: Session, actor: Actor, source: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a file with what no file carries, as the item has it that the row would amend."""
    try:
        before = published_source(db, actor, source["id"])
    except NotFound:
        return dict(source)
    kept = {name: before[name] for name in CARRIED_ON if name in before and source.get(name) is None}
    return {**source, **kept}


def intake(db: Session, actor: Actor, token: str) -> ItemIntake:
    """A file that the actor's organisation handed in."""
    query = select(ItemIntake).where(ItemIntake.token == token)
    found = db.scalar(query.where(ItemIntake.organisation_id == actor.organisation_id))
    if found is None:
        raise NotFound
    return found


def previews(db: Session, actor: Actor, found: Sequence[ReadRow]) -> list[Preview]:
    """Every row of a file beside what is in the catalogue already."""
    titles: dict[str | None, dict[str, str]] = {}
    for item in shelf.shelf(db).items:
        titles.setdefault(item.region_code, {})[item.code] = item.title
    known = {(each.region_code, each.name): each for each in db.scalars(select(Organisation))}
    known |= {(each.region_code, each.short_name): each for each in known.values()}
    result = []
    for row in found:
        others = titles.setdefault(row.source["region_code"], {})
        name, region = services.department_key(
            row.source["department"] or actor.organisation_name, row.source["region_code"]
        )
        body = known.get((region, name)) or known.get((region, name.removeprefix("市")))
        result.append(
            Preview(row, _alike(row, others), body.name if body else name, bool(body and body.confirmed))
        )
        others[row.source["id"]] = row.source["title"]
    return result


def _alike(row: ReadRow, others: Mapping[str, str]) -> str:
    code = row.source["id"]
    if code in others:
        return f"{code} 已在政策库里，收下后是它的新一版"
    near = process.extractOne(row.source["title"], others, scorer=fuzz.ratio, score_cutoff=services.ALIKE)
    return f"和 {near[2]}《{near[0]}》很像，请核对是否重复" if near else ""


def _views(db: Session, actor: Actor, found: Sequence[ItemDraft]) -> list[DraftView]:
    codes = [each.code for each in found]
    published = set(db.scalars(select(PolicyItem.code).where(PolicyItem.code.in_(codes))))
    calendar = deadlines.calendar(db)
    return [_view(each, actor, calendar, amends=each.code in published) for each in found]


def _view(draft: ItemDraft, actor: Actor, calendar: Calendar, *, amends: bool) -> DraftView:
    source = json.loads(draft.source)
    running = _clock(draft, AMENDED if amends else NEW, calendar)
    return DraftView(
        code=draft.code,
        title=source["title"],
        state=draft.state,
        state_label=STATE_LABELS[draft.state],
        source=source,
        doubts=tuple((field, said, ask) for field, said, ask in draft.doubts),
        file_name=draft.file_name,
        issued_on=draft.issued_on,
        effective_from=draft.effective_from,
        clock=running,
        due=running.due_at if running else None,
        amends=amends,
        mine=not four_eyes.is_other(actor, draft.drafted_by_id),
        note=draft.note,
        changed_at=draft.changed_at,
    )


def _clock(draft: ItemDraft, limit: Limit, calendar: Calendar) -> ClockView | None:
    """By when it has to be published, as it follows from the day on which the policy came out."""
    if draft.issued_on is None:
        return None
    start = Entry(datetime.combine(draft.issued_on, time(9), BEIJING), Kind.START)
    reckoning = reckon(limit, (start,), calendar, OFFICE_HOURS, clock.now())
    return clock_view(
        f"draft:{draft.code}", limit, reckoning, OFFICE_HOURS, clock.now(), draft.organisation_id
    )
