"""What other rooms and pages read of the catalogue."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from catalog import facets, rows, rules, shelf, wording
from catalog.differences import Change, differences
from catalog.facets import Facet, Filters
from catalog.guide import Guide, guide
from catalog.models import ItemVersion, PolicyItem, RedeemMode
from catalog.needs import BY_SLUG
from catalog.rules import Channel, FairCompetition, Mode, Origin, OutcomeKind, Scope, Span
from catalog.shelf import ListedItem
from foundation.accounts.models import Organisation
from foundation.accounts.reference import CITY
from foundation.errors import NotFound
from foundation.web.access import Actor, Role

PAGE_SIZE = 10
UNKNOWN = "没有这一项政策，可能已经撤下或编号不对。请从“查政策”重新查找。"


@dataclass(frozen=True, slots=True)
class MatchableItem:
    """An item as matching reads it."""

    code: str
    item_id: int
    item_version_id: int
    version: int
    title: str
    mode: str
    mode_label: str
    level: str | None
    scope: Scope
    outcome: OutcomeKind
    channel: Channel
    department_id: int | None
    department_name: str | None
    region_code: str | None
    region_name: str
    foreign: bool
    applicant_kinds: tuple[str, ...]
    conditions: Mapping[str, Any] | None
    benefit: Mapping[str, Any]
    window: Span
    validity: Span
    exclusivity: str
    # the documents that it rests on
    legal_basis: str
    # items that share a group shut each other out
    exclusive_groups: tuple[str, ...]
    # who pays which part, in percent
    shares: tuple[tuple[str, Decimal], ...]
    topics: tuple[str, ...]
    published_at: datetime


@dataclass(frozen=True, slots=True)
class ItemView(MatchableItem):
    """An item with everything that its page and the window need."""

    department_code: str | None
    department_confirmed: bool
    time_limit: str | None
    origin: Origin
    fair_competition: FairCompetition
    source: Mapping[str, Any]
    guide: Guide
    withdrawn_at: datetime | None
    current_version: int
    # the day from which the next version is in force, where one is published already
    next_from: date | None

    def standing(self, today: date) -> rules.Standing:
        """Whether it takes applications on *today*."""
        return rules.standing(self.window, self.validity, today)

    def can_apply(self, today: date) -> bool:
        """Whether an enterprise can hand in an application here on *today*."""
        here = not self.foreign and self.channel is Channel.PORTAL
        here = here and self.withdrawn_at is None
        return here and self.mode != Mode.EXEMPT and self.standing(today) is rules.Standing.OPEN


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is shown."""

    number: int
    size: int
    total: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of items, and what else could be asked for."""

    items: tuple[ListedItem, ...]
    facets: tuple[Facet, ...]
    page: Page


@dataclass(frozen=True, slots=True)
class Home:
    """What the home page counts: items that can be had here, or all where there are none yet."""

    total: int
    needs: tuple[tuple[str, str, int], ...]
    modes: Mapping[str, int]
    only_here: bool


def stamp(db: Session) -> str:
    """A mark that changes with every publication, for whoever keeps items in memory."""
    return shelf.stamp(db)


def visible_to(query: Select[Any, Any, Any]) -> Select[Any, Any, Any]:
    """Published items are for everyone, signed in or not; what was withdrawn is no longer listed."""
    return query.where(PolicyItem.withdrawn_at.is_(None))


def published_items(db: Session) -> tuple[MatchableItem, ...]:
    """Every item in force, by code. It reads the whole catalogue: keep it until `stamp` changes."""
    found = db.execute(visible_to(shelf.in_force()))
    return tuple(sorted((MatchableItem(**_matchable(row)) for row in found), key=lambda item: item.code))


def item(db: Session, code: str) -> ItemView:
    """The item in force under *code*, with its guide; NotFound otherwise."""
    if not rows.is_code(code):
        raise NotFound(UNKNOWN)
    return _one(db, shelf.in_force().where(PolicyItem.code == code))


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of an item, and what reads otherwise than in the one before."""

    number: int
    current: bool
    # published, and its day has not come
    coming: bool
    effective_from: date | None
    published_at: datetime
    fair: str
    changes: tuple[Change, ...]


