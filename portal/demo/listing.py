"""One exempt list of the demonstration: compared, handed off, confirmed, and on show right now (样例)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts import queries as accounts
from foundation.web.access import Actor
from portal.demo.stories import DAY, Do
from portal.window.lists import freezing, queries, services
from portal.window.lists.services import Ruling


@dataclass(frozen=True, slots=True)
class Listed:
    """Which item, and what became of its list."""

    item: str
    acts: tuple[Do, ...]


class Listing:
    """A list while it is played."""

    def __init__(self, story: Listed) -> None:
        self.story = story
        self.number = ""
        self.acts: Mapping[str, Callable[..., Any]] = {
            "freeze": self._freeze,
            "hand_off": lambda db, actor: services.hand_off(db, actor, self.number),
            "respond": lambda db, actor: services.respond(db, actor, self.number),
            "confirm": self._confirm,
        }

    def play(self, db: Session, do: Do) -> None:
        """Carry one act out, now."""
        (_, actor), *_ = accounts.actors_named(db, do.who, clock.now().date())
        self.acts[do.act](db, actor, **do.given)

    def _freeze(self, db: Session, actor: Actor) -> None:
        self.number = freezing.freeze(db, actor, self.story.item)

    def _confirm(self, db: Session, actor: Actor) -> None:
        """Take everybody in of whom there is no doubt."""
        rows = queries.one(db, actor, self.number, clock.now()).rows
        rulings = [Ruling(row.credit_code, True, row.amount_fen, "") for row in rows if not row.doubts]
        services.confirm(db, actor, self.number, rulings)


# confirmed two working days ago, so that the publicity has three more to run
LISTED = Listed(
    "YL05",
    (
        Do(3 * DAY, "freeze", "zhuanchuang1"),
        Do(3 * DAY - 30, "hand_off", "zhuanchuang1"),
        Do(3 * DAY - 60, "respond", "jingxin3"),
        Do(2 * DAY, "confirm", "jingxin3"),
    ),
)


def listing() -> Listing:
    """It, not played yet."""
    return Listing(LISTED)
