"""All items for one enterprise, in groups, with the best combination and what to ask next. Pure.

It keeps codes and sums, no verdicts, so that many can be kept: what a page shows is judged again, a few rows,
of which it keeps the words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from catalog.conditions.regions import inside, is_code
from catalog.conditions.tree import AllOf, Node, Within
from matching.combination import Combination
from matching.questions import Question, questions
from matching.rules import Groups, Item, group, match

MOST_SHOWN = 40
GROUPS = ("entitled", "asking", "near", "closed")


@dataclass(frozen=True, slots=True)
class Board:
    """What 我的政策 says before any row is shown."""

    count: int
    codes: Mapping[str, tuple[str, ...]]
    elsewhere: int
    beyond: int
    combination: Combination
    amounts: Mapping[str, int | None]
    asked: tuple[Question, ...]
    # what the page made of a part of a group, by the group and the number of the part
    shown: dict[tuple[str, int], Sequence[Any]] = field(default_factory=dict, compare=False)

    def keep(self, name: str, number: int, rows: Sequence[Any]) -> None:
        """Have what was made of a part of a group, while not too many parts are asked for."""
        if len(self.shown) >= MOST_SHOWN:
            self.shown.clear()
        self.shown[name, number] = rows

    @property
    def total_fen(self) -> int:
        """The sum of what is known of the best combination."""
        return self.combination.fen

    @property
    def total_is_whole(self) -> bool:
        """Whether every item of the best combination has its amount in the sum."""
        return all(self.amounts[code] is not None for code in self.combination.chosen)

    @property
    def failing(self) -> int:
        """How many items do not fit."""
        return len(self.codes["near"]) + self.elsewhere + self.beyond


def board(items: Sequence[Item], values: Mapping[str, Any], today: date) -> Board:
    """Hold every item against an enterprise; what is for other regions is told by the region alone."""
    here = _here(items, values.get("region_code"))
    groups = group(match(item, values, today) for item in here)
    return of(groups, len(items), len(items) - len(here))


def of(groups: Groups, count: int, foreign: int = 0) -> Board:
    """The board of matches that are in groups already, and of *foreign* more that are for other regions."""
    return Board(
        count=count,
        codes={name: tuple(one.item.code for one in getattr(groups, name)) for name in GROUPS},
        elsewhere=len(groups.elsewhere) + foreign,
        beyond=len(groups.beyond),
        combination=groups.combination,
        amounts={one.item.code: one.amount_fen for one in groups.entitled},
        asked=questions(groups.asking, groups.entitled),
    )


def _here(items: Iterable[Item], region: object) -> list[Item]:
    """The items that do not surely fail for where the enterprise is registered."""
    if not isinstance(region, str) or not is_code(region):
        return list(items)
    known: dict[tuple[str, ...], bool] = {}
    found = []
    for item in items:
        wanted = regions_of(item.tree)
        if wanted not in known:
            known[wanted] = not wanted or any(inside(region, one) is not False for one in wanted)
        if known[wanted]:
            found.append(item)
    return found


def regions_of(tree: Node) -> tuple[str, ...]:
    """Where an applicant must be registered, if the conditions ask for that outright."""
    parts = tree.parts if isinstance(tree, AllOf) else (tree,)
    return next(
        (part.regions for part in parts if isinstance(part, Within) and part.field == "region_code"), ()
    )
