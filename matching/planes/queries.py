"""Planes from the database, which holds the truth: who reads the same rows has the same bits. Reads only."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from catalog.conditions.tree import Node
from foundation.enterprises import queries as enterprises
from matching import queries
from matching.planes.blocks import SIZE, Block, Difference, standing
from matching.planes.kept import Planes
from matching.planes.recipes import Book
from matching.planes.reverse import Index
from matching.rules import Item

Facts = dict[str, list[object]]
_indexes: dict[str, tuple[tuple[Item, ...], Index]] = {}


def numbers(db: Session) -> range:
    """The blocks in which enterprises stand: workers share them out among themselves."""
    return range(enterprises.last_id(db) // SIZE + 1)


def book(db: Session) -> Book:
    """Every published item, by code."""
    return Book({item.code: item.tree for item in queries.items(db)})


def planes(db: Session, share: Iterable[int] | None = None) -> Planes:
    """Every published item against the enterprises of all blocks, or of a share of them."""
    items = book(db)
    return Planes(items, [block(db, items, number) for number in (numbers(db) if share is None else share)])


def block(db: Session, items: Book, number: int) -> Block:
    """One block as the database has it now."""
    present, facts = _read(db, number, items.fields)
    made = Block(items, number, standing(present))
    for field, values in facts.items():
        made.learn(field, values)
    made.renew()
    return made


def put(db: Session, kept: Planes, code: str, tree: Node) -> list[Difference]:
    """Take in a published item, or its new conditions; facts that nothing asked for before are read first."""
    kept.book.put(code, tree)
    for own in kept.blocks.values():
        learn_strange(db, own)
    return kept.put(code, tree)


def learn_strange(db: Session, own: Block) -> None:
    """Read the facts that nothing asked for before."""
    if own.strange:
        for field, values in _read(db, own.number, own.strange)[1].items():
            own.learn(field, values)


def _read(db: Session, number: int, fields: Iterable[str]) -> tuple[list[int], Facts]:
    """Who stands in a block, and some of their facts by place."""
    first = number * SIZE
    facts: Facts = {field: [None] * SIZE for field in fields}
    present: list[int] = []
    for profile in enterprises.profiles_between(db, first, first + SIZE, facts.keys()):
        place = profile.enterprise.id - first
        present.append(place)
        for field in facts.keys() & profile.values.keys():
            facts[field][place] = profile.values[field]
    return present, facts


def index(db: Session) -> tuple[tuple[Item, ...], Index]:
    """Every published item by code, and the index that matches one enterprise; both in one order."""
    place, items = str(db.get_bind().engine.url), queries.items(db)
    kept = _indexes.get(place)
    if kept is None or kept[0] is not items:
        if len(_indexes) >= queries.MOST_KEPT:
            _indexes.clear()
        kept = _indexes[place] = items, Index([item.tree for item in items])
    return kept
