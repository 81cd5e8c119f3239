"""Entries of the main navigation; each room declares its own, portal.app gathers them."""

from dataclasses import dataclass

from foundation.web.access import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """A link in the head of the pages of *roles* (none: everyone's). Low ranks come first."""

    label: str
    endpoint: str
    roles: frozenset[Role] = frozenset()
    rank: int = 50
    help: str = ""

    def shown_to(self, role: Role | None) -> bool:
        """Whether a person in *role* sees it."""
        return not self.roles or role in self.roles
