"""What is found: every item's characters, readings, initials and meanings, weighed by how rare they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from catalog.search import letters, places, text
from catalog.search.letters import Coded, Words
from catalog.search.lexicon import FORMAL, Concept, Kind, Lexicon, Part, load, shipped
from catalog.search.postings import Numbers, Occurrences, Postings, Table, rarity
from catalog.shelf import ListedItem, SearchedText

TITLE, CONDITIONS, BENEFIT, DEPARTMENT = 3.0, 1.0, 0.5, 0.5
# how strongly an item means a concept: its title says so, its topic, its conditions or standard
BY_TITLE, BY_TOPIC, BY_TEXT = 1.0, 0.9, 0.35
BROADER = 0.7


Titled = tuple[dict[int, float], tuple[str, ...]]


class Reading:
    """What each title and text means and how it sounds; the next index shares most of it."""

    def __init__(self, lexicon: Lexicon, before: "Reading | None") -> None:
        self.lexicon = lexicon
        self._known_titles = before.titles if before else {}
        self._known_texts = before.texts if before else {}
        self._known_lines = before.lines if before else {}
        self.titles: dict[str, Titled] = {}
        self.texts: dict[str, tuple[int, ...]] = {}
        self.lines: dict[str, str] = {}

    def normal(self, said: Sequence[str]) -> list[str]:
        """Texts in plain letters; what was read before is not read again."""
        wanted = dict.fromkeys(said)
        fresh = [each for each in wanted if each not in self._known_lines and each not in self.lines]
        if fresh:
            self.lines |= zip(fresh, letters.normal_lines(fresh), strict=True)
        self.lines |= {each: self._known_lines[each] for each in wanted if each in self._known_lines}
        return [self.lines[each] for each in said]

    def title(self, line: str) -> Titled:
        """The concepts in a title, and its syllables."""
        found = self._known_titles.get(line)
        if found is None:
            parts = self.lexicon.scan(line)
            found = meant(self.lexicon, parts), _read(parts)
        self.titles[line] = found
        return found

    def text(self, line: str) -> tuple[int, ...]:
        """The concepts that a text names in formal words."""
        found = self._known_texts.get(line)
        if found is None:
            parts = self.lexicon.known(line)
            found = tuple(number for part in parts for number, sure in part.concepts if sure == FORMAL)
        self.texts[line] = found
        return found


@dataclass(frozen=True, slots=True)
class Index:
    """Postings of one state of the catalogue."""

    stamp: str
    items: tuple[ListedItem, ...]
    lexicon: Lexicon
    grams: Table
    titles: Table
    sounds: Table
    initials: Table
    meanings: Mapping[int, Postings]
    syllables: frozenset[str]
    regions: tuple[str | None, ...]
    region_of: Numbers
    foreign: Numbers
    near: dict[str, Numbers]
    reading: Reading

    def nearness(self, named: frozenset[str]) -> Numbers:
        """How well each region of the catalogue suits the places *named*."""
        for code in named - self.near.keys():
            self.near[code] = np.array([places.nearness(region, (code,)) for region in self.regions])
        best: Numbers = np.max([self.near[code] for code in named], axis=0)
        return best


def build(
    stamp: str,
    items: Sequence[ListedItem],
    texts: Sequence[SearchedText],
    before: Index | None = None,
    concepts: tuple[Concept, ...] | None = None,
) -> Index:
    """Index the catalogue; the order of *items* is that among equals. What *before* read stays."""
    reading = _reading(places.names(items), shipped() if concepts is None else concepts, before)
    lexicon = reading.lexicon
    words, size = Words(), len(items)
    said = _said(reading, items, texts)
    titles = letters.coded(said.titles, words)
    scanned = [reading.title(line) for line in said.titles]
    read = [sounds for _, sounds in scanned]
    sounds = letters.sounds(read)
    codes = tuple(dict.fromkeys(item.region_code for item in items))
    number = {code: at for at, code in enumerate(codes)}
    return Index(
        stamp=stamp,
        items=tuple(items),
        lexicon=lexicon,
        grams=letters.grams(_terms(said, titles, words), words, size),
        titles=letters.grams([titles.singles(1), titles.pairs(1)], words, size),
        sounds=sounds,
        initials=letters.initials(read),
        meanings=_meanings(reading, items, [meant for meant, _ in scanned], said),
        syllables=frozenset(sound for known in (*sounds.rows, *lexicon.by_sound) for sound in known.split()),
        regions=codes,
        region_of=np.array([number[item.region_code] for item in items], np.int32),
        foreign=np.array([item.foreign for item in items], bool),
        near={},
        reading=reading,
    )


class _Said(NamedTuple):
    """What the items say, in plain letters."""

    titles: list[str]
    conditions: list[str]
    benefits: list[str]
    departments: list[str]


def _said(reading: Reading, items: Sequence[ListedItem], texts: Sequence[SearchedText]) -> _Said:
    return _Said(
        reading.normal([item.title for item in items]),
        reading.normal([each.conditions for each in texts]),
        reading.normal([each.benefit for each in texts]),
        reading.normal([each.department for each in texts]),
    )


def _terms(said: _Said, titles: Coded, words: Words) -> list[Occurrences]:
    """Pairs of characters and Latin words, each with what its place counts."""
    fields = (
        (letters.coded(said.conditions, words), CONDITIONS),
        (letters.coded(said.benefits, words), BENEFIT),
        (letters.coded(said.departments, words), DEPARTMENT),
        (titles, TITLE),
    )
    return [part for field, weight in fields for part in (field.pairs(weight), field.words(weight))]


def _reading(
    regions: Mapping[str, frozenset[str]], concepts: tuple[Concept, ...], before: Index | None
) -> Reading:
    """What was read before, where words and places are still the same."""
    if before is not None and (before.lexicon.regions, before.lexicon.concepts) == (regions, concepts):
        return Reading(before.lexicon, before.reading)
    return Reading(load(regions, concepts), None)


def _read(title: Iterable[Part]) -> tuple[str, ...]:
    """A title's readings, word by word: the words are few, so that each is looked up once."""
    pieces = (piece for part in title for piece in text.pieces(part.text) if not text.is_latin(piece))
    return tuple(syllable for piece in pieces for syllable in text.syllables(piece))


