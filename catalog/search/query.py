"""What a query asks for: parts that an item can meet, each with where it would be found."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from catalog.search import text
from catalog.search.index import Index
from catalog.search.lexicon import FORMAL, SPOKEN, Kind, Part
from catalog.search.postings import Postings, rarity

CONCEPT_WEIGHT, PAIR_WEIGHT, SINGLE_WEIGHT = 1.0, 0.5, 0.2
# how much more the meaning says than the letters
MEANING = 3.0
LITERAL, PROPER, PLACE, GENERIC, SOUND, SINGLE = 0.6, 0.5, 0.6, 0.25, 0.7, 0.2
# what the letters of a title add, in pairs that are no known words, and one by one
ECHO, ECHO_SINGLE = 0.8, 0.25
# a letter that more items have says too little to be looked up
COMMON = 2_000
# what is said beside a known concept: it can lower an answer, but not hide it
BESIDE_FORMAL, BESIDE_SPOKEN = 0.9, 1.2
# who asks for money, or names two things of the trade, is surely after a policy
BESIDE_SURE = 0.6


class Unit(NamedTuple):
    """One thing that is asked for: *weight* in the coverage, and where it is found with what factor."""

    weight: float
    found: tuple[tuple[Postings, float], ...]


class Letter(NamedTuple):
    """One character: how much it says, and the titles that have it or its sound."""

    weight: float
    found: Postings | None


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was understood."""

    units: tuple[Unit, ...]
    hints: tuple[tuple[Postings, float], ...]
    letters: tuple[Letter, ...]
    length: int
    places: frozenset[str]
    beside: float
    parts: tuple[Part, ...]


def understand(index: Index, query: str) -> Query:
    """Read *query* with the words of the trade and of the catalogue."""
    typed = text.asked(query)
    scanned = index.lexicon.scan(typed)
    parts = list(_heard(index, scanned))
    concepts = [part for part in parts if part.kind is Kind.CONCEPT]
    rests = [part for part in parts if part.kind is Kind.REST]
    generic = [part for part in parts if part.kind is Kind.GENERIC]
    units = [_meaning(index, part) for part in _once(concepts)]
    units += [unit for part in rests for unit in _letters(index, part.text)]
    if not units:
        units = [unit for part in generic for unit in _letters(index, part.text)]
    named = [part for part in parts if part.kind is Kind.REGION]
    hints = [
        *_literal(index, concepts, LITERAL),
        *_literal(index, generic, GENERIC),
        *_literal(index, named, PLACE),
        *_proper(index, concepts),
        *_echo(index, typed, parts),
    ]
    return Query(
        units=tuple(units),
        hints=tuple(hints),
        letters=tuple(_each_letter(index, scanned)),
        length=len({letter for part in scanned if part.kind is not Kind.REGION for letter in part.text}),
        places=frozenset(code for part in parts for code in part.regions),
        beside=_beside(concepts, generic),
        parts=tuple(parts),
    )


def _beside(concepts: Iterable[Part], generic: list[Part]) -> float:
    """How much what is said beside the concepts counts: less, the surer it is that a policy is asked for."""
    named = {part.concepts: any(sure > SPOKEN for _, sure in part.concepts) for part in concepts}
    if generic or len(named) > 1:
        return BESIDE_SURE
    return BESIDE_FORMAL if any(named.values()) else BESIDE_SPOKEN


def _heard(index: Index, parts: list[Part]) -> Iterator[Part]:
    """*parts* with what was mistyped or typed in letters taken for the words that sound like it."""
    letters: list[str] = []
    for part in parts:
        if part.kind is Kind.REST and text.is_latin(part.text) and part.text not in index.grams:
            letters.append(part.text)
            continue
        yield from _typed(index, letters)
        letters = []
        if part.kind is Kind.REST and not text.is_latin(part.text):
            yield from _mistyped(index, part.text)
        else:
            yield part
    yield from _typed(index, letters)


def _mistyped(index: Index, run: str) -> Iterator[Part]:
    """A run of characters, homophones of known words taken for them where the run itself is unknown."""
    known = [pair in index.grams for pair in text.bigrams(run)]
    if all(known):
        yield Part(Kind.REST, run)
        return
    read = text.syllables(run)
    at = start = 0
    while len(read) == len(run) and at < len(run):
        for end in range(len(run), at + 1, -1):
            word = index.lexicon.by_sound.get(" ".join(read[at:end]))
            if word is not None and not all(known[at : end - 1]):
                if at > start:
                    yield Part(Kind.REST, run[start:at])
                yield word
                at = start = end
                break
        else:
            at += 1
    if start < len(run):
        yield Part(Kind.REST, run[start:])


def _typed(index: Index, letters: list[str]) -> Iterator[Part]:
    """Words typed in pinyin, or by their initials."""
    if not letters:
        return
    split = [text.split_syllables(word, index.syllables) for word in letters]
    if all(split):
        yield from _spoken(index, [syllable for word in split for syllable in word or ()])
        return
    for word, syllables in zip(letters, split, strict=True):
        if syllables:
            yield from _spoken(index, syllables)
        else:
            yield from _abbreviated(index, word)


def _spoken(index: Index, read: list[str]) -> Iterator[Part]:
    at = start = 0
    while at < len(read):
        for end in range(len(read), at + 1, -1):
            word = index.lexicon.by_sound.get(" ".join(read[at:end]))
            if word is not None:
                yield from _unknown(read[start:at])
                yield word
                at = start = end
                break
        else:
            at += 1
    yield from _unknown(read[start:])


