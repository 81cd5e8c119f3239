"""The search: from a text as people type it to items, the most fitting first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from rapidfuzz import fuzz, process
from sqlalchemy.orm import Session

from catalog.search import text
from catalog.search.index import Index, build
from catalog.search.lexicon import Kind, Lexicon, Part
from catalog.search.postings import Numbers
from catalog.search.query import ECHO_SINGLE, Letter, Query, Unit, understand
from catalog.shelf import ListedItem, shelf
from catalog.vocabulary import queries as vocabulary

# of what is asked, how much the best answer must meet, and any answer
BEST_MEETS, ANY_MEETS = 0.42, 0.25
LEAST_OF_BEST = 0.12
UNMET = 0.35
# from this strength on (divided into one) a part is plainly met; a concept only in the conditions is not
PLAIN = 1.7
HERE = 1.3
NEAR_MISS = 62
# from so many characters on, a title that has most of them in any order answers
SHORTEST_GARBLED, COVERED = 4, 0.7
MOST_KEPT = 4
# items, what each counts, and by what factor
Counted = tuple[Numbers, Numbers, float]
_NONE: Numbers = np.zeros(0, np.intp)


class Hit(NamedTuple):
    """One item found."""

    item: ListedItem
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search answers, and how the query was read."""

    query: str
    hits: tuple[Hit, ...]
    suggestion: str | None
    lexicon: Lexicon
    parts: tuple[Part, ...]

    @property
    def read_as(self) -> tuple[tuple[str, str], ...]:
        """Which words were taken for others."""
        named = (
            (part.text, self.lexicon.concepts[part.concepts[0][0]].name)
            for part in self.parts
            if part.kind is Kind.CONCEPT
        )
        return tuple((said, name) for said, name in named if said not in name and name not in said)

    def words(self) -> Iterator[str]:
        """The words to look out for in what was found."""
        for part in self.parts:
            if part.kind in (Kind.CONCEPT, Kind.REST):
                yield part.text
            for number, _ in part.concepts:
                yield from self.lexicon.concepts[number].formal

    def answer(self) -> dict[str, Any]:
        """As the command prints it."""
        results = [
            {"item": hit.item.code, "title": hit.item.title, "score": round(hit.score, 3)}
            for hit in self.hits
        ]
        answer: dict[str, Any] = {"query": self.query, "results": results}
        return answer | ({"suggestion": self.suggestion} if self.suggestion else {})


_kept: dict[str, Index] = {}


def search(db: Session, query: str, limit: int = 10) -> Found:
    """The items that *query* asks for, open and closed alike; none where nothing is sensible."""
    return find(index_of(db), query, limit)


def index_of(db: Session) -> Index:
    """The index of the catalogue as it stands, made again after a publication."""
    place, on_shelf = str(db.get_bind().engine.url), shelf(db)
    kept = _kept.get(place)
    if kept is None or kept.stamp != on_shelf.stamp:
        kept = build(on_shelf.stamp, on_shelf.items, on_shelf.texts, kept, vocabulary.meanings(db))
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[place] = kept
    return kept


def find(index: Index, query: str, limit: int = 10) -> Found:
    """The same on an index."""
    asked = understand(index, query)
    hits = tuple(Hit(index.items[number], score) for number, score in _best(*_scored(index, asked), limit))
    suggestion = None if hits else _suggestion(index, query)
    return Found(query, hits, suggestion, index.lexicon, asked.parts)


def _best(items: Numbers, scores: Numbers, limit: int) -> Iterator[tuple[int, float]]:
    """The highest scores, in order of items among equals."""
    if len(scores) > limit:
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        items, scores = items[scores >= least], scores[scores >= least]
    order = np.lexsort((items, -scores))[:limit]
    return zip(items[order].tolist(), scores[order].tolist(), strict=True)


