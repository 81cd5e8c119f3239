"""What a draft would do once it is published: to enterprises, to money, to cases under way. Reads only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import queries as catalogue
from catalog.conditions import regions
from catalog.conditions.parse import parse
from catalog.drafting import queries as drafting
from catalog.drafting.queries import DraftView
from catalog.models import ItemVersion
from foundation.enterprises import queries as enterprises
from foundation.web.access import Actor
from matching import trial
from matching.trial import Held, Offer
from portal.window.models import Case
from portal.window.rules import ENDED, STAGE_NAMES, Stage

BEFORE, AFTER = "before", "after"
MOST_NAMED = 50
NOBODY = Held((), (), 0)


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise for which something changes, with what it would get or have got."""

    name: str
    credit_code: str
    county: str
    fen: int | None


@dataclass(frozen=True, slots=True)
class Money:
    """A sum over enterprises, and how many of them are not in it because nobody knows theirs."""

    fen: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Side:
    """Those who gain, or those who lose: all counted and summed, the first of them by name."""

    count: int
    money: Money
    firms: tuple[Firm, ...]


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case under way: it stays under the version under which it was applied for."""

    number: str
    applicant: str
    stage: str
    version: int


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything that a second person should know before the rule changes."""

    draft: DraftView
    held_before: Held
    held_after: Held
    gains: Side
    loses: Side
    before: Money
    after: Money
    cases: tuple[OpenCase, ...]

    @property
    def difference(self) -> int | None:
        """How much more is needed, negative where it is less; None while some sum is not known."""
        if self.before.unknown or self.after.unknown:
            return None
        return self.after.fen - self.before.fen


def entitled(db: Session, actor: Actor, code: str) -> tuple[DraftView, Held]:
    """How many enterprises meet the conditions of a draft as they stand."""
    draft = drafting.draft(db, actor, code)
    return draft, trial.held(db, {AFTER: parse(draft.source.get("conditions"))})[AFTER]


def impact(db: Session, actor: Actor, code: str) -> Impact:
    """A draft against the version in force; against nothing where it is new."""
    draft = drafting.draft(db, actor, code)
    offers = {AFTER: _offer(draft.source)}
    if draft.amends:
        offers[BEFORE] = _offer(catalogue.item(db, code).source)
    held = trial.held(db, {name: offer.tree for name, offer in offers.items()})
    before, after = held.get(BEFORE, NOBODY), held[AFTER]
    fen = {name: trial.sums(db, offer, held[name].surely) for name, offer in offers.items()}
    gained, lost = set(after.surely) - set(before.surely), set(before.surely) - set(after.surely)
    return Impact(
        draft=draft,
        held_before=before,
        held_after=after,
        gains=_side(db, gained, fen[AFTER]),
        loses=_side(db, lost, fen.get(BEFORE, {})),
        before=_money(before.surely, fen.get(BEFORE, {})),
        after=_money(after.surely, fen[AFTER]),
        cases=_open_cases(db, code),
    )


def _offer(source: Mapping[str, Any]) -> Offer:
    return Offer(parse(source.get("conditions")), source.get("benefit") or {}, catalogue.shares(source))


def _side(db: Session, ids: Collection[int], fen: Mapping[int, int | None]) -> Side:
    named = enterprises.profiles_of(db, sorted(ids)[:MOST_NAMED])
    firms = tuple(
        Firm(
            each.enterprise.name,
            each.enterprise.credit_code,
            regions.name(each.enterprise.region_code) if each.enterprise.region_code else "没有登记地区",
            fen.get(each.enterprise.id),
        )
        for each in named
    )
    return Side(len(ids), _money(ids, fen), firms)


def _money(ids: Collection[int], known: Mapping[int, int | None]) -> Money:
    found = [fen for one in ids if (fen := known.get(one)) is not None]
    return Money(sum(found), len(ids) - len(found))


def _open_cases(db: Session, code: str) -> tuple[OpenCase, ...]:
    query = (
        select(Case.number, Case.applicant_name, Case.stage, ItemVersion.number.label("version"))
        .join(ItemVersion, ItemVersion.id == Case.item_version_id)
        .where(Case.item_code == code, Case.stage.not_in([Stage.DRAFT, *ENDED]))
        .order_by(Case.number)
    )
    return tuple(
        OpenCase(row.number or "", row.applicant_name, STAGE_NAMES[row.stage], row.version)
        for row in db.execute(query)
    )