def _unknown(read: list[str]) -> Iterator[Part]:
    if read:
        yield Part(Kind.REST, " ".join(read))


def _abbreviated(index: Index, letters: str) -> Iterator[Part]:
    known = index.lexicon.by_initials
    whole = known.get(letters) or (len(letters) >= 3 and _beginning(known, letters))
    if whole:
        yield whole
        return
    for cut in range(len(letters) - 2, 1, -1):
        head, tail = known.get(letters[:cut]), known.get(letters[cut:])
        if head is not None and tail is not None:
            yield from (head, tail)
            return
    yield Part(Kind.REST, letters)


def _beginning(known: Mapping[str, Part], letters: str) -> Part | None:
    """The shortest known word whose initials begin with *letters*."""
    longer = (word for word in known if word.startswith(letters))
    return known.get(min(longer, key=lambda word: (len(word), word), default=""))


def _once(parts: Iterable[Part]) -> Iterator[Part]:
    seen: set[tuple[int, ...]] = set()
    for part in parts:
        key = tuple(number for number, _ in part.concepts)
        if key not in seen:
            seen.add(key)
            yield part


def _meaning(index: Index, part: Part) -> Unit:
    found = []
    for number, sure in part.concepts:
        postings = index.meanings.get(number)
        if postings is not None:
            found.append((postings, MEANING * sure * postings.rarity))
    return Unit(CONCEPT_WEIGHT, tuple(found))


def _letters(index: Index, said: str) -> Iterator[Unit]:
    """The pairs of what no list knows: characters, else their sounds; letters as syllables or initials."""
    if text.is_latin(said):
        yield from _latin(index, said)
        return
    if len(said) == 1:
        if said in index.titles:
            yield _unit(SINGLE_WEIGHT, index.titles.get(said), SINGLE)
        return
    for at, pair in enumerate(text.bigrams(said)):
        written = index.grams.get(pair)
        if written is not None:
            yield _unit(PAIR_WEIGHT, written, 1)
        else:
            sound = " ".join(text.syllables(said)[at : at + 2])
            yield _unit(PAIR_WEIGHT, index.sounds.get(sound), SOUND)


def _latin(index: Index, said: str) -> Iterator[Unit]:
    written = index.grams.get(said) if " " not in said else None
    if written is not None:
        yield _unit(CONCEPT_WEIGHT, written, 1)
    elif " " in said:
        for pair in text.pairs(said.split()):
            yield _unit(PAIR_WEIGHT, index.sounds.get(pair), SOUND)
    elif said.isalpha() and len(said) >= 3:
        for size in (4, 3):
            grams = [said[at : at + size] for at in range(len(said) - size + 1)]
            if any(gram in index.initials for gram in grams):
                yield from (_unit(PAIR_WEIGHT, index.initials.get(gram), SOUND) for gram in grams)
                return
        yield Unit(CONCEPT_WEIGHT, ())
    else:
        yield Unit(CONCEPT_WEIGHT, ())


def _unit(weight: float, postings: Postings | None, factor: float) -> Unit:
    if postings is None:
        return Unit(weight, ())
    return Unit(weight, ((postings, factor * postings.rarity),))


def _literal(index: Index, parts: Iterable[Part], factor: float) -> Iterator[tuple[Postings, float]]:
    """The letters of known words: of one meaning, items that say it in the same words come first."""
    pairs: dict[str, float] = {}
    for part in parts:
        if text.is_latin(part.text):
            pairs[part.text] = MEANING
        else:
            pairs |= dict.fromkeys(text.bigrams(part.text), factor)
    for pair, weight in pairs.items():
        yield from _found(index.grams.get(pair), weight)


def _proper(index: Index, concepts: Iterable[Part]) -> Iterator[tuple[Postings, float]]:
    """The letters of the proper names of what is meant: the everyday word stands for these first."""
    names = dict.fromkeys(
        index.lexicon.concepts[number].name
        for part in concepts
        for number, sure in part.concepts
        if sure < FORMAL or set(part.text) < set(index.lexicon.concepts[number].name)
    )
    for name in names:
        for pair in text.bigrams(name):
            yield from _found(index.titles.get(pair), PROPER)


def _echo(index: Index, typed: str, parts: Iterable[Part]) -> Iterator[tuple[Postings, float]]:
    """What was typed, in titles, where it is not looked up already."""
    pairs = {pair: None for piece in text.pieces(typed) if piece[0] > "z" for pair in text.bigrams(piece)}
    for part in parts:
        if part.kind is not Kind.FILLER and part.text[0] > "z":
            for pair in text.bigrams(part.text):
                pairs.pop(pair, None)
    for pair in pairs:
        yield from _found(index.titles.get(pair), ECHO)


def _each_letter(index: Index, parts: Iterable[Part]) -> Iterator[Letter]:
    """The characters of what is asked; one that no title has stands for its sound."""
    wanted = (part for part in parts if part.kind is not Kind.REGION)
    run = "".join(part.text for part in wanted if not text.is_latin(part.text))
    unknown = rarity(len(index.items), 0)
    for letter in dict.fromkeys(run):
        postings = index.titles.get(letter) or index.sounds.get(text.syllables(letter)[0])
        if postings is None or len(postings.items) <= COMMON:
            yield Letter(postings.rarity if postings else unknown, postings)


def _found(postings: Postings | None, factor: float) -> Iterator[tuple[Postings, float]]:
    if postings is not None and len(postings.items) <= COMMON:
        yield postings, factor * postings.rarity
