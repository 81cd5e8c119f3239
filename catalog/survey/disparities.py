"""The same item in several counties with other materials, limits or amounts. Pure."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from foundation.accounts.reference import CITY_NAME, COUNTIES

_PLACES = "|".join(
    sorted({CITY_NAME, *COUNTIES.values(), *(re.sub("[区县]$", "", name) for name in COUNTIES.values())})[
        ::-1
    ]
)
_ASIDE = re.compile(
    rf"样例：|20\d\d\s*年度?|[（(](?:{_PLACES}|[^）)]*年度?|修订|试行)[^）)]*[）)]|(?:{_PLACES})[市区县]?|[\W_]"
)
_MONEY = re.compile("奖励|奖补|补助|补贴|资助|扶持")


@dataclass(frozen=True, slots=True)
class Local:
    """One county's item, as far as it is compared."""

    code: str
    title: str
    region_code: str
    region_name: str
    materials: tuple[str, ...]
    limit: str
    amount: str


@dataclass(frozen=True, slots=True)
class Disparity:
    """Items that are the same but for their county, and in what they differ."""

    title: str
    locals: tuple[Local, ...]
    differs: tuple[str, ...]
    shared: frozenset[str]

    def extra(self, local: Local) -> tuple[str, ...]:
        """What this county asks for and not all others do."""
        return tuple(name for name in local.materials if name not in self.shared)


def key_of(title: str) -> str:
    """What an item is about, without place and year; all words for money are one."""
    return _MONEY.sub("奖补", _ASIDE.sub("", title))


def disparities(items: Iterable[Local]) -> list[Disparity]:
    """Where counties differ, the most counties first."""
    groups: dict[str, dict[str, Local]] = {}
    for item in items:
        groups.setdefault(key_of(item.title), {}).setdefault(item.region_code, item)
    found = [_compared(tuple(group.values())) for group in groups.values() if len(group) > 1]
    return sorted((one for one in found if one.differs), key=lambda one: (-len(one.locals), one.title))


def _compared(group: tuple[Local, ...]) -> Disparity:
    group = tuple(sorted(group, key=lambda local: local.region_code))
    said: dict[str, Collection[object]] = {
        "材料": {frozenset(local.materials) for local in group},
        "时限": {local.limit for local in group},
        "标准": {local.amount for local in group},
    }
    shared = frozenset.intersection(*(frozenset(local.materials) for local in group))
    differs = tuple(name for name, values in said.items() if len(values) > 1)
    return Disparity(key_of(group[0].title), group, differs, shared)
