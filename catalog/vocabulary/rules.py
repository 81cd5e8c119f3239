"""How what staff changed lies over the shipped vocabulary. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from catalog.search import text
from catalog.search.lexicon import Concept
from foundation.errors import Invalid

LONGEST_MEANING, LONGEST_WORD, SHORTEST_WORD, MOST_WORDS = 20, 30, 2, 120
_APART = re.compile(r"[、,，;；\n\r]+")
_NAME = re.compile(r"[\w（）()·-]{2,20}\Z")


class Said(StrEnum):
    """Where a word is said: in policies, by those who look for them, or nowhere (a shipped word dropped)."""

    FORMAL = "formal"
    SPOKEN = "spoken"
    DROPPED = "dropped"


SAID_LABELS = {Said.FORMAL: "政策里的说法", Said.SPOKEN: "企业常用的说法"}


class Change(NamedTuple):
    """One word of one meaning, and where it is said now."""

    meaning: str
    word: str
    said: Said


def overlaid(shipped: Iterable[Concept], changes: Iterable[Change]) -> tuple[Concept, ...]:
    """The vocabulary in force: as shipped, what staff changed over it, and their own meanings after it."""
    by_meaning: dict[str, list[Change]] = {}
    for change in changes:
        by_meaning.setdefault(change.meaning, []).append(change)
    known = tuple(_changed(concept, by_meaning.pop(concept.name, [])) for concept in shipped)
    own = (Concept(name, frozenset(), (), ()) for name in sorted(by_meaning))
    return (*known, *(_changed(concept, by_meaning[concept.name]) for concept in own))


def _changed(concept: Concept, changes: Iterable[Change]) -> Concept:
    said = _said(concept) | {change.word: change.said for change in changes}
    formal = tuple(word for word, where in said.items() if where is Said.FORMAL)
    spoken = tuple(word for word, where in said.items() if where is Said.SPOKEN)
    if (formal, spoken) == (concept.formal, concept.spoken):
        return concept
    return replace(concept, formal=formal, spoken=spoken)


def _said(concept: Concept | None) -> dict[str, Said]:
    if concept is None:
        return {}
    return dict.fromkeys(concept.spoken, Said.SPOKEN) | dict.fromkeys(concept.formal, Said.FORMAL)


def changes_to(shipped: Concept | None, wanted: Mapping[str, Said]) -> dict[str, Said]:
    """What has to lie over *shipped* so that the words of its meaning are those *wanted*."""
    before = _said(shipped)
    dropped = dict.fromkeys(before.keys() - wanted.keys(), Said.DROPPED)
    return dropped | {word: said for word, said in wanted.items() if before.get(word) is not said}


def words_of(typed: str) -> tuple[str, ...]:
    """The words in a field, as the search reads them."""
    return tuple(dict.fromkeys(word for part in _APART.split(typed) if (word := text.normal(part))))


def wanted(formal: Iterable[str], spoken: Iterable[str]) -> dict[str, Said]:
    """The words of a meaning; Invalid says which cannot be one."""
    said = dict.fromkeys(spoken, Said.SPOKEN) | dict.fromkeys(formal, Said.FORMAL)
    for word, where in said.items():
        if not SHORTEST_WORD <= len(word) <= LONGEST_WORD:
            raise Invalid.of(
                where.value, f"“{word[:LONGEST_WORD]}”不能作检索词", "一个词写 2 到 30 个字，用顿号隔开"
            )
    if len(said) > MOST_WORDS:
        raise Invalid.of(Said.SPOKEN.value, f"一共 {len(said)} 个词", f"请减到 {MOST_WORDS} 个以内")
    return said


def check_name(meaning: str) -> None:
    """Refuse a name that no page could be addressed by."""
    if _NAME.match(meaning) is None:
        raise Invalid.of("meaning", "意思的名称不合要求", "请写 2 到 20 个字，不要标点和空格，例如 技术改造")


def mark_of(concept: Concept) -> str:
    """Tells whether somebody changed the words of a meaning meanwhile."""
    said = "\n".join(f"{where.value} {word}" for word, where in sorted(_said(concept).items()))
    return hashlib.sha256(said.encode()).hexdigest()[:16]
