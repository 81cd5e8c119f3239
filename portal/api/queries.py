"""What the API reads: tokens, the catalogue under filters, a firm's own cases and verdicts."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from catalog import facets, rows
from catalog import queries as catalogue
from catalog.models import ItemVersion, PolicyItem
from catalog.search import find
from catalog.shelf import ListedItem, shelf
from foundation.accounts import queries as accounts
from foundation.accounts.models import Person
from foundation.errors import NotFound
from foundation.web.access import Actor, Role
from portal.api.models import ApiToken
from portal.api.rules import STATE_NAMES, State, digest, parts, state
from portal.window import queries as window
from portal.window.models import Case
from portal.window.rules import Stage

MOST_FOUND = 500


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token on its firm's page."""

    handle: str
    label: str
    made_by: str
    made_at: datetime
    ends_on: date
    last_used_at: datetime | None
    state: State

    @property
    def state_name(self) -> str:
        """Whether it is good, in words."""
        return STATE_NAMES[self.state]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of an item."""

    number: int
    title: str
    digest: str
    published_at: datetime
    in_force: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list, and how long the whole is."""

    rows: Sequence[Any]
    total: int


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """A firm sees its own tokens."""
    return ApiToken.organisation_id == actor.organisation_id


def tokens(db: Session, actor: Actor, today: date) -> list[TokenView]:
    """The firm's tokens, the newest first."""
    query = select(ApiToken, Person.name).join(Person, Person.id == ApiToken.made_by)
    found = db.execute(query.where(visible_to(actor)).order_by(ApiToken.id.desc()))
    return [
        TokenView(
            token.handle, token.label, name, token.made_at, token.ends_on, token.last_used_at,
            state(token.ends_on, token.revoked_at is not None, today),
        )
        for token, name in found
    ]  # fmt: skip


def bearer(db: Session, text: str, today: date) -> tuple[int, Actor] | None:
    """Id and bearer of a good token: its maker, as long as that person acts for the firm."""
    handle, secret = parts(text) or ("", "")
    token = db.scalar(select(ApiToken).where(ApiToken.handle == handle))
    if token is None or not hmac.compare_digest(token.digest, digest(secret)):
        return None
    if state(token.ends_on, token.revoked_at is not None, today) is not State.GOOD:
        return None
    for _, actor in accounts.memberships(db, token.made_by, today):
        if (actor.organisation_id, actor.role) == (token.organisation_id, Role.ENTERPRISE):
            return token.id, actor
    return None


def items(
    db: Session, filters: Mapping[str, Sequence[str]], search: str, page: int, size: int, today: date
) -> Part:
    """The catalogue in force under *filters*, by code, or what *search* found, the best first."""
    found: Sequence[ListedItem] = shelf(db).items
    if search:
        found = [hit.item for hit in find.search(db, search, MOST_FOUND).hits]
    left = facets.chosen(found, filters, facets.keys_of(today))
    return _part(left, page, size)


def versions(db: Session, code: str) -> list[VersionLine]:
    """Every version of a published item, the newest first; NotFound where there is no such item."""
    found = db.execute(_versions_of(code).order_by(ItemVersion.number.desc()))
    lines = [
        VersionLine(version.number, version.title, version.digest, version.published_at,
                    version.number == item.current)
        for item, version in found
    ]  # fmt: skip
    if not lines:
        raise NotFound(catalogue.UNKNOWN)
    return lines


def version(db: Session, code: str, number: int) -> catalogue.ItemView:
    """An item as it stood in version *number*."""
    chosen = _versions_of(code).where(ItemVersion.number == number).with_only_columns(ItemVersion.id)
    found = db.scalar(chosen) if number < 2**31 else None
    if found is None:
        raise NotFound(catalogue.UNKNOWN)
    return catalogue.item_version(db, found)


def _versions_of(code: str) -> Any:
    query: Any = select(PolicyItem, ItemVersion).join(ItemVersion, ItemVersion.item_id == PolicyItem.id)
    return catalogue.visible_to(query).where(PolicyItem.code == (code if rows.is_code(code) else ""))


def cases(db: Session, actor: Actor, stage: Stage | None, page: int, size: int) -> Part:
    """The numbers of the firm's own cases, the newest first."""
    seen = [window.visible_to(actor), Case.stage == stage if stage else Case.stage != Stage.DRAFT]
    total = db.scalar(select(func.count()).select_from(Case).where(*seen)) or 0
    query = select(Case).where(*seen).order_by(Case.received_at.desc(), Case.id.desc())
    return Part(list(db.scalars(query.limit(size).offset((page - 1) * size))), total)


def case(db: Session, actor: Actor, number: str) -> Case:
    """One of the firm's own cases; NotFound where it is another's."""
    found = db.scalar(select(Case).where(window.visible_to(actor), Case.number == number))
    if found is None:
        raise NotFound
    return found


def _part(found: Sequence[Any], page: int, size: int) -> Part:
    return Part(found[(page - 1) * size : page * size], len(found))
