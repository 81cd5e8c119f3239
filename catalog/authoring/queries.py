"""What the editor offers: every fact that some item asks for. Reads only."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from catalog import queries as catalogue
from catalog import shelf
from catalog.authoring import leaves
from catalog.conditions.parse import parse
from catalog.conditions.tree import leaves as leaves_of

MOST_KEPT = 4
_kept: dict[str, tuple[str, dict[str, str]]] = {}


def known_fields(db: Session, source: Mapping[str, Any]) -> dict[str, str]:
    """The facts that the register, some published item or this draft knows, with their words."""
    own = [each["field"] for each in source.get("fields") or ()]
    asked = [leaf.field for leaf in leaves_of(parse(source.get("conditions")))]
    return _published(db) | leaves.known_fields([*own, *asked])


def _published(db: Session) -> dict[str, str]:
    place, stamp = str(db.get_bind().engine.url), shelf.stamp(db)
    kept = _kept.get(place)
    if kept is None or kept[0] != stamp:
        fields = {
            leaf.field for item in catalogue.published_items(db) for leaf in leaves_of(parse(item.conditions))
        }
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[place] = stamp, leaves.known_fields(sorted(fields))
    return kept[1]
