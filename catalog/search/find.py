"""The search: from a text as people type it to items, the most fitting first."""

import heapq
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy.orm import Session

from catalog.search import places, text
from catalog.search.index import Index, build
from catalog.search.lexicon import Kind
from catalog.search.query import Query, Unit, understand
from catalog.shelf import ListedItem, shelf

# of what is asked, how much the best answer must meet, and any answer
BEST_MEETS, ANY_MEETS = 0.5, 0.25
LEAST_OF_BEST = 0.12
UNMET = 0.35
# from this strength on (divided into one) a part is plainly met; a concept only in the conditions is not
PLAIN = 1.7
HERE = 1.3
NEAR_MISS = 62
SHORTEST_GARBLED, GARBLED, GARBLED_KEPT = 4, 72, 60
MOST_KEPT = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """One item found."""

    item: ListedItem
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search answers; *read_as* says which words were taken for others."""

    query: str
    hits: tuple[Hit, ...]
    suggestion: str | None
    read_as: tuple[tuple[str, str], ...]
    words: tuple[str, ...]

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
        kept = build(on_shelf.stamp, on_shelf.items, on_shelf.texts)
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[place] = kept
    return kept


def find(index: Index, query: str, limit: int = 10) -> Found:
    """The same on an index."""
    asked = understand(index, query)
    scores = _scores(index, asked) or _garbled(index, query)
    best = heapq.nsmallest(limit, scores.items(), key=lambda pair: (-pair[1], pair[0]))
    hits = tuple(Hit(index.items[number], score) for number, score in best)
    return Found(query, hits, None if hits else _suggestion(index, query), asked.read_as, asked.words)


def _scores(index: Index, asked: Query) -> dict[int, float]:
    met, scores = _met(asked)
    if not met or max(met.values()) < BEST_MEETS:
        return {}
    for postings, factor in asked.hints:
        for number, strength in postings.items():
            if number in scores:
                scores[number] += strength * factor
    for number, share in met.items():
        scores[number] *= UNMET + (1 - UNMET) * share
        if asked.places:
            scores[number] *= places.nearness(index.items[number].region_code, asked.places)
        elif not index.items[number].foreign:
            scores[number] *= HERE
    least = max(scores.values()) * LEAST_OF_BEST
    return {number: score for number, score in scores.items() if score >= least and met[number] >= ANY_MEETS}


def _garbled(index: Index, query: str) -> dict[int, float]:
    """Titles that look like what was typed, where letters were swapped, dropped or mistaken."""
    typed = text.asked(query).replace(" ", "")
    if len(typed) < SHORTEST_GARBLED or typed.isascii():
        return {}
    titles = [item.title for item in index.items]
    near = process.extract(typed, titles, scorer=fuzz.partial_ratio, score_cutoff=GARBLED, limit=GARBLED_KEPT)
    return {number: score / 100 for _, score, number in near}


def _met(asked: Query) -> tuple[dict[int, float], dict[int, float]]:
    """For every item that meets anything: the share of what is asked, and the score so far."""
    concepts = sum(unit.weight for unit in asked.units if unit.weight == 1)
    beside = sum(unit.weight for unit in asked.units if unit.weight < 1)
    scale = min(1.0, asked.beside * concepts / beside) if concepts and beside else 1.0
    total = concepts + beside * scale
    met: dict[int, float] = defaultdict(float)
    scores: dict[int, float] = defaultdict(float)
    for unit in asked.units:
        weight = (unit.weight if unit.weight == 1 else unit.weight * scale) / total
        for number, (strength, score) in _strongest(unit).items():
            met[number] += weight * min(1.0, strength * PLAIN)
            scores[number] += score
    return met, scores


def _strongest(unit: Unit) -> dict[int, tuple[float, float]]:
    """For every item that meets *unit*: how plainly, and what that counts."""
    if len(unit.found) == 1:
        postings, factor = unit.found[0]
        return {number: (strength, strength * factor) for number, strength in postings.items()}
    strongest: dict[int, tuple[float, float]] = {}
    for postings, factor in unit.found:
        for number, strength in postings.items():
            if strength * factor > strongest.get(number, (0.0, 0.0))[1]:
                strongest[number] = (strength, strength * factor)
    return strongest


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
