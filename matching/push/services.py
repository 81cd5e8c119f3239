"""Find who is newly entitled or newly concerned, and tell each of them once. Never commits.

Whoever looks at a block holds its lock until the end of the transaction: what was found, who was told and the
planes as they then stand are kept together or not at all, so that a run can be interrupted anywhere.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from catalog import queries as catalogue
from foundation import audit, clock
from foundation.enterprises import queries as enterprises
from foundation.enterprises.queries import Profile
from foundation.web.access import Actor
from matching import queries
from matching.planes import queries as planes
from matching.planes.blocks import SIZE
from matching.planes.reverse import Index
from matching.push import held, runs, state, telling
from matching.push.letters import News
from matching.push.models import Push
from matching.push.rules import Reason, changes, worth_telling
from matching.push.state import Sides
from matching.rules import Item

# internal ids of the enterprises that have an application of an item under way
LiveCases = Callable[[Session, str], Collection[int]]
Found = dict[int, list[News]]


def catch_up(db: Session, number: int) -> None:
    """Look at every item of a block whose plane was made under another version, or never."""
    revision = state.lock(db, number)
    items = {item.item_id: item for item in queries.items(db)}
    before = state.versions(db, number)
    state.drop(db, number, before.keys() - items.keys())
    stale = [item for item in items.values() if before.get(item.item_id) != item.version_id]
    if not stale:
        return
    block = held.block(db, number, revision)
    old = state.planes(db, number, [item.item_id for item in stale])
    made: dict[int, tuple[int, Sides]] = {}
    found: dict[str, Found] = {}
    for item in stale:
        surely, maybe = block.planes.pairs[block.book.place(item.code)]
        made[item.item_id] = item.version_id, Sides(state.octets_of(surely), state.octets_of(maybe))
        turned = _turned(number, old.get(item.item_id, Sides()), made[item.item_id][1])
        found[item.code] = _news(db, item, before.get(item.item_id), *turned)
    state.put(db, number, made)
    told = telling.tell(db, _by_enterprise(found.values()))
    for item in stale:
        runs.advance(db, item, Reason.PUBLISHED, number, _count(item, found, told))


def _count(item: Item, found: Mapping[str, Found], told: telling.Told) -> int:
    """How many were told of *item*."""
    return sum(
        any(each.identity in told.get(one, ()) for each in news) for one, news in found[item.code].items()
    )


def _turned(number: int, old: Sides, new: Sides) -> tuple[list[int], list[int], list[int]]:
    """The ids of those who surely meet an item now and did not before, no longer do, and still do."""
    length = 8 * max(len(old.surely), len(new.surely))
    was, now = (state.bits_of(side.surely, length) for side in (old, new))
    first = number * SIZE
    parts = (now & ~was & 1, was & ~now & 1, was & now)
    gained, lost, still = ((np.flatnonzero(part) + first).tolist() for part in parts)
    return gained, lost, still


def _news(
    db: Session, item: Item, before: int | None, gained: list[int], lost: list[int], still: list[int]
) -> Found:
    """Whom to tell what of an item that was published or changed."""
    if not worth_telling(item.window, item.validity, clock.now().date(), foreign=item.foreign):
        return {}
    found: Found = {one: [News(item, Reason.PUBLISHED)] for one in gained}
    if before is not None and (lost or still):
        other = changes(*(catalogue.item_version(db, each).source for each in (before, item.version_id)))
        if other:
            found.update((one, [News(item, Reason.LOST, other)]) for one in lost)
            found.update((one, [News(item, Reason.CHANGED, other)]) for one in still)
    return found


def _by_enterprise(found: Collection[Found]) -> Found:
    joined: Found = {}
    for each in found:
        for one, news in each.items():
            joined.setdefault(one, []).extend(news)
    return joined


def look_again(db: Session, credit_codes: Collection[str]) -> None:
    """Hold enterprises whose facts changed against every item, and tell them what they gained."""
    by_block: dict[int, list[int]] = {}
    for one in enterprises.ids_of(db, credit_codes):
        by_block.setdefault(one // SIZE, []).append(one)
    count = 0
    for number, ids in sorted(by_block.items()):
        state.lock(db, number)
        state.touch(db, number, ids)
        catch_up(db, number)
        told = telling.tell(db, _look(db, number, enterprises.profiles_of(db, ids)))
        count += sum(map(len, told.values()))
    if count:
        facts = {"reason": Reason.PROFILE.value, "enterprises": len(credit_codes), "told": count}
        audit.record(db, "push", "pushed", actor=None, happened_at=clock.now(), facts=facts)


def _look(db: Session, number: int, profiles: Sequence[Profile]) -> Found:
    """What these enterprises gained, with the planes put right. The block is locked and caught up."""
    items, index = planes.index(db)
    if not items:
        return {}
    today = clock.now().date()
    places = [profile.enterprise.id - number * SIZE for profile in profiles]
    first, end = min(places) >> 3, (max(places) >> 3) + 1
    kept = _levels(items, state.slices(db, number, [item.item_id for item in items], first, end), end - first)
    turned: dict[int, dict[int, tuple[bool, bool]]] = {}
    found: Found = {}
    for profile, place in zip(profiles, places, strict=True):
        was = kept[:, place - first * 8]
        now = _now(index, profile, len(items))
        for at in np.flatnonzero(was != now).tolist():
            item, level = items[at], int(now[at])
            turned.setdefault(item.item_id, {})[place] = (level == SURELY, level >= MAYBE)
            if level == SURELY and worth_telling(item.window, item.validity, today, foreign=item.foreign):
                found.setdefault(profile.enterprise.id, []).append(News(item, Reason.PROFILE))
    _put_right(db, number, turned)
    return found


MAYBE, SURELY = 1, 2
Levels = NDArray[np.uint8]


def _levels(items: Sequence[Item], old: Mapping[int, Sides], octets: int) -> Levels:
    """What the kept planes say, a row an item and a column an enterprise."""
    none = Sides()
    sides = [old.get(item.item_id, none) for item in items]
    both = [(one.surely.ljust(octets, b"\0"), one.maybe.ljust(octets, b"\0")) for one in sides]
    surely, maybe = (
        np.frombuffer(b"".join(side), np.uint8).reshape(len(items), octets)
        for side in zip(*both, strict=True)
    )
    return np.unpackbits(surely, axis=1, bitorder="little") + np.unpackbits(maybe, axis=1, bitorder="little")


def _now(index: Index, profile: Profile, length: int) -> Levels:
    answer = index.match(profile.values)
    levels = np.zeros(length, np.uint8)
    levels[answer.unknown], levels[answer.eligible] = MAYBE, SURELY
    return levels


def _put_right(db: Session, number: int, turned: Mapping[int, Mapping[int, tuple[bool, bool]]]) -> None:
    """Set the bits that turned in the kept planes."""
    known, old = state.versions(db, number), state.planes(db, number, turned.keys())
    made = {}
    for item_id, places in turned.items():
        surely = _with_bits(old[item_id].surely, {place: sides[0] for place, sides in places.items()})
        maybe = _with_bits(old[item_id].maybe, {place: sides[1] for place, sides in places.items()})
        made[item_id] = known[item_id], Sides(surely, maybe)
    state.put(db, number, made)


def _with_bits(octets: bytes, bits: Mapping[int, bool]) -> bytes:
    changed = bytearray(octets.ljust((max(bits) >> 3) + 1, b"\0"))
    for place, is_set in bits.items():
        if is_set:
            changed[place >> 3] |= 1 << (place & 7)
        else:
            changed[place >> 3] &= ~(1 << (place & 7))
    return bytes(changed).rstrip(b"\0")


def remind(db: Session, number: int, news: Mapping[str, Reason], live: LiveCases) -> None:
    """Tell those of a block who are entitled and have no application under way what the calendar says."""
    state.lock(db, number)
    items = [item for item in queries.items(db) if item.code in news]
    kept = state.planes(db, number, [item.item_id for item in items])
    found: dict[str, Found] = {}
    for item in items:
        _, _, entitled = _turned(number, *[kept.get(item.item_id, Sides())] * 2)
        busy = live(db, item.code)
        found[item.code] = {one: [News(item, news[item.code])] for one in entitled if one not in busy}
    told = telling.tell(db, _by_enterprise(found.values()))
    for item in items:
        runs.advance(db, item, news[item.code], number, _count(item, found, told))


def judge_wrong(db: Session, actor: Actor, push: Push, note: str) -> None:
    """Keep that an enterprise should not have been told; the first word counts."""
    if push.wrong_at is not None:
        return
    push.wrong_at, push.wrong_note = clock.now(), note or None
    facts = {"reason": push.reason.value}
    subject = f"enterprise:{actor.organisation_code}"
    audit.record(db, subject, "push_judged_wrong", actor=actor, happened_at=push.wrong_at, facts=facts)


def rebuild(db: Session, number: int) -> list[str]:
    """Make a block's planes anew from facts and items alone; the codes of items that were not as kept."""
    state.lock(db, number)
    fresh = planes.block(db, planes.book(db), number)
    items = {item.item_id: item for item in queries.items(db)}
    kept = state.planes(db, number, items.keys())
    made = {}
    for item in items.values():
        surely, maybe = fresh.planes.pairs[fresh.book.place(item.code)]
        sides = Sides(state.octets_of(surely), state.octets_of(maybe))
        if kept.get(item.item_id) != sides:
            made[item.item_id] = item.version_id, sides
    state.put(db, number, made)
    return sorted(items[item_id].code for item_id in made)