def _scored(index: Index, asked: Query) -> tuple[Numbers, Numbers]:
    """The items that answer, and what each counts."""
    size = len(index.items)
    met, counts = _met(asked, size)
    echo = _echo(asked.letters, size)
    if asked.length >= SHORTEST_GARBLED:
        total = sum(letter.weight for letter in asked.letters) or 1.0
        covered = np.flatnonzero(echo >= COVERED * total)
        met[covered] = np.maximum(met[covered], echo[covered] / total)
    if met.max(initial=0) < BEST_MEETS:
        return _NONE, _NONE
    items = np.flatnonzero(met >= ANY_MEETS)
    counts += [(postings.items, postings.weights, factor) for postings, factor in asked.hints]
    scores = _sum(counts, size)[items] + echo[items] * ECHO_SINGLE
    scores *= UNMET + (1 - UNMET) * met[items]
    if asked.places:
        scores *= index.nearness(asked.places)[index.region_of[items]]
    else:
        scores[~index.foreign[items]] *= HERE
    enough = scores >= scores.max() * LEAST_OF_BEST
    return items[enough], scores[enough]


def _sum(found: Sequence[Counted], size: int) -> Numbers:
    """What all postings together give each item."""
    if not found:
        return np.zeros(size)
    items, weights, factors = zip(*found, strict=True)
    counts = np.repeat(np.array(factors, float), [len(each) for each in items])
    counts *= np.concatenate(weights)
    return np.bincount(np.concatenate(items), counts, minlength=size)


def _echo(letters: Sequence[Letter], size: int) -> Numbers:
    """How much the characters asked for say that each title has, in any order."""
    found = [(letter.found.items, letter.weight) for letter in letters if letter.found is not None]
    if not found:
        return np.zeros(size)
    items, weights = zip(*found, strict=True)
    return np.bincount(
        np.concatenate(items), np.repeat(weights, [len(each) for each in items]), minlength=size
    )


def _met(asked: Query, size: int) -> tuple[Numbers, list[Counted]]:
    """For every item the share of what is asked that it meets; and what counts for it."""
    concepts = sum(unit.weight for unit in asked.units if unit.weight == 1)
    beside = sum(unit.weight for unit in asked.units if unit.weight < 1)
    scale = min(1.0, asked.beside * concepts / beside) if concepts and beside else 1.0
    total = concepts + beside * scale
    shares: list[Counted] = []
    counts: list[Counted] = []
    for unit in asked.units:
        if unit.found:
            items, strengths, score = _strongest(unit, size)
            weight = (unit.weight if unit.weight == 1 else unit.weight * scale) / total
            shares.append((items, np.minimum(strengths * PLAIN, 1), weight))
            counts.append((items, score, 1.0))
    return _sum(shares, size), counts


def _strongest(unit: Unit, size: int) -> tuple[Numbers, Numbers, Numbers]:
    """The items that meet *unit*: how plainly, and what that counts."""
    if len(unit.found) == 1:
        postings, factor = unit.found[0]
        return postings.items, postings.weights, postings.weights * factor
    strengths, counts = np.zeros(size), np.zeros(size)
    for postings, factor in unit.found:
        found = postings.weights * factor
        better = found > counts[postings.items]
        items = postings.items[better]
        strengths[items], counts[items] = postings.weights[better], found[better]
    there = np.flatnonzero(counts)
    return there, strengths[there], counts[there]


def _suggestion(index: Index, query: str) -> str | None:
    """A known phrase that looks or sounds like what was typed."""
    typed = text.asked(query)
    if len(typed) < 2:
        return None
    known = [
        word for word, part in index.lexicon.words.items() if part.kind is Kind.CONCEPT and len(word) >= 2
    ]
    if typed.isascii():
        read = {word: "".join(text.syllables(word)) for word in known if not word.isascii()}
        near = process.extractOne(typed.replace(" ", ""), read, scorer=fuzz.ratio, score_cutoff=75)
        return near[2] if near else None
    near_word = process.extractOne(typed, known, scorer=fuzz.ratio, score_cutoff=NEAR_MISS)
    return near_word[0] if near_word else None
