"""Published items held against enterprises, as pages and commands ask for it. Reads only."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from catalog import queries as catalogue
from catalog.conditions.cited import cited
from catalog.conditions.parse import parse
from catalog.conditions.tree import Leaf, leaves
from catalog.conditions.verdict import Outcome
from catalog.rules import Channel
from foundation.enterprises import queries as enterprises
from foundation.enterprises.queries import Profile
from foundation.errors import NotFound
from matching.board import Board, board
from matching.rules import Item, Match, match

MOST_KEPT = 4
MOST_BOARDS = 200
SEEN = "matching.published"


@dataclass(frozen=True, slots=True)
class _Published:
    """The catalogue in force as matching reads it."""

    stamp: str
    items: tuple[Item, ...]
    by_code: Mapping[str, Item]
    by_field: Mapping[str, list[Item]]
    leaves: Mapping[str, Leaf]


_kept: dict[str, _Published] = {}
_boards: dict[tuple[str, str, date, str], Board] = {}


def items(db: Session) -> tuple[Item, ...]:
    """Every published item by code, its conditions read once; kept until something is published."""
    return _published(db).items


def by_code(db: Session) -> Mapping[str, Item]:
    """Every published item by its code."""
    return _published(db).by_code


def _published(db: Session) -> _Published:
    """As of the first time that this session asked: one question a page."""
    if SEEN not in db.info:
        db.info[SEEN] = _current(db)
    found: _Published = db.info[SEEN]
    return found


def _current(db: Session) -> _Published:
    place, mark = str(db.get_bind().engine.url), catalogue.stamp(db)
    kept = _kept.get(place)
    if kept is None or kept.stamp != mark:
        listed = tuple(_item(row) for row in catalogue.published_items(db))
        kept = _arranged(mark, listed)
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[place] = kept
    return kept


def _arranged(mark: str, listed: tuple[Item, ...]) -> _Published:
    by_field: dict[str, list[Item]] = {}
    for item in listed:
        for field in sorted(item.fields):
            by_field.setdefault(field, []).append(item)
    asked = {leaf.field: leaf for item in listed for leaf in leaves(item.tree)}
    return _Published(mark, listed, {item.code: item for item in listed}, by_field, asked)


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
        exclusive_groups=row.exclusive_groups,
        shares=row.shares,
        legal_basis=row.legal_basis,
        cited=cited(row.conditions),
    )


def matches(db: Session, values: Mapping[str, Any], as_of: date) -> list[Match]:
    """Every published item held against one enterprise's facts, in code order."""
    return [match(item, values, as_of) for item in items(db)]


def board_of(db: Session, profile: Profile, today: date) -> Board:
    """What 我的政策 says of an enterprise; worked out once for the same facts, items and day."""
    published = _published(db)
    dated = {name: (fact.value, fact.as_of) for name, fact in profile.facts.items()}
    facts = json.dumps(dated, sort_keys=True, ensure_ascii=False, default=str)
    key = str(db.get_bind().engine.url), published.stamp, today, facts
    found = _boards.pop(key, None) or board(published.items, profile.values, today)
    if len(_boards) >= MOST_BOARDS:
        del _boards[next(iter(_boards))]
    _boards[key] = found  # the last used stand at the end
    return found


def rows(db: Session, values: Mapping[str, Any], codes: Iterable[str], today: date) -> list[Match]:
    """Some items, by code, held against an enterprise's facts."""
    known = by_code(db)
    return [match(known[code], values, today) for code in codes]


def touching(db: Session, field: str, values: Mapping[str, Any], today: date) -> list[Match]:
    """The items that ask for a fact, held against an enterprise's facts."""
    return [match(item, values, today) for item in _published(db).by_field.get(field, ())]


def leaves_of(db: Session) -> Mapping[str, Leaf]:
    """One leaf of each fact that any item asks for."""
    return _published(db).leaves


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