def versions(db: Session, code: str) -> tuple[str, list[VersionView]]:
    """The title in force and every version of an item, the newest first."""
    query = (
        select(ItemVersion, PolicyItem.current)
        .join(PolicyItem, PolicyItem.id == ItemVersion.item_id)
        .where(PolicyItem.code == code)
        .order_by(ItemVersion.number)
    )
    found = list(db.execute(query)) if rows.is_code(code) else []
    if not found:
        raise NotFound(UNKNOWN)
    views: list[VersionView] = []
    before: Mapping[str, Any] | None = None
    for version, current in found:
        source = json.loads(version.source)
        changes = differences(before, source) if before is not None else ()
        fair = rules.FAIR_COMPETITION_LABELS[version.fair_competition]
        views.append(
            VersionView(
                number=version.number,
                current=version.number == current,
                coming=version.number > current and version.effective_from is not None,
                effective_from=version.effective_from,
                published_at=version.published_at,
                fair=fair,
                changes=changes,
            )
        )
        before = source
    title = next(version.title for version, current in found if version.number == current)
    return title, views[::-1]


def is_owner(item: ItemView, actor: Actor) -> bool:
    """Whether *actor* is of the department that keeps the item."""
    return actor.role is Role.DEPARTMENT and item.department_id == actor.organisation_id


def item_version(db: Session, item_version_id: int) -> ItemView:
    """An item as it stood in one version: a case stays with the one under which it was applied for."""
    query = (
        select(PolicyItem, ItemVersion, RedeemMode)
        .join(ItemVersion, ItemVersion.item_id == PolicyItem.id)
        .join(RedeemMode, RedeemMode.code == ItemVersion.mode_code)
        .where(ItemVersion.id == item_version_id)
    )
    return _one(db, query)


def _one(db: Session, query: Select[Any, Any, Any]) -> ItemView:
    department = Organisation.id == PolicyItem.department_id
    coming = aliased(ItemVersion)
    next_from = select(func.min(coming.effective_from)).where(
        coming.item_id == PolicyItem.id, coming.number > PolicyItem.current
    )
    query = query.add_columns(Organisation, next_from.scalar_subquery().label("next_from"))
    row = db.execute(query.outerjoin(Organisation, department)).first()
    if row is None:
        raise NotFound(UNKNOWN)
    version, organisation = row.ItemVersion, row.Organisation
    source = json.loads(version.source)
    return ItemView(
        **_matchable(row),
        department_code=organisation.code if organisation else None,
        department_confirmed=bool(organisation and organisation.confirmed),
        time_limit=version.time_limit,
        origin=version.origin,
        fair_competition=version.fair_competition,
        source=source,
        guide=guide(source, version.mode_code, version.scope, version.time_limit),
        withdrawn_at=row.PolicyItem.withdrawn_at,
        current_version=row.PolicyItem.current,
        next_from=row.next_from if row.PolicyItem.withdrawn_at is None else None,
    )


def _matchable(row: Row[Any, Any, Any]) -> dict[str, Any]:
    item, version, mode = row.PolicyItem, row.ItemVersion, row.RedeemMode
    source = json.loads(version.source)
    return {
        "code": item.code,
        "item_id": item.id,
        "item_version_id": version.id,
        "version": version.number,
        "title": version.title,
        "mode": version.mode_code,
        "mode_label": mode.label,
        "level": version.level,
        "scope": version.scope,
        "outcome": version.outcome,
        "channel": version.channel,
        "department_id": item.department_id,
        "department_name": version.department_name,
        "region_code": version.region_code,
        "region_name": wording.in_text(source.get("region_name")),
        "foreign": not rules.applies_here(version.region_code, CITY),
        "applicant_kinds": tuple(version.applicant_kinds),
        "conditions": version.conditions,
        "benefit": source.get("benefit") or {},
        "window": Span(version.window_from, version.window_until),
        "validity": Span(version.valid_from, version.valid_until),
        "exclusivity": wording.in_text(source.get("exclusivity")),
        "legal_basis": wording.in_text(source.get("legal_basis")),
        "exclusive_groups": tuple(map(str, source.get("exclusive_groups") or ())),
        "shares": shares(source),
        "topics": tuple(source.get("topics") or ()),
        "published_at": version.published_at,
    }


