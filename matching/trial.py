"""Rules that are not in force, tried on every enterprise: who would meet them, and what it would cost."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from catalog.conditions.tree import Node
from foundation.enterprises import queries as enterprises
from matching.amounts import Benefit, Shares, estimate
from matching.planes import queries as planes
from matching.planes.bitmaps import Positions, Words, count, positions
from matching.planes.recipes import Book
from matching.planes.rows import MAYBE, SURELY

# above this many enterprises sums that differ from firm to firm are not reckoned on a page
MOST_RECKONED = 5000


@dataclass(frozen=True, slots=True)
class Held:
    """Who surely meets a rule, who may, and how many do not; enterprises by id."""

    surely: tuple[int, ...]
    unsure: tuple[int, ...]
    out: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a rule asks and what it gives."""

    tree: Node
    benefit: Benefit
    shares: Shares = ()


def held(db: Session, trees: Mapping[str, Node]) -> dict[str, Held]:
    """Each of *trees*, by name, held against every enterprise."""
    book = Book(trees)
    surely: dict[str, list[int]] = {name: [] for name in trees}
    unsure: dict[str, list[int]] = {name: [] for name in trees}
    present = 0
    for number in planes.numbers(db):
        block = planes.block(db, book, number)
        present += count(block.present)
        for name in trees:
            pair = block.planes.pairs[book.place(name)]
            surely[name] += _ids(pair[SURELY], block.first_id)
            unsure[name] += _ids(pair[MAYBE] & ~pair[SURELY], block.first_id)
    return {
        name: Held(tuple(surely[name]), tuple(unsure[name]), present - len(surely[name]) - len(unsure[name]))
        for name in trees
    }


def _ids(words: Words, first_id: int) -> list[int]:
    found: Positions = positions(words) + first_id
    return [int(one) for one in found]


def sums(db: Session, offer: Offer, ids: Collection[int]) -> dict[int, int | None]:
    """What the offer brings each of these enterprises, in fen; empty where there are too many to reckon."""
    if offer.benefit.get("kind") == "fixed":
        return dict.fromkeys(ids, estimate(offer.benefit, offer.tree, {}, offer.shares).fen)
    if len(ids) > MOST_RECKONED:
        return {}
    return {
        profile.enterprise.id: estimate(offer.benefit, offer.tree, profile.values, offer.shares).fen
        for profile in enterprises.profiles_of(db, ids)
    }


def total(ids: Collection[int], known: Mapping[int, int | None]) -> int | None:
    """The sum over *ids*, or None where any of them is not known."""
    found = [fen for one in ids if (fen := known.get(one)) is not None]
    return sum(found) if len(found) == len(ids) else None
