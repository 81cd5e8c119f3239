"""Publishing items: imports, and the exports that can be imported again."""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from catalog import rows
from catalog.conditions import regions
from catalog.conditions.fields import REGISTER
from catalog.events import PUBLISHED, Published
from catalog.models import CatalogStamp, ItemVersion, PolicyItem, RedeemMode
from catalog.rows import Draft
from catalog.rules import FairCompetition, Mode, Origin
from foundation import audit, clock, outbox
from foundation.accounts.services import organisation_named
from foundation.errors import Invalid, NotFound, Problem
from foundation.web.access import Actor

ALIKE = 92
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Warned:
    """What someone should look at; it refuses nothing."""

    row: int
    id: str
    field: str
    warning: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did (or, tried dry, would do)."""

    taken: int
    changed: int
    unchanged: int
    refused: tuple[Problem, ...]
    warnings: tuple[Warned, ...]

    def answer(self) -> dict[str, Any]:
        """As the command prints it."""
        refused = [
            {
                "row": each.row,
                "id": each.id,
                "field": each.field,
                "error": each.message,
                "remedy": each.remedy,
            }
            for each in self.refused
        ]
        return {
            "taken": self.taken,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": refused,
        }


@dataclass(slots=True)
class _Known:
    """An item that is in the catalogue already."""

    id: int
    number: int
    digest: str
    title: str
    region_code: str | None


def import_items(
    db: Session,
    actor: Actor | None,
    lines: Iterable[str | Mapping[str, Any]],
    *,
    partial: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda done: None,
    numbers: Sequence[int] | None = None,
) -> ImportResult:
    """Publish the rows of *lines*, all or (unless *partial*) none; what is the same already stays.

    *numbers* tells where each row stands in the file that it was read from.
    """
    drafts, refused = _read(lines, numbers)
    if refused and not partial:
        return ImportResult(0, 0, 0, refused, ())
    if not dry_run:
        lock(db)
    known = _known(db)
    new = [draft for draft in drafts if draft.code not in known]
    changed = [each for each in drafts if each.code in known and known[each.code].digest != each.digest]
    taken = [*new, *changed]
    warnings = (*_open_fields(taken), *_untested(taken), *_alike(taken, known))
    result = ImportResult(len(new), len(changed), len(drafts) - len(new) - len(changed), refused, warnings)
    if not dry_run and (new or changed):
        _publish(db, actor, [*new, *changed], known, progress)
        facts = {"taken": result.taken, "changed": result.changed, "unchanged": result.unchanged}
        now = clock.now()
        audit.record(db, "catalog", "imported", actor=actor, happened_at=now, facts=facts)
    return result


def publish(
    db: Session,
    actor: Actor,
    source: Mapping[str, Any],
    fair: FairCompetition,
    record: Mapping[str, Any],
    effective_from: date | None = None,
) -> int:
    """Publish one item as somebody drafted it, with what is on record of its review; the version's number.

    A new version with a day to come waits for that day; until then the one before stays in force.
    """
    draft = rows.read(1, source)
    lock(db)
    known = _known(db)
    ahead = draft.code in known and effective_from is not None and effective_from > clock.now().date()
    of = Provenance(Origin.AUTHORED, fair, dict(record) or None, effective_from if ahead else None)
    _publish(db, actor, [draft], known, lambda done: None, of)
    return known[draft.code].number


def withdraw(db: Session, actor: Actor, code: str, reason: str) -> None:
    """Take an item off the lists; it stays readable, and says that it is withdrawn."""
    lock(db)
    now = clock.now()
    found = db.scalar(select(PolicyItem).where(PolicyItem.code == code, PolicyItem.withdrawn_at.is_(None)))
    if found is None or found.department_id != actor.organisation_id:
        raise NotFound
    found.withdrawn_at = now
    facts = {"reason": reason}
    audit.record(db, f"withdrawal:{code}", "withdrawn", actor=actor, happened_at=now, facts=facts)
    renew_stamp(db)


def export(db: Session) -> Iterator[str]:
    """Every item in force as the row it was given, one JSON text a line, by code."""
    current = ItemVersion.number == PolicyItem.current
    query = (
        select(PolicyItem.code, ItemVersion.source)
        .join(ItemVersion, ItemVersion.item_id == PolicyItem.id)
        .where(current, PolicyItem.withdrawn_at.is_(None))
    )
    # sorted here: databases collate differently
    for row in sorted(db.execute(query), key=lambda row: str(row.code)):
        yield row.source


def _read(
    lines: Iterable[str | Mapping[str, Any]], numbers: Sequence[int] | None = None
) -> tuple[list[Draft], tuple[Problem, ...]]:
    drafts: list[Draft] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for at, line in enumerate(lines):
        number = numbers[at] if numbers else at + 1
        if isinstance(line, str) and not line.strip("\ufeff \t\r\n"):
            continue
        try:
            draft = rows.read(number, line)
        except Invalid as refusal:
            problems += refusal.problems
            continue
        if draft.code in first:
            message, remedy = f"和第 {first[draft.code]} 行的编号相同", "请改编号，或只留一行"
            problems.append(Problem("id", message, remedy, number, draft.code))
            continue
        first[draft.code] = number
        drafts.append(draft)
    return drafts, tuple(problems)


def lock(db: Session) -> None:
    """Publications go one after the other, so that each sees what the one before it did."""
    db.execute(select(CatalogStamp).where(CatalogStamp.id == 1).with_for_update()).scalar_one()


def _known(db: Session) -> dict[str, _Known]:
    other = aliased(ItemVersion)
    last = select(func.max(other.number)).where(other.item_id == PolicyItem.id).scalar_subquery()
    query = select(
        PolicyItem.code,
        PolicyItem.id,
        last.label("number"),
        ItemVersion.digest,
        ItemVersion.title,
        ItemVersion.region_code,
    ).join(ItemVersion, (ItemVersion.item_id == PolicyItem.id) & (ItemVersion.number == PolicyItem.current))
    return {
        row.code: _Known(row.id, row.number, row.digest, row.title, row.region_code)
        for row in db.execute(query)
    }


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a version came here, what is on record of its fair-competition review, and from when it holds."""

    origin: Origin = Origin.IMPORTED
    fair: FairCompetition = FairCompetition.UNRECORDED
    record: dict[str, Any] | None = None
    # a day to come from which it is in force
    effective_from: date | None = None