def shares(source: Mapping[str, Any]) -> tuple[tuple[str, Decimal], ...]:
    """Who pays which part, in percent, by what an item's *source* says."""
    return tuple(_share(each) for each in source.get("sources") or ())


def _share(given: Mapping[str, Any]) -> tuple[str, Decimal]:
    return wording.in_text(given.get("source")), Decimal(str(given.get("percent") or 0))


def listing(
    db: Session, filters: Filters, number: int, *, today: date, found: Sequence[str] | None = None
) -> Listing:
    """One page of the catalogue, or of what a search *found* (codes, the best first), under *filters*."""
    on_shelf = shelf.shelf(db).items
    if found is None:
        items = sorted(on_shelf, key=lambda item: order(item, today))
    else:
        by_code = {item.code: item for item in on_shelf}
        items = [by_code[code] for code in found if code in by_code]
    keys = facets.keys_of(today, facets.regions_of(items, filters.get("region", ())))
    left = facets.chosen(items, filters, keys)
    last = max(-(-len(left) // PAGE_SIZE), 1)
    page = Page(min(max(number, 1), last), PAGE_SIZE, len(left))
    start = (page.number - 1) * PAGE_SIZE
    groups = facets.facets(items, filters, keys, _modes(on_shelf))
    return Listing(tuple(left[start : start + PAGE_SIZE]), groups, page)


def offered(db: Session, today: date) -> list[tuple[str, str]]:
    """Code and title of what takes applications here on *today*."""
    on_shelf = shelf.shelf(db).items
    takes = (item for item in on_shelf if not item.foreign and item.mode != Mode.EXEMPT)
    return [(item.code, item.title) for item in takes if item.standing(today) is rules.Standing.OPEN]


def order(item: ListedItem, today: date) -> tuple[bool, int, str]:
    """What can be had here first, the open ones before the closed, then by code."""
    return item.foreign, list(rules.Standing).index(item.standing(today)), item.code


def _modes(items: Sequence[ListedItem]) -> dict[str, str]:
    usual = {mode.value: label for mode, label in rules.MODE_LABELS.items() if mode is not Mode.UNSTATED}
    return usual | {item.mode: item.mode_label for item in sorted(items, key=lambda item: item.mode)}


def home(db: Session) -> Home:
    """Counts by need and by mode."""
    everything = shelf.shelf(db).items
    here = [item for item in everything if not item.foreign]
    items = here or list(everything)
    needs = ((slug, need.label, sum(slug in item.needs for item in items)) for slug, need in BY_SLUG.items())
    ranked = sorted((need for need in needs if need[2]), key=lambda need: -need[2])
    modes = {mode.value: sum(item.mode == mode for item in items) for mode in Mode}
    return Home(len(items), tuple(ranked), modes, bool(here))


def without_current_version(db: Session) -> list[str]:
    """Invariant: every published item has exactly one version in force."""
    of_item = ItemVersion.item_id == PolicyItem.id
    in_force = of_item & (ItemVersion.number == PolicyItem.current)
    query = (
        select(PolicyItem.code, func.count(ItemVersion.id))
        .outerjoin(ItemVersion, in_force)
        .group_by(PolicyItem.code)
        .having(func.count(ItemVersion.id) != 1)
        .order_by(PolicyItem.code)
    )
    return [f"item {code}: {count} versions in force" for code, count in db.execute(query)]


def changed_versions(db: Session) -> list[str]:
    """Invariant: the digest of a version is that of its content, and so are the conditions beside it."""
    query = select(ItemVersion.id, ItemVersion.digest, ItemVersion.source, ItemVersion.conditions)
    found = db.execute(query.order_by(ItemVersion.id).execution_options(yield_per=500))
    return list(_changed(found))


def _changed(found: Any) -> Iterator[str]:
    for row in found:
        source = json.loads(row.source)
        if rows.digest_of(source) != row.digest:
            yield f"item version {row.id}: the digest is not that of its content"
        elif source.get("conditions") != row.conditions:
            yield f"item version {row.id}: the conditions are not those of its content"


INVARIANTS = (
    ("every published item has exactly one version in force", without_current_version),
    ("the digest of every item version is that of its content", changed_versions),
)
