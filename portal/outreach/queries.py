"""What pushes came to, item by item, and what an item would need this year and next, by county."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.conditions import regions
from catalog.models import ItemVersion, PolicyItem
from foundation import clock
from foundation.enterprises import queries as enterprises
from foundation.errors import NotFound
from foundation.web.access import Actor, Role
from matching import queries as matching
from matching import trial
from matching.planes.blocks import SIZE
from matching.push import state
from matching.push.models import Push
from matching.rules import Item
from matching.trial import Offer
from notices.models import Message
from portal.window.models import Case
from portal.window.queries import live_applicants
from portal.window.rules import Stage


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of the pushes of one item; enterprises, each counted once."""

    code: str
    title: str
    pushed: int
    opened: int
    applied: int
    paid: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Need:
    """What one county's enterprises would need of an item."""

    county: str
    this_year: int
    this_year_fen: int | None
    next_year: int
    next_year_fen: int | None
    unsure: int


def visible_to(actor: Actor, items: Collection[Item], departments: dict[str, int | None]) -> list[Item]:
    """A department sees its own items, finance and the supervisor all."""
    own = [item for item in items if not item.foreign]
    if actor.role is not Role.DEPARTMENT:
        return own
    return [item for item in own if departments.get(item.code) == actor.organisation_id]


def _items(db: Session, actor: Actor) -> list[Item]:
    rows = db.execute(select(PolicyItem.code, PolicyItem.department_id))
    return visible_to(actor, matching.items(db), {row.code: row.department_id for row in rows})


def figures(db: Session, actor: Actor) -> list[Figures]:
    """The actor's items that were ever pushed, those pushed most first."""
    titles = {item.code: item.title for item in _items(db, actor)}
    firms = func.count(Push.enterprise_id.distinct())
    pushed = (
        select(
            PolicyItem.code,
            firms.label("pushed"),
            firms.filter(Message.read_at.is_not(None)).label("opened"),
            firms.filter(Push.wrong_at.is_not(None)).label("wrong"),
        )
        .join(ItemVersion, ItemVersion.id == Push.item_version_id)
        .join(PolicyItem, PolicyItem.id == ItemVersion.item_id)
        .join(Message, Message.key == Push.message_key)
        .group_by(PolicyItem.code)
    )
    taken = _taken(db)
    found = [
        Figures(row.code, titles[row.code], row.pushed, row.opened, *taken.get(row.code, (0, 0)), row.wrong)
        for row in db.execute(pushed)
        if row.code in titles
    ]
    return sorted(found, key=lambda one: (-one.pushed, one.code))


def _taken(db: Session) -> dict[str, tuple[int, int]]:
    """By item, how many of those who were told applied, and how many of them were paid."""
    applicants = func.count(Case.applicant_id.distinct())
    rows = db.execute(
        select(Case.item_code, applicants, applicants.filter(Case.stage == Stage.PAID))
        .join(PolicyItem, PolicyItem.code == Case.item_code)
        .join(ItemVersion, ItemVersion.item_id == PolicyItem.id)
        .join(Push, (Push.item_version_id == ItemVersion.id) & (Push.enterprise_id == Case.applicant_id))
        .where(Case.stage != Stage.DRAFT, Push.message_key.is_not(None))
        .group_by(Case.item_code)
    )
    return {code: (applied, paid) for code, applied, paid in rows}


def forecast(db: Session, actor: Actor, code: str) -> tuple[Item, list[Need]]:
    """What an item would need, by county: who is entitled and has not applied, and who will be next year."""
    item = next((one for one in _items(db, actor) if one.code == code), None)
    if item is None:
        raise NotFound("没有这一项，或者不是本单位主管的。请从推送成效重新进入。")
    surely, unsure = _entitled(db, item)
    offer = Offer(item.tree, item.benefit, item.shares)
    live, sums = live_applicants(db, code), trial.sums(db, offer, surely)
    places = enterprises.addresses(db, {*surely, *unsure})
    counties: dict[str, list[int]] = {}
    for one in surely:
        counties.setdefault(places[one][1], []).append(one)
    open_next = _lasts(item, clock.now().date().year + 1)
    in_doubt = Counter(places[one][1] for one in unsure)
    return item, [
        _need(region, counties.get(region, []), live, sums, in_doubt[region], open_next=open_next)
        for region in sorted({*counties, *in_doubt})
    ]


def _need(
    region: str,
    own: list[int],
    live: Collection[int],
    sums: dict[int, int | None],
    unsure: int,
    *,
    open_next: bool,
) -> Need:
    waiting, later = [one for one in own if one not in live], own if open_next else []
    county = regions.name(region) if region else "没有登记地区"
    return Need(
        county, len(waiting), trial.total(waiting, sums), len(later), trial.total(later, sums), unsure
    )


def _entitled(db: Session, item: Item) -> tuple[list[int], list[int]]:
    """Who surely meets an item and for whom it is open, as the planes were kept last."""
    surely: list[int] = []
    unsure: list[int] = []
    for number in state.numbers(db):
        sides = state.planes(db, number, [item.item_id]).get(item.item_id, state.Sides())
        own, maybe = (
            set(state.bits_of(side, SIZE).nonzero()[0].tolist()) for side in (sides.surely, sides.maybe)
        )
        surely += [one + number * SIZE for one in sorted(own)]
        unsure += [one + number * SIZE for one in sorted(maybe - own)]
    return surely, unsure


def _lasts(item: Item, year: int) -> bool:
    ends = [span.end for span in (item.window, item.validity) if span.end]
    return all(end >= date(year, 1, 1) for end in ends)