def _publish(
    db: Session,
    actor: Actor | None,
    drafts: list[Draft],
    known: dict[str, _Known],
    progress: Progress,
    of: Provenance = Provenance(),
) -> None:
    now = clock.now()
    modes = _modes(db, drafts)
    departments = _departments(db, drafts)
    _point_at_next(db, drafts, known, departments, now, of)
    versions = [_version(draft, known[draft.code], modes, now, of) for draft in drafts]
    db.add_all(versions)
    db.flush()
    for done, (draft, version) in enumerate(zip(drafts, versions, strict=True), 1):
        subject, number = f"item:{draft.code}", version.number
        facts = {"title": draft.title, "digest": draft.digest, "origin": version.origin.value}
        if of.effective_from is None:
            outbox.emit(db, PUBLISHED, Published(draft.code, number, version.id).payload())
        else:
            facts["effective_from"] = of.effective_from.isoformat()
        done_as = "scheduled" if of.effective_from else "published"
        audit.record(db, subject, done_as, actor=actor, happened_at=now, facts=facts, version=number)
        progress(done)
    renew_stamp(db)


def renew_stamp(db: Session) -> None:
    """Let whoever keeps items in memory read them again."""
    db.execute(update(CatalogStamp).where(CatalogStamp.id == 1).values(stamp=secrets.token_hex(8)))


def _point_at_next(
    db: Session,
    drafts: list[Draft],
    known: dict[str, _Known],
    departments: dict[str, int | None],
    now: datetime,
    of: "Provenance",
) -> None:
    """Let every item be there and point at the version about to be written, unless that has a day to come."""
    added = []
    for draft in drafts:
        seen = known.get(draft.code)
        if seen is None:
            added.append(
                PolicyItem(
                    code=draft.code,
                    department_id=departments[draft.code],
                    current=1,
                    external_id=draft.external_id,
                    created_at=now,
                )
            )
        else:
            seen.number += 1
            if of.effective_from is not None:
                continue
            values = {"current": seen.number, "department_id": departments[draft.code], "withdrawn_at": None}
            db.execute(update(PolicyItem).where(PolicyItem.id == seen.id).values(**values))
    db.add_all(added)
    db.flush()
    for item in added:
        known[item.code] = _Known(item.id, 1, "", "", None)


