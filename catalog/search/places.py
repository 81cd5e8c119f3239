"""Names of places in queries: those of the register of regions, and those that the catalogue's items name."""

import re
from collections.abc import Iterable

from catalog.conditions import regions
from catalog.shelf import ListedItem

_PARTS = re.compile(r".*?(?:自治区|自治州|省|市|县|区|州)")
_ENDINGS = re.compile(r"(?:壮族|回族|维吾尔|彝族|藏族|羌族)*(?:自治区|自治州|省|市|县|区|州)$")
# short names that are everyday words of the trade
EVERYDAY = frozenset({"安居", "市中", "朝天", "新都", "全国"})


def names(items: Iterable[ListedItem]) -> dict[str, frozenset[str]]:
    """Every name by which a place may be called, long and short, with the codes that it may mean."""
    found: dict[str, set[str]] = {}
    for code, name in regions.NAMES.items():
        _add(found, name.split("市")[-1] if name.startswith("重庆市") and len(name) > 3 else name, code)
    for code, name in {(item.region_code, item.region_name) for item in items if item.region_code}:
        parts = _PARTS.findall(name)
        if parts:
            _add(found, parts[-1], code)
    return {name: frozenset(codes) for name, codes in found.items()}


def _add(found: dict[str, set[str]], name: str, code: str) -> None:
    short = _ENDINGS.sub("", name)
    for called in {name, short}:
        if len(called) >= 2 and called not in EVERYDAY and code != regions.NATION:
            found.setdefault(called, set()).add(code)


def nearness(item_region: str | None, named: Iterable[str]) -> float:
    """How well an item suits the places that a query names: their own first, then those above."""
    if item_region is None:
        return ELSEWHERE
    if any(regions.inside(item_region, place) for place in named):
        return INSIDE
    return ABOVE if any(regions.inside(place, item_region) for place in named) else ELSEWHERE


INSIDE, ABOVE, ELSEWHERE = 1.6, 1.0, 0.6
