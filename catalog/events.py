"""What the catalogue tells other rooms."""

from dataclasses import dataclass
from typing import Any

PUBLISHED = "catalog.published"


@dataclass(frozen=True, slots=True)
class Published:
    """A version of an item is in force from now on."""

    item: str
    version: int
    item_version_id: int

    def payload(self) -> dict[str, Any]:
        """As the outbox carries it."""
        return {"item": self.item, "version": self.version, "item_version_id": self.item_version_id}