def _meanings(
    reading: Reading,
    items: Sequence[ListedItem],
    titles: Sequence[Mapping[int, float]],
    lines: _Said,
) -> dict[int, Postings]:
    by_topic: dict[str, list[int]] = defaultdict(list)
    for number, concept in enumerate(reading.lexicon.concepts):
        for topic in concept.topics:
            by_topic[topic].append(number)
    said = [" ".join(each) for each in zip(lines.conditions, lines.benefits, strict=True)]
    found: dict[int, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
    for at, (item, titled, line) in enumerate(zip(items, titles, said, strict=True)):
        for number, sure in _meaning(by_topic, item.topics, titled, reading.text(line)).items():
            found[number][0].append(at)
            found[number][1].append(sure)
    return {
        number: Postings(np.array(at, np.intp), np.array(sure), rarity(len(items), len(at)))
        for number, (at, sure) in found.items()
    }


def _meaning(
    by_topic: Mapping[str, list[int]],
    topics: Iterable[str],
    titled: Mapping[int, float],
    said: Iterable[int],
) -> dict[int, float]:
    found = dict.fromkeys(said, BY_TEXT)
    for topic in topics:
        concepts = by_topic.get(topic, [])
        # a topic that serves several concepts means those that the title names, all of them otherwise
        for number in [each for each in concepts if each in titled] or concepts:
            found[number] = BY_TOPIC
    for number, sure in titled.items():
        found[number] = max(found.get(number, 0), BY_TITLE * sure)
    return found


def meant(lexicon: Lexicon, parts: Iterable[Part]) -> dict[int, float]:
    """The concepts in *parts*, each with how surely it is meant; those of words inside a word less so."""
    found: dict[int, float] = {}
    for part in parts:
        if part.kind is Kind.CONCEPT:
            for number in lexicon.within(part):
                found[number] = max(found.get(number, 0), BROADER)
            for number, sure in part.concepts:
                found[number] = max(found.get(number, 0), sure)
    return found
