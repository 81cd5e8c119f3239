"""What a running web application holds, set once by portal.app."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from flask import current_app
from sqlalchemy.orm import Session

from foundation.db import Database
from foundation.files import FileStore
from foundation.settings import Settings
from foundation.web.access import Actor
from foundation.web.counting import Hits, InMemory
from foundation.web.navigation import Entry

Context = Callable[[Session, Actor | None], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Site:
    """The hooks that lower rooms cannot import: who is signed in, all navigation, what each page shows."""

    settings: Settings
    database: Database
    files: FileStore
    load_actor: Callable[[Session], Actor | None]
    # whose token the request carries
    load_bearer: Callable[[Session], Actor | None] = lambda db: None
    navigation: tuple[Entry, ...] = ()
    footer: tuple[Entry, ...] = ()
    administration: tuple[Entry, ...] = ()
    # how often somebody asked: known to every process, and for looking known at once
    counter: Hits = field(default_factory=InMemory)
    loose_counter: Hits = field(default_factory=InMemory)
    contexts: tuple[Context, ...] = field(default=())


def site() -> Site:
    """The site of the current request."""
    return cast(Site, current_app.extensions["site"])
