"""What can be let out: each room says which of its values and files, to whom, and how it reads them."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from foundation.web.access import Actor, Role
from portal.disclosure.rules import Act

Values = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Source:
    """Personal values of one kind, addressed by *of*; NotFound for whoever may not see that object.

    *read* gives the values to reveal; of a file it gives none, and *rows* says how many it holds. *place* is
    the address of the object's page, or of the file.
    """

    what: str
    label: str
    roles: frozenset[Role]
    place: Callable[[str], str]
    read: Callable[[Session, Actor, str], Values] | None = None
    rows: Callable[[Session, Actor, str], int] | None = None

    def check(self, db: Session, actor: Actor, of: str) -> int:
        """How many it lets out; NotFound for whoever may not see the object."""
        if self.read is not None:
            self.read(db, actor, of)
        return self.rows(db, actor, of) if self.rows is not None else 1

    @property
    def act(self) -> Act:
        """Revealed or exported."""
        return Act.EXPORTED if self.read is None else Act.REVEALED
