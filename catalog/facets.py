"""Filters of the list and how many items each choice would leave. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from catalog.needs import BY_SLUG
from catalog.rules import STANDING_LABELS, Standing
from catalog.shelf import ListedItem

PLACES = {"here": "本地可申报", "elsewhere": "他地政策，仅供查阅"}
LEVELS = ("国家级", "省级", "市级", "县级")
MOST_DEPARTMENTS = 8
Keys = Callable[[ListedItem], Iterable[str]]


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


Filters = Mapping[str, Sequence[str]]


def keys_of(today: date) -> dict[str, Keys]:
    """What each filter looks at."""
    return {
        "place": lambda item: ("elsewhere" if item.foreign else "here",),
        "mode": lambda item: (item.mode,),
        "level": lambda item: (item.level or "",),
        "state": lambda item: (item.standing(today).value,),
        "need": lambda item: item.needs,
        "department": lambda item: (item.department_name or "",),
    }


def chosen(items: Iterable[ListedItem], filters: Filters, keys: Mapping[str, Keys]) -> list[ListedItem]:
    """The items that every filter admits; several choices of one filter widen it."""
    wanted = {name: set(values) for name, values in filters.items() if values and name in keys}
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
    there = {name: _counts(items, {}, keys, name) for name in ("level", "need", "department")}
    labels: dict[str, tuple[str, Mapping[str, str]]] = {
        "place": ("适用地区", PLACES),
        "mode": ("兑现方式", modes),
        "level": ("政策层级", _found(LEVELS, there["level"])),
        "state": ("申报状态", {standing.value: STANDING_LABELS[standing] for standing in Standing}),
        "need": ("按需要查", _needs(there["need"], filters.get("need", ()))),
        "department": ("主管部门", _most(there["department"], filters.get("department", ()))),
    }
    return tuple(
        Facet(name, legend, _choices(options, counts[name], filters.get(name, ())))
        for name, (legend, options) in labels.items()
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


def _most(counts: Counter[str], ticked: Iterable[str]) -> dict[str, str]:
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[: MOST_DEPARTMENTS + 1]
    names = [name for name, _ in most if name][:MOST_DEPARTMENTS]
    return {name: name for name in (*names, *ticked) if counts[name] and name}
