"""The catalogue seen from further away: by department, by change, county beside county."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from catalog import wording
from catalog.guide import guide
from catalog.models import ItemVersion, PolicyItem
from catalog.rules import Standing
from catalog.shelf import ListedItem, in_force, shelf
from catalog.survey.changes import Change
from catalog.survey.disparities import Disparity, Local, disparities
from foundation.accounts.models import Organisation
from foundation.accounts.reference import COUNTIES
from foundation.errors import NotFound

MOST_CHANGES = 50


@dataclass(frozen=True, slots=True)
class Bureau:
    """A department that keeps items."""

    code: str
    name: str
    phone: str | None
    address: str | None
    items: int


def here(db: Session) -> list[ListedItem]:
    """What can be had here."""
    return [item for item in shelf(db).items if not item.foreign]


def always_open(items: list[ListedItem], today: date) -> int:
    """How many take applications and name no day on which they cease to."""
    return sum(item.standing(today) is Standing.OPEN and item.window.end is None for item in items)


def bureaus(db: Session) -> list[Bureau]:
    """Every department with items that can be had here, those with most first."""
    local = {item.code for item in here(db)}
    return _bureaus(db, lambda code: code in local)


def bureau(db: Session, code: str) -> tuple[Bureau, list[ListedItem]]:
    """One department and its items; NotFound where it keeps none."""
    found = _bureaus(db, lambda _: True, Organisation.code == code)
    if not found:
        raise NotFound("这个单位没有发布政策，或者编号不对。请从“主管部门”重新进入。")
    kept = select(PolicyItem.code).join(Organisation, Organisation.id == PolicyItem.department_id)
    codes = set(db.scalars(kept.where(Organisation.code == code, PolicyItem.withdrawn_at.is_(None))))
    return found[0], [item for item in shelf(db).items if item.code in codes]


def _bureaus(db: Session, counts: Callable[[str], bool], *which: ColumnElement[bool]) -> list[Bureau]:
    query = (
        select(PolicyItem.code, Organisation)
        .join(Organisation, PolicyItem.department_id == Organisation.id)
        .where(PolicyItem.withdrawn_at.is_(None), *which)
    )
    kept = [row for code, row in db.execute(query) if counts(code)]
    items = Counter(row.code for row in kept)
    by_code = {row.code: row for row in kept}
    ordered = sorted(by_code.values(), key=lambda row: (-items[row.code], row.code))
    return [Bureau(row.code, row.name, row.phone, row.address, items[row.code]) for row in ordered]


def changes(db: Session) -> list[Change]:
    """What was published and withdrawn last, the latest first; what is only scheduled is not told."""
    published = (
        select(PolicyItem.code, ItemVersion.title, ItemVersion.number, ItemVersion.published_at.label("at"))
        .join(ItemVersion, ItemVersion.item_id == PolicyItem.id)
        .where(ItemVersion.number <= PolicyItem.current)
        .order_by(ItemVersion.published_at.desc(), ItemVersion.id.desc())
        .limit(MOST_CHANGES)
    )
    withdrawn = (
        in_force()
        .with_only_columns(
            PolicyItem.code, ItemVersion.title, ItemVersion.number, PolicyItem.withdrawn_at.label("at")
        )
        .where(PolicyItem.withdrawn_at.is_not(None))
        .order_by(PolicyItem.withdrawn_at.desc(), PolicyItem.id)
        .limit(MOST_CHANGES)
    )
    found = [_change(row, withdrawn=False) for row in db.execute(published)]
    found += [_change(row, withdrawn=True) for row in db.execute(withdrawn)]
    return sorted(found, key=lambda change: change.at, reverse=True)[:MOST_CHANGES]


def _change(row: Any, *, withdrawn: bool) -> Change:
    return Change(row.code, row.title, row.number, row.at, withdrawn)


def county_disparities(db: Session) -> list[Disparity]:
    """The same item in several counties of the city, where they differ."""
    query = (
        in_force()
        .with_only_columns(
            PolicyItem.code, ItemVersion.title, ItemVersion.region_code, ItemVersion.mode_code,
            ItemVersion.scope, ItemVersion.time_limit, ItemVersion.source,
        )
        .where(ItemVersion.region_code.in_(COUNTIES), PolicyItem.withdrawn_at.is_(None))
        .order_by(PolicyItem.code)
    )  # fmt: skip
    return disparities(_local(row) for row in db.execute(query))


def _local(row: Any) -> Local:
    source = json.loads(row.source)
    read = guide(source, row.mode_code, row.scope, row.time_limit)
    limit = read.limits.total or (f"审核 {read.limits.review} 个工作日" if read.limits.review else "没有写明")
    return Local(
        code=row.code,
        title=row.title,
        region_code=row.region_code,
        region_name=COUNTIES[row.region_code],
        materials=tuple(material.name for material in read.materials),
        limit=str(limit),
        amount=wording.amount(source.get("benefit") or {}).words,
    )
