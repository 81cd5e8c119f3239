"""What is found: every item's characters, readings, initials and meanings, weighed by how rare they are."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from catalog.search import places, text
from catalog.search.lexicon import FORMAL, Kind, Lexicon, Part, load
from catalog.shelf import ListedItem, SearchedText

TITLE, CONDITIONS, BENEFIT, DEPARTMENT = 3.0, 1.0, 0.5, 0.5
SATURATION, LENGTH = 1.2, 0.5
# how strongly an item means a concept: its title says so, its topic, its conditions or standard
BY_TITLE, BY_TOPIC, BY_TEXT = 1.0, 0.9, 0.35
Postings = dict[int, float]


@dataclass(slots=True)
class Index:
    """Postings of one state of the catalogue."""

    stamp: str
    items: tuple[ListedItem, ...]
    lexicon: Lexicon
    grams: dict[str, Postings] = field(default_factory=dict)
    sounds: dict[str, Postings] = field(default_factory=dict)
    initials: dict[str, Postings] = field(default_factory=dict)
    meanings: dict[int, Postings] = field(default_factory=dict)
    syllables: frozenset[str] = frozenset()

    def rarity(self, postings: Postings) -> float:
        """How much it says that an item has this."""
        return math.log(1 + (len(self.items) - len(postings) + 0.5) / (len(postings) + 0.5))


def build(stamp: str, items: Sequence[ListedItem], texts: Sequence[SearchedText]) -> Index:
    """Index the catalogue; the order of *items* is the order among equals."""
    index = Index(stamp, tuple(items), load(places.names(items)))
    counted = [_counted(item, said) for item, said in zip(items, texts, strict=True)]
    index.grams = _weighed(counted)
    titles = [index.lexicon.scan(text.normal(item.title)) for item in items]
    read = [_read(title) for title in titles]
    index.sounds = _present(text.pairs(title) for title in read)
    index.initials = _present(_initial_grams(text.initials(title)) for title in read)
    index.meanings = _meanings(index.lexicon, items, titles, texts)
    index.syllables = frozenset(
        syllable for sound in (*index.sounds, *index.lexicon.by_sound) for syllable in sound.split()
    )
    return index


def _terms(said: str) -> Iterable[str]:
    for piece in text.pieces(text.normal(said)):
        if text.is_latin(piece):
            yield piece
        else:
            yield from piece
            yield from text.bigrams(piece) if len(piece) > 1 else ()


def _counted(item: ListedItem, said: SearchedText) -> Counter[str]:
    counts: Counter[str] = Counter()
    fields = (
        (item.title, TITLE),
        (said.conditions, CONDITIONS),
        (said.benefit, BENEFIT),
        (said.department, DEPARTMENT),
    )
    for field_text, weight in fields:
        for term in _terms(field_text):
            counts[term] += weight  # type: ignore[assignment]  # weighted counts
    return counts


def _weighed(counted: list[Counter[str]]) -> dict[str, Postings]:
    """Okapi BM25 without the rarity, which is reckoned when asked for."""
    lengths = [sum(counts.values()) for counts in counted]
    average = (sum(lengths) / len(lengths) if lengths else 0) or 1
    postings: dict[str, Postings] = defaultdict(dict)
    for number, counts in enumerate(counted):
        slack = SATURATION * (1 - LENGTH + LENGTH * lengths[number] / average)
        for term, count in counts.items():
            postings[term][number] = count * (SATURATION + 1) / (count + slack)
    return dict(postings)


def _present(terms: Iterable[Iterable[str]]) -> dict[str, Postings]:
    postings: dict[str, Postings] = defaultdict(dict)
    for number, each in enumerate(terms):
        for term in each:
            postings[term][number] = 1.0
    return dict(postings)


def _read(title: Iterable[Part]) -> tuple[str, ...]:
    """A title's readings, word by word: the words are few, so that each is looked up once."""
    pieces = (piece for part in title for piece in text.pieces(part.text) if not text.is_latin(piece))
    return tuple(syllable for piece in pieces for syllable in text.syllables(piece))


def _initial_grams(letters: str) -> Iterable[str]:
    for size in (3, 4):
        for at in range(len(letters) - size + 1):
            yield letters[at : at + size]


def _meanings(
    lexicon: Lexicon, items: Sequence[ListedItem], titles: Sequence[list[Part]], texts: Sequence[SearchedText]
) -> dict[int, Postings]:
    by_topic: dict[str, list[int]] = defaultdict(list)
    for number, concept in enumerate(lexicon.concepts):
        for topic in concept.topics:
            by_topic[topic].append(number)
    postings: dict[int, Postings] = defaultdict(dict)
    for at, (item, title, said) in enumerate(zip(items, titles, texts, strict=True)):
        for number, sure in _meaning(lexicon, by_topic, item.topics, meant(title), said).items():
            postings[number][at] = sure
    return dict(postings)


def _meaning(
    lexicon: Lexicon,
    by_topic: Mapping[str, list[int]],
    topics: Iterable[str],
    titled: Mapping[int, float],
    said: SearchedText,
) -> dict[int, float]:
    stated = meant(lexicon.scan(text.normal(f"{said.conditions} {said.benefit}")))
    found = {number: BY_TEXT for number, sure in stated.items() if sure == FORMAL}
    for topic in topics:
        concepts = by_topic.get(topic, [])
        # a topic that serves several concepts means those that the title names, all of them otherwise
        for number in [each for each in concepts if each in titled] or concepts:
            found[number] = BY_TOPIC
    for number, sure in titled.items():
        found[number] = max(found.get(number, 0), BY_TITLE * sure)
    return found


def meant(parts: Iterable[Part]) -> dict[int, float]:
    """The concepts in *parts*, each with how surely it is meant."""
    found: dict[int, float] = {}
    for part in parts:
        if part.kind is Kind.CONCEPT:
            for number, sure in part.concepts:
                found[number] = max(found.get(number, 0), sure)
    return found
