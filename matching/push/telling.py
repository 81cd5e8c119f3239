"""Tell enterprises their news, each piece once. Never commits."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import bulk, clock
from foundation.accounts import queries as accounts
from foundation.enterprises import queries as enterprises
from foundation.errors import NotFound
from matching.push.letters import Draft, News, draft, letter_of_many
from matching.push.models import Push
from matching.push.rules import KINDS, MOST_APART, Reason
from notices import queries as inbox
from notices import services as notices
from notices.kinds import MessageKind
from notices.services import Letter

Identity = tuple[int, Reason]
Told = dict[int, set[Identity]]


def tell(db: Session, found: Mapping[int, Sequence[News]]) -> Told:
    """Put what is new into the inboxes of those enterprises, and say what of it was new to whom.

    The callers hold the lock of the block in which they stand; the unique constraint guards it all the same.
    """
    before = _told_before(db, found)
    fresh = {
        one: own
        for one, news in found.items()
        if (own := [each for each in news if each.identity not in before.get(one, ())])
    }
    if not fresh:
        return {}
    letters, pushes = _write(db, fresh)
    notices.tell_all(db, letters)
    bulk.insert(db, Push, pushes)
    return {one: {each.identity for each in news} for one, news in fresh.items()}


def _told_before(db: Session, found: Mapping[int, Sequence[News]]) -> Told:
    versions = {each.item.version_id for news in found.values() for each in news}
    if not versions:
        return {}
    query = select(Push.enterprise_id, Push.item_version_id, Push.reason).where(
        Push.item_version_id.in_(versions), Push.enterprise_id.between(min(found), max(found))
    )
    before: Told = {}
    for one, version_id, reason in db.execute(query):
        before.setdefault(one, set()).add((version_id, reason))
    return before


def _write(db: Session, fresh: Mapping[int, Sequence[News]]) -> tuple[list[Letter], list[dict[str, object]]]:
    """The letters, and the rows that keep what was pushed; those who opted out get a row and no letter."""
    addresses = enterprises.addresses(db, fresh.keys())
    muted = inbox.opted_out(db, {KINDS[each.reason] for news in fresh.values() for each in news})
    phones = _phones(db, {region for _, region in addresses.values()})
    now, letters, pushes = clock.now(), list[Letter](), list[dict[str, object]]()
    drafts: dict[tuple[Identity, str], Draft] = {}
    for one, news in fresh.items():
        code, region = addresses[one]
        for some in _together(news):
            silent = (code, KINDS[some[0].reason]) in muted
            if len(some) == 1:
                said = _drafted(drafts, some[0], phones[region], code)
            else:
                said = letter_of_many(some, code, phones[region])
            letters += () if silent else (said,)
            pushes += (
                {
                    "enterprise_id": one, "item_version_id": each.item.version_id, "reason": each.reason,
                    "message_key": None if silent else said.key, "pushed_at": now,
                }
                for each in some
            )  # fmt: skip
    return letters, pushes


def _drafted(drafts: dict[tuple[Identity, str], Draft], news: News, phone: str, code: str) -> Letter:
    """The message about one item, drafted once for all whom one window serves."""
    key = news.identity, phone
    if key not in drafts:
        drafts[key] = draft(news, phone)
    return drafts[key].to(code)


def _together(news: Sequence[News]) -> list[Sequence[News]]:
    """What goes into one message: much that was gained at once together, all else apart."""
    gained = [each for each in news if KINDS[each.reason] is MessageKind.ENTITLED]
    if len(gained) <= MOST_APART:
        return [[each] for each in news]
    return [gained, *([each] for each in news if each not in gained)]


def _phones(db: Session, regions: Collection[str]) -> dict[str, str]:
    """The telephone of the window that serves a region; empty where none is set up."""
    found = {}
    for region in regions:
        try:
            found[region] = accounts.window_of(db, region).phone or ""
        except NotFound:
            found[region] = ""
    return found
