"""What one process keeps of blocks between two events: facts as columns, leaves as bitmaps. Reads only.

A block in memory is brought up to the revision under which its lock is held, so that whoever holds the lock
sees at least what every change before him left behind.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import RLock

from sqlalchemy.orm import Session

from foundation.enterprises import queries as enterprises
from matching import queries
from matching.planes import queries as planes
from matching.planes.blocks import Block
from matching.planes.recipes import Book
from matching.push import state
from matching.rules import Item

MOST_KEPT = 4


@dataclass(slots=True)
class _Kept:
    """One block, the revision of its facts, and how much of the book's changes it has followed."""

    block: Block
    revision: int
    followed: int


class Held:
    """The blocks of one database."""

    def __init__(self) -> None:
        self.book = Book()
        self.blocks: dict[int, _Kept] = {}
        self._versions: dict[str, int] = {}
        self._changed: list[int] = []  # places of items, in the order in which they changed

    def follow(self, items: Iterable[Item]) -> None:
        """Let the book hold what is published now."""
        current = {item.code: item for item in items}
        for code, item in current.items():
            if self._versions.get(code) != item.version_id:
                self._changed.append(self.book.put(code, item.tree))
                self._versions[code] = item.version_id
        for code in self._versions.keys() - current.keys():
            self._changed.append(self.book.withdraw(code))
            del self._versions[code]

    def block(self, db: Session, number: int, revision: int) -> Block:
        """A block with the facts of *revision* or later, and every published item's plane."""
        kept = self.blocks.get(number)
        touched = state.touched_since(db, number, kept.revision, revision) if kept else None
        if kept is None or touched is None:
            kept = _Kept(planes.block(db, self.book, number), revision, len(self._changed))
            self.blocks[number] = kept
            return kept.block
        planes.learn_strange(db, kept.block)
        kept.block.renew(dict.fromkeys(self._changed[kept.followed :]))
        kept.followed = len(self._changed)
        for profile in enterprises.profiles_of(db, touched):
            place = profile.enterprise.id - kept.block.first_id
            if not kept.block.has_room(place):
                kept.block = kept.block.widened(place)
            kept.block.change(profile.enterprise.id, profile.values)
        kept.revision = revision
        return kept.block


_held: dict[str, Held] = {}
# a worker may run as threads
_one_at_a_time = RLock()


def block(db: Session, number: int, revision: int) -> Block:
    """One block as this process keeps it, brought up to *revision*."""
    place = str(db.get_bind().engine.url)
    if place not in _held and len(_held) >= MOST_KEPT:
        _held.clear()
    with _one_at_a_time:
        held = _held.setdefault(place, Held())
        held.follow(queries.items(db))
        try:
            return held.block(db, number, revision)
        except BaseException:
            held.blocks.pop(number, None)  # half brought up: the next one starts anew
            raise


def forget() -> None:
    """Let go of everything, as a new process would."""
    _held.clear()
