"""The catalogue in force as lists and searches need it, kept in memory until the next publication."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from catalog import rules, wording
from catalog.audience import ANYBODY, Audience, audience
from catalog.conditions.parse import parse
from catalog.models import CatalogStamp, ItemVersion, PolicyItem, RedeemMode
from catalog.needs import needs_of
from catalog.rules import Span, Standing
from foundation.accounts.reference import CITY

MOST_KEPT, MOST_ONE_BY_ONE = 4, 500


@dataclass(frozen=True, slots=True)
class ListedItem:
    """One row of a list."""

    code: str
    title: str
    mode: str
    mode_label: str
    level: str | None
    department_name: str | None
    region_code: str | None
    region_name: str
    foreign: bool
    window: Span
    validity: Span
    amount: wording.Amount
    needs: tuple[str, ...]
    topics: tuple[str, ...]
    published_at: datetime
    audience: Audience = ANYBODY

    def standing(self, today: date) -> Standing:
        """Whether it takes applications on *today*."""
        return rules.standing(self.window, self.validity, today)


@dataclass(frozen=True, slots=True)
class SearchedText:
    """What search reads of one item."""

    conditions: str
    benefit: str
    department: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every item in force, by code."""

    stamp: str
    items: tuple[ListedItem, ...]
    texts: tuple[SearchedText, ...]
    versions: tuple[int, ...]


Read = tuple[ListedItem, SearchedText]
_kept: dict[str, Shelf] = {}


def stamp(db: Session) -> str:
    """A mark that changes with every publication."""
    return db.scalar(select(CatalogStamp.stamp).where(CatalogStamp.id == 1)) or ""


def shelf(db: Session) -> Shelf:
    """The catalogue as it stands: one small query where nothing was published since."""
    place, mark = str(db.get_bind().engine.url), stamp(db)
    kept = _kept.get(place)
    if kept is None or kept.stamp != mark:
        kept = _load(db, mark, kept)
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[place] = kept
    return kept


def in_force() -> Select[Any, Any, Any]:
    """Items with the version in force and its mode."""
    return (
        select(PolicyItem, ItemVersion, RedeemMode)
        .join(
            ItemVersion, (ItemVersion.item_id == PolicyItem.id) & (ItemVersion.number == PolicyItem.current)
        )
        .join(RedeemMode, RedeemMode.code == ItemVersion.mode_code)
    )


def _load(db: Session, mark: str, before: Shelf | None) -> Shelf:
    """The catalogue as it stands; versions that *before* holds are not read again."""
    query = in_force().with_only_columns(PolicyItem.code, ItemVersion.id)
    found: list[Any] = sorted(db.execute(query.where(PolicyItem.withdrawn_at.is_(None))))
    read = _held(before)
    fresh = [number for _, number in found if number not in read]
    read |= _read(db, fresh if before and len(fresh) <= MOST_ONE_BY_ONE else None)
    items = [read[number] for _, number in found]
    versions = tuple(number for _, number in found)
    return Shelf(mark, tuple(item for item, _ in items), tuple(text for _, text in items), versions)


def _held(shelf: Shelf | None) -> dict[int, Read]:
    if shelf is None:
        return {}
    return dict(zip(shelf.versions, zip(shelf.items, shelf.texts, strict=True), strict=True))


def _read(db: Session, versions: Sequence[int] | None) -> dict[int, Read]:
    """The versions in force, all or those with these numbers."""
    item, version = PolicyItem, ItemVersion
    columns = (
        version.id, item.code, version.title, version.mode_code, RedeemMode.label, version.level,
        version.department_name, version.region_code, version.window_from, version.window_until,
        version.valid_from, version.valid_until, version.published_at, version.source,
    )  # fmt: skip
    query = in_force().with_only_columns(*columns)
    if versions is not None:
        query = query.where(version.id.in_(versions))
    return {row.id: _listed(row) for row in db.execute(query)}


def _audience(written: str, source: Mapping[str, Any]) -> Audience:
    """Whom the conditions admit; reading a tree takes time, and few ask for industry or size."""
    asks = any(name in written for name in ('"industry_', '"scale"'))
    return audience(parse(source.get("conditions"))) if asks else ANYBODY


def _listed(row: Any) -> Read:
    source = json.loads(row.source)
    benefit = source.get("benefit") or {}
    topics = tuple(source.get("topics") or ())
    item = ListedItem(
        code=row.code,
        title=row.title,
        mode=row.mode_code,
        mode_label=row.label,
        level=row.level,
        department_name=row.department_name,
        region_code=row.region_code,
        region_name=wording.in_text(source.get("region_name")),
        foreign=not rules.applies_here(row.region_code, CITY),
        window=Span(row.window_from, row.window_until),
        validity=Span(row.valid_from, row.valid_until),
        amount=wording.amount(benefit),
        needs=needs_of(topics, row.title),
        topics=topics,
        published_at=row.published_at,
        audience=_audience(row.source, source),
    )
    text = SearchedText(
        wording.in_text(source.get("conditions_plain")),
        wording.in_text(benefit.get("text")),
        row.department_name or "",
    )
    return item, text
