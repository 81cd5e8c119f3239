"""The planes as they stood when a block was last looked at, and the block's lock. Never commits.

The bytes of a plane end with its last bit, so that the same outcomes are the same bytes in every process.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation.enterprises import queries as enterprises
from matching.planes.bitmaps import Words
from matching.planes.blocks import SIZE
from matching.push.models import PushBlock, PushPlane, PushTouched

KEPT_REVISIONS = 2000
AT_ONCE = 500
Octets = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sides:
    """Who surely meets an item, and who may, as bytes."""

    surely: bytes = b""
    maybe: bytes = b""


def numbers(db: Session) -> range:
    """The blocks in which enterprises stand."""
    return range(enterprises.last_id(db) // SIZE + 1)


def lock(db: Session, number: int) -> int:
    """Have a block to oneself until the end of the transaction; its revision."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"number": number, "revision": 0}
    db.execute(insert(PushBlock).values(**row).on_conflict_do_nothing(index_elements=["number"]))
    held = select(PushBlock.revision).where(PushBlock.number == number).with_for_update()
    return db.scalars(held).one()


def revision(db: Session, number: int) -> int:
    """How often the facts of a block's enterprises have changed; 0 for a block never looked at."""
    return db.scalar(select(PushBlock.revision).where(PushBlock.number == number)) or 0


def touch(db: Session, number: int, ids: Collection[int]) -> None:
    """Let every process know that these enterprises' facts changed. The block is locked."""
    block = db.get_one(PushBlock, number)
    block.revision += 1
    db.add(PushTouched(block=number, revision=block.revision, enterprise_ids=sorted(ids)))
    old = PushTouched.block == number, PushTouched.revision <= block.revision - KEPT_REVISIONS
    db.execute(delete(PushTouched).where(*old))
    db.flush()


def touched_since(db: Session, number: int, before: int, now: int) -> set[int] | None:
    """Whose facts changed between two revisions; None where that is no longer known."""
    rows = db.execute(
        select(PushTouched.revision, PushTouched.enterprise_ids).where(
            PushTouched.block == number, PushTouched.revision > before, PushTouched.revision <= now
        )
    ).all()
    if len(rows) != now - before:
        return None
    return {one for row in rows for one in row.enterprise_ids}


def versions(db: Session, number: int) -> dict[int, int]:
    """The version of each item under which its plane was made."""
    rows = select(PushPlane.item_id, PushPlane.item_version_id).where(PushPlane.block == number)
    return {row.item_id: row.item_version_id for row in db.execute(rows)}


def planes(db: Session, number: int, item_ids: Collection[int]) -> dict[int, Sides]:
    """The planes of some items."""
    return dict(_read(db, number, item_ids, PushPlane.surely.expression, PushPlane.maybe.expression))


def slices(db: Session, number: int, item_ids: Collection[int], first: int, end: int) -> dict[int, Sides]:
    """The same, from the octet *first* up to *end* alone."""
    surely, maybe = (
        func.substr(side, first + 1, end - first) for side in (PushPlane.surely, PushPlane.maybe)
    )
    return dict(_read(db, number, item_ids, surely, maybe))


def _read(
    db: Session,
    number: int,
    item_ids: Collection[int],
    surely: ColumnElement[bytes],
    maybe: ColumnElement[bytes],
) -> Iterator[tuple[int, Sides]]:
    listed = sorted(item_ids)
    for at in range(0, len(listed), AT_ONCE):
        some = PushPlane.item_id.in_(listed[at : at + AT_ONCE])
        query = select(PushPlane.item_id, surely, maybe).where(PushPlane.block == number, some)
        for item_id, one, other in db.execute(query):
            yield item_id, Sides(bytes(one or b""), bytes(other or b""))  # SQLite cuts nothing to NULL


def put(db: Session, number: int, made: Mapping[int, tuple[int, Sides]]) -> None:
    """Keep the planes of some items, each with the version under which it was made."""
    if not made:
        return
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = [
        {
            "item_id": item_id, "block": number, "item_version_id": version_id,
            "surely": sides.surely, "maybe": sides.maybe,
        }
        for item_id, (version_id, sides) in made.items()
    ]  # fmt: skip
    add = insert(PushPlane)
    new = {name: add.excluded[name] for name in ("item_version_id", "surely", "maybe")}
    db.execute(add.on_conflict_do_update(index_elements=["item_id", "block"], set_=new), rows)


def drop(db: Session, number: int, item_ids: Iterable[int]) -> None:
    """Forget the planes of items that are no longer published."""
    gone = sorted(item_ids)
    if gone:
        db.execute(delete(PushPlane).where(PushPlane.block == number, PushPlane.item_id.in_(gone)))


def octets_of(words: Words) -> bytes:
    """A bitmap up to its last bit."""
    return words.tobytes().rstrip(b"\0")


def bits_of(octets: bytes, length: int) -> Octets:
    """*length* bits as zeros and ones."""
    padded = octets.ljust(-(-length // 8), b"\0")
    return np.unpackbits(np.frombuffer(padded, np.uint8), bitorder="little")[:length]
