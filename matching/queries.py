"""Published items held against enterprises, as pages and commands ask for it. Reads only."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from catalog import queries as catalogue
from catalog.conditions.parse import parse
from catalog.conditions.verdict import Outcome
from catalog.rules import Channel
from foundation.enterprises import queries as enterprises
from foundation.enterprises.queries import Profile
from foundation.errors import NotFound
from matching.rules import Item, Match, match

MOST_KEPT = 4
_kept: dict[str, tuple[str, tuple[Item, ...]]] = {}


def items(db: Session) -> tuple[Item, ...]:
    """Every published item by code, its conditions read once; kept until something is published."""
    place, mark = str(db.get_bind().engine.url), catalogue.stamp(db)
    kept = _kept.get(place)
    if kept is None or kept[0] != mark:
        kept = mark, tuple(_item(row) for row in catalogue.published_items(db))
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[place] = kept
    return kept[1]


def _item(row: catalogue.MatchableItem) -> Item:
    return Item(
        code=row.code,
        title=row.title,
        mode=row.mode,
        mode_label=row.mode_label,
        department=row.department_name or "",
        tree=parse(row.conditions),
        benefit=row.benefit,
        window=row.window,
        validity=row.validity,
        foreign=row.foreign,
        online=row.channel is Channel.PORTAL and not row.foreign,
        item_id=row.item_id,
        version_id=row.item_version_id,
        version=row.version,
        exclusivity=row.exclusivity,
    )


def matches(db: Session, values: Mapping[str, Any], as_of: date) -> list[Match]:
    """Every published item held against one enterprise's facts, in code order."""
    return [match(item, values, as_of) for item in items(db)]


def match_enterprise(db: Session, code: str, as_of: date) -> dict[str, Any]:
    """The answer of `match --enterprise`: every published item, and why."""
    return _answer(db, enterprises.profile(db, code), as_of)


def match_all(db: Session, as_of: date) -> Iterator[dict[str, Any]]:
    """The answer of `match --enterprise all`, one enterprise after the other."""
    for profile in enterprises.profiles(db):
        yield _answer(db, profile, as_of)


def match_item(db: Session, code: str, as_of: date) -> dict[str, Any]:
    """The answer of `match --item`: every enterprise's outcome for one item."""
    item = next((one for one in items(db) if one.code == code), None)
    if item is None:
        raise NotFound(f"没有找到事项 {code}。请核对事项编号，或先导入政策。")
    held = [
        {"enterprise": _name(profile), "outcome": match(item, profile.values, as_of).outcome.value}
        for profile in enterprises.profiles(db)
    ]
    counts = Counter(one["outcome"] for one in held)
    return {
        "item": code,
        "as_of": as_of.isoformat(),
        "counts": {outcome.value: counts[outcome.value] for outcome in Outcome},
        "enterprises": held,
    }


def _answer(db: Session, profile: Profile, as_of: date) -> dict[str, Any]:
    return {
        "enterprise": _name(profile),
        "as_of": as_of.isoformat(),
        "results": [_result(one) for one in matches(db, profile.values, as_of)],
    }


def _name(profile: Profile) -> str:
    return profile.enterprise.external_id or profile.enterprise.credit_code


def _result(one: Match) -> dict[str, Any]:
    amount = {} if one.amount_fen is None else {"amount_fen": one.amount_fen}
    because = [{"text": finding.line, "holds": finding.holds} for finding in one.verdict.findings]
    return {
        "item": one.item.code,
        "outcome": one.outcome.value,
        "open": one.open,
        **amount,
        "because": because,
    }
