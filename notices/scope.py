"""Which papers an agent for named items may read; told by the room that knows what a paper is about."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, false

from foundation.web.access import Actor

Told = Callable[[Actor], ColumnElement[bool]]
_told: list[Told] = []


def tell(about: Told) -> None:
    """Say which papers belong to the items that an actor acts for."""
    _told.append(about)


def about_named_items(actor: Actor) -> ColumnElement[bool]:
    """Papers of the items in the actor's mandate; none where no room said so."""
    return _told[-1](actor) if _told else false()
