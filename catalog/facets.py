"""Filters of the list and how many items each choice would leave. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from catalog.audience import SIZES
from catalog.conditions import regions
from catalog.conditions.industries import SECTIONS
from catalog.needs import BY_SLUG
from catalog.rules import STANDING_LABELS, Standing
from catalog.shelf import ListedItem
from foundation.accounts.reference import CITY, COUNTIES

PLACES = {"here": "本地可申报", "elsewhere": "他地政策，仅供查阅"}
LEVELS = ("国家级", "省级", "市级", "县级")
SOON = timedelta(days=30)
STATES = {"open": STANDING_LABELS[Standing.OPEN], "soon": f"{SOON.days} 天内截止"} | {
    standing.value: label for standing, label in STANDING_LABELS.items()
}
HOME = {CITY: regions.name(CITY), **COUNTIES}
ANYBODY = "any"
MOST_DEPARTMENTS, MOST_REGIONS = 8, 6
Keys = Callable[[ListedItem], Iterable[str]]
Filters = Mapping[str, Sequence[str]]
LEGENDS = {
    "place": "适用地区",
    "state": "申报状态",
    "mode": "兑现方式",
    "need": "按需要查",
    "region": "按注册地，含上级政策",
    "level": "政策层级",
    "department": "主管部门",
    "industry": "适用行业",
    "size": "企业规模",
}
USUAL = frozenset({"place", "state", "mode", "need"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One box to tick, with how many items it would show beside the other filters."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One group of boxes."""

    name: str
    legend: str
    choices: tuple[Choice, ...]

    @property
    def opened(self) -> bool:
        """Whether it is shown without being asked for: the usual ones, and where something is ticked."""
        return self.name in USUAL or any(choice.chosen for choice in self.choices)


def regions_of(items: Iterable[ListedItem], ticked: Iterable[str]) -> dict[str, str]:
    """Where one may be registered: the city and its counties, other places with most items, the ticked."""
    counts = Counter(item.region_code for item in items if item.region_code)
    others = sorted(counts.keys() - {*HOME, regions.NATION}, key=lambda code: (-counts[code], code))
    known = [code for code in ticked if regions.is_code(code)]
    codes = dict.fromkeys((*HOME, *others[:MOST_REGIONS], *known))
    return {code: HOME.get(code) or regions.name(code) for code in codes}


def keys_of(today: date, places: Iterable[str] = HOME) -> dict[str, Keys]:
    """What each filter looks at; a region is served by its own items and by those of every level above it."""
    served: dict[str | None, tuple[str, ...]] = {None: ()}
    codes = tuple(places)

    def serves(item: ListedItem) -> tuple[str, ...]:
        code = item.region_code
        if code is not None and code not in served:
            served[code] = tuple(place for place in codes if regions.inside(place, code))
        return served[code]

    return {
        "place": lambda item: ("elsewhere" if item.foreign else "here",),
        "state": lambda item: _states(item, today),
        "mode": lambda item: (item.mode,),
        "need": lambda item: item.needs,
        "region": serves,
        "level": lambda item: (item.level or "",),
        "department": lambda item: (item.department_name or "",),
        "industry": lambda item: item.audience.industries or (ANYBODY,),
        "size": lambda item: item.audience.sizes or (ANYBODY,),
    }


def _states(item: ListedItem, today: date) -> tuple[str, ...]:
    standing, end = item.standing(today), item.window.end
    is_soon = standing is Standing.OPEN and end is not None and end - today <= SOON
    return (standing.value, "soon") if is_soon else (standing.value,)


def chosen(items: Iterable[ListedItem], filters: Filters, keys: Mapping[str, Keys]) -> list[ListedItem]:
    """The items that every filter admits; several choices of one filter widen it."""
    wanted = {name: set(values) for name, values in filters.items() if values and name in keys}
    if not wanted:
        return list(items)
    return [
        item
        for item in items
        if all(not values.isdisjoint(keys[name](item)) for name, values in wanted.items())
    ]


def facets(
    items: Sequence[ListedItem], filters: Filters, keys: Mapping[str, Keys], modes: Mapping[str, str]
) -> tuple[Facet, ...]:
    """Every filter with counts; a choice that would show nothing stays, so that the list does not jump."""
    counts = {name: _counts(items, filters, keys, name) for name in keys}
    there = {name: _counts(items, {}, keys, name) for name in ("level", "need", "department", "industry")}
    labels: dict[str, Mapping[str, str]] = {
        "place": PLACES,
        "state": STATES,
        "mode": modes,
        "need": _needs(there["need"], filters.get("need", ())),
        "region": regions_of(items, filters.get("region", ())),
        "level": _found(LEVELS, there["level"]),
        "department": _most(there["department"], filters.get("department", ())),
        "industry": _industries(there["industry"]),
        "size": {**{size: f"{size}企业" for size in SIZES}, ANYBODY: "不限规模"},
    }
    return tuple(
        Facet(name, LEGENDS[name], _choices(options, counts[name], filters.get(name, ())))
        for name, options in labels.items()
        if options
    )


def _counts(
    items: Iterable[ListedItem], filters: Filters, keys: Mapping[str, Keys], name: str
) -> Counter[str]:
    others = {other: values for other, values in filters.items() if other != name}
    return Counter(key for item in chosen(items, others, keys) for key in keys[name](item))


def _choices(
    options: Mapping[str, str], counts: Mapping[str, int], ticked: Sequence[str]
) -> tuple[Choice, ...]:
    return tuple(
        Choice(value, label, counts.get(value, 0), value in ticked) for value, label in options.items()
    )


def _found(usual: Iterable[str], there: Mapping[str, int]) -> dict[str, str]:
    return {value: value for value in (*usual, *sorted(there)) if value}


def _needs(there: Counter[str], ticked: Sequence[str]) -> dict[str, str]:
    return {slug: need.label for slug, need in BY_SLUG.items() if there[slug] or slug in ticked}


def _industries(there: Counter[str]) -> dict[str, str]:
    """The industries that some item asks for, and those items that ask for none."""
    return {**{code: name for code, name in SECTIONS.items() if there[code]}, ANYBODY: "不限行业"}


def _most(counts: Counter[str], ticked: Iterable[str]) -> dict[str, str]:
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[: MOST_DEPARTMENTS + 1]
    names = [name for name, _ in most if name][:MOST_DEPARTMENTS]
    return {name: name for name in (*names, *ticked) if counts[name] and name}