def _version(draft: Draft, item: _Known, modes: dict[str, str], now: datetime, of: Provenance) -> ItemVersion:
    return ItemVersion(
        item_id=item.id,
        number=item.number,
        title=draft.title,
        mode_code=modes[draft.mode_label] if draft.mode_label else Mode.UNSTATED.value,
        level=draft.level,
        scope=draft.scope,
        region_code=draft.region_code,
        department_name=draft.department,
        conditions=draft.conditions,
        window_from=draft.window.start,
        window_until=draft.window.end,
        valid_from=draft.validity.start,
        valid_until=draft.validity.end,
        time_limit=draft.time_limit,
        outcome=draft.outcome,
        channel=draft.channel,
        applicant_kinds=list(draft.applicant_kinds),
        origin=of.origin,
        fair_competition=of.fair,
        fair_record=of.record,
        effective_from=of.effective_from,
        source=draft.source,
        digest=draft.digest,
        published_at=now,
        happened_at=now,
        recorded_at=now,
    )


def _modes(db: Session, drafts: list[Draft]) -> dict[str, str]:
    """Codes by label; a label never met becomes a mode of its own."""
    codes = {mode.label: mode.code for mode in db.scalars(select(RedeemMode))}
    for label in sorted({draft.mode_label for draft in drafts if draft.mode_label} - codes.keys()):
        codes[label] = f"x-{hashlib.sha256(label.encode()).hexdigest()[:10]}"
        db.add(RedeemMode(code=codes[label], label=label, provincial_label=None, rank=100))
    db.flush()
    return codes


def _departments(db: Session, drafts: list[Draft]) -> dict[str, int | None]:
    """The leading department's organisation for every draft, by code."""
    found: dict[tuple[str, str], int] = {}
    result: dict[str, int | None] = {}
    for draft in drafts:
        if draft.department is None:
            result[draft.code] = None
            continue
        key = department_key(draft.department, draft.region_code)
        if key not in found:
            found[key] = organisation_named(db, *key)
        result[draft.code] = found[key]
    return result


def department_key(names: str, region_code: str | None) -> tuple[str, str]:
    """Whose department it is: a county's item may be the city's or the province's to decide."""
    lead, region = rows.lead_department(names)[:120], region_code or regions.NATION
    if lead.startswith("市"):
        region = region[:4] + "00"
    elif lead.startswith("省"):
        region = region[:2] + "0000"
    return lead, region


def _open_fields(drafts: list[Draft]) -> Iterator[Warned]:
    for draft in drafts:
        for name in rows.open_fields(draft.tree, REGISTER.__contains__):
            yield Warned(draft.row, draft.code, f"conditions.{name}", "字段没有登记，按开放属性处理")


def _untested(drafts: list[Draft]) -> Iterator[Warned]:
    """Said once, of all of them: lists from elsewhere hardly ever have any."""
    untested = [draft for draft in drafts if not draft.tested]
    if untested:
        first, said = untested[0], f"从这一行起有 {len(untested)} 项写了条件，没有测试用例"
        yield Warned(first.row, first.code, "test_cases", said)


def _alike(drafts: list[Draft], known: dict[str, _Known]) -> Iterator[Warned]:
    """Titles of one region that are nearly the same."""
    titles: dict[str | None, dict[str, str]] = {}
    for code, item in known.items():
        titles.setdefault(item.region_code, {})[code] = item.title
    for draft in drafts:
        others = titles.setdefault(draft.region_code, {})
        others.pop(draft.code, None)
        near = process.extractOne(draft.title, others, scorer=fuzz.ratio, score_cutoff=ALIKE)
        if near is not None:
            title, _, code = near
            yield Warned(draft.row, draft.code, "title", f"和 {code}《{title}》很像，请核对是否重复")
        others[draft.code] = draft.title
