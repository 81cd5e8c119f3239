"""The trade's vocabulary as data: which words mean the same, which say little, which say nothing."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from catalog.search import text

FORMAL, SPOKEN, HEARD = 1.0, 0.85, 0.75


class Kind(StrEnum):
    """What a part of a query is."""

    CONCEPT = "concept"
    GENERIC = "generic"
    FILLER = "filler"
    REGION = "region"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Concept:
    """Words of one meaning: the formal ones stand in policies, the spoken ones are only typed."""

    name: str
    topics: frozenset[str]
    formal: tuple[str, ...]
    spoken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a query; concepts by number with how surely they are meant."""

    kind: Kind
    text: str
    concepts: tuple[tuple[int, float], ...] = ()
    regions: frozenset[str] = frozenset()


@dataclass(slots=True)
class Lexicon:
    """Every word by its text, its syllables and its initials; regions come with the catalogue."""

    concepts: tuple[Concept, ...]
    particles: str
    regions: Mapping[str, frozenset[str]]
    words: dict[str, Part] = field(default_factory=dict)
    by_sound: dict[str, Part] = field(default_factory=dict)
    by_initials: dict[str, Part] = field(default_factory=dict)
    # how long a word can be that begins with these (one or two) characters
    longest: dict[str, int] = field(default_factory=dict)
    inner: dict[str, frozenset[int]] = field(default_factory=dict)

    def add(self, part: Part) -> None:
        """Know a word; a concept outweighs what was known under the same text, and joins another concept."""
        word = text.normal(part.text)
        known = self.words.get(word)
        if known is not None and known.kind is Kind.CONCEPT and part.kind is Kind.CONCEPT:
            part = Part(Kind.CONCEPT, word, (*known.concepts, *part.concepts))
        elif known is not None and part.kind is not Kind.CONCEPT:
            return
        self.words[word] = part
        if word.isascii() and word.isalpha() and not word.endswith("s"):
            self.words.setdefault(f"{word}s", part)
        self.longest[word[:2]] = max(self.longest.get(word[:2], 0), len(word) + 1)
        if len(word) >= 2 and not text.is_latin(word) and part.kind in (Kind.CONCEPT, Kind.GENERIC):
            read = text.syllables(word)
            heard = Part(part.kind, word, tuple((number, HEARD * sure) for number, sure in part.concepts))
            for table, key in ((self.by_sound, " ".join(read)), (self.by_initials, text.initials(read))):
                if key not in table or table[key].text == word:
                    table[key] = heard

    def scan(self, query: str) -> list[Part]:
        """*query* as known words, the longest first from the left, and the rest between them."""
        parts: list[Part] = []
        at = start = 0
        while at < len(query):
            longest = self.longest.get(query[at : at + 2]) or self.longest.get(query[at])
            part = self._at(query, at, longest) if longest else None
            if part is None:
                at += 1
                continue
            parts += self._rests(query[start:at])
            parts.append(part)
            at = start = at + len(part.text)
        return parts + self._rests(query[start:])

    def known(self, said: str) -> Iterator[Part]:
        """The known words of a text, the longest first from the left."""
        longest, at, last = self.longest, 0, len(said)
        while at < last:
            most = longest.get(said[at : at + 2])
            part = self._at(said, at, most) if most else None
            if part is None:
                at += 1
            else:
                yield part
                at += len(part.text)

    def within(self, part: Part) -> frozenset[int]:
        """The concepts that words inside a known word name: an A级旅游景区 is about 旅游 as well."""
        found = self.inner.get(part.text)
        if found is None:
            word, size = part.text, len(part.text)
            inside = (word[at:end] for at in range(size) for end in range(at + 2, size + 1))
            named = (self.words[each] for each in inside if each != word and each in self.words)
            found = frozenset(number for one in named for number, sure in one.concepts if sure == FORMAL)
            self.inner[part.text] = found
        return found

    def _rests(self, rest: str) -> list[Part]:
        if not rest:
            return []
        said = (piece.strip(self.particles) for piece in text.pieces(rest))
        return [Part(Kind.REST, piece) for piece in said if piece]

    def _at(self, query: str, at: int, longest: int) -> Part | None:
        for end in range(min(at + longest, len(query)), at, -1):
            word = query[at:end]
            part = self.words.get(word)
            if part is not None and _stands_alone(query, at, end):
                return part if part.text == word else replace(part, text=word)
        return None


def _stands_alone(query: str, at: int, end: int) -> bool:
    """A Latin word is one only where no letter or digit goes on at its ends."""
    before = query[at - 1] if at else " "
    after = query[end] if end < len(query) else " "
    return not (_goes_on(query[at], before) or _goes_on(query[end - 1], after))


def _goes_on(end: str, beside: str) -> bool:
    return end.isascii() and beside.isascii() and beside != " "


@cache
def _table() -> Any:
    return json.loads(files("catalog.search").joinpath("synonyms.json").read_text("utf-8"))


@cache
def shipped() -> tuple[Concept, ...]:
    """The vocabulary that the portal comes with."""
    return tuple(
        Concept(row["name"], frozenset(row["topics"]), tuple(row["formal"]), tuple(row["spoken"]))
        for row in _table()["concepts"]
    )


def load(regions: Mapping[str, frozenset[str]], concepts: Sequence[Concept] | None = None) -> Lexicon:
    """The lexicon of *concepts* (or of the shipped ones) with the places of a catalogue: name → codes."""
    table, concepts = _table(), tuple(shipped() if concepts is None else concepts)
    particles = "".join(word for word in table["filler"] if len(word) == 1)
    lexicon = Lexicon(concepts, particles, regions)
    for number, concept in enumerate(concepts):
        _learn(lexicon, concept.formal, number, FORMAL)
        _learn(lexicon, concept.spoken, number, SPOKEN)
    for row in table["generic"]:
        for word in (*row["formal"], *row["spoken"]):
            lexicon.add(Part(Kind.GENERIC, word))
    for word in table["filler"]:
        if len(word) > 1:
            lexicon.add(Part(Kind.FILLER, word))
    for name, codes in regions.items():
        lexicon.add(Part(Kind.REGION, name, regions=codes))
    return lexicon


def _learn(lexicon: Lexicon, words: Iterable[str], number: int, sure: float) -> None:
    for word in words:
        lexicon.add(Part(Kind.CONCEPT, word, ((number, sure),)))
