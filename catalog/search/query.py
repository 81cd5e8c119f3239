"""What a query asks for: parts that an item can meet, each with where it would be found."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalog.search import text
from catalog.search.index import Index, Postings
from catalog.search.lexicon import SPOKEN, Kind, Part

CONCEPT_WEIGHT, PAIR_WEIGHT = 1.0, 0.5
# how much more the meaning says than the letters
MEANING = 3.0
LITERAL, USUAL, PLACE, GENERIC, SOUND, SINGLE = 0.6, 0.3, 0.6, 0.25, 0.7, 0.2
# what is said beside a known concept: it can lower an answer, but not hide it
BESIDE_FORMAL, BESIDE_SPOKEN = 0.9, 1.2


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that is asked for: *weight* in the coverage, and where it is found with what factor."""

    weight: float
    found: tuple[tuple[Postings, float], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was understood."""

    units: tuple[Unit, ...]
    hints: tuple[tuple[Postings, float], ...]
    places: frozenset[str]
    beside: float
    read_as: tuple[tuple[str, str], ...]
    words: tuple[str, ...]


def understand(index: Index, query: str) -> Query:
    """Read *query* with the words of the trade and of the catalogue."""
    parts = list(_heard(index, index.lexicon.scan(text.asked(query))))
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
    ]
    formal = any(sure > SPOKEN for part in concepts for _, sure in part.concepts)
    return Query(
        units=tuple(units),
        hints=tuple(hints),
        places=frozenset(code for part in parts for code in part.regions),
        beside=BESIDE_FORMAL if formal else BESIDE_SPOKEN,
        read_as=tuple(_read_as(index, concepts)),
        words=tuple(_words(index, parts)),
    )


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
    read = text.syllables(run)
    at = start = 0
    while len(read) == len(run) and at < len(run):
        for end in range(len(run), at + 1, -1):
            word = index.lexicon.by_sound.get(" ".join(read[at:end]))
            strange = any(pair not in index.grams for pair in text.bigrams(run[at:end]))
            if word is not None and strange:
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
        postings = index.meanings.get(number, {})
        found.append((postings, MEANING * sure * index.rarity(postings)))
    return Unit(CONCEPT_WEIGHT, tuple(found))


def _letters(index: Index, said: str) -> Iterator[Unit]:
    """The pairs of what no list knows: characters, else their sounds; letters as syllables or initials."""
    if text.is_latin(said):
        yield from _latin(index, said)
        return
    if len(said) == 1:
        yield _unit(index, PAIR_WEIGHT, index.grams.get(said), SINGLE)
        return
    sounds = text.pairs(text.syllables(said))
    for at, pair in enumerate(text.bigrams(said)):
        if pair in index.grams:
            yield _unit(index, PAIR_WEIGHT, index.grams[pair], 1)
        else:
            sound = sounds[at] if at < len(sounds) else ""
            yield _unit(index, PAIR_WEIGHT, index.sounds.get(sound), SOUND)


def _latin(index: Index, said: str) -> Iterator[Unit]:
    if said in index.grams:
        yield _unit(index, CONCEPT_WEIGHT, index.grams[said], 1)
    elif " " in said:
        for pair in text.pairs(said.split()):
            yield _unit(index, PAIR_WEIGHT, index.sounds.get(pair), SOUND)
    elif said.isalpha() and len(said) >= 3:
        for size in (4, 3):
            grams = [said[at : at + size] for at in range(len(said) - size + 1)]
            if any(gram in index.initials for gram in grams):
                yield from (_unit(index, PAIR_WEIGHT, index.initials.get(gram), SOUND) for gram in grams)
                return
        yield Unit(CONCEPT_WEIGHT, ())
    else:
        yield Unit(CONCEPT_WEIGHT, ())


def _unit(index: Index, weight: float, postings: Postings | None, factor: float) -> Unit:
    if not postings:
        return Unit(weight, ())
    return Unit(weight, ((postings, factor * index.rarity(postings)),))


def _literal(index: Index, parts: Iterable[Part], factor: float) -> Iterator[tuple[Postings, float]]:
    """The letters of known words: of one meaning, items that say it in the same words come first."""
    pairs: dict[str, float] = {}
    for part in parts:
        if text.is_latin(part.text):
            pairs[part.text] = MEANING
        else:
            pairs |= dict.fromkeys(text.bigrams(part.text), factor)
    for pair, weight in sorted(pairs.items()):
        postings = index.grams.get(pair)
        if postings:
            yield postings, weight * index.rarity(postings)


def _read_as(index: Index, concepts: Iterable[Part]) -> Iterator[tuple[str, str]]:
    for part in concepts:
        name = index.lexicon.concepts[part.concepts[0][0]].name
        if part.text not in name and name not in part.text:
            yield part.text, name


def _words(index: Index, parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        if part.kind in (Kind.CONCEPT, Kind.REST):
            yield part.text
        for number, _ in part.concepts:
            yield from index.lexicon.concepts[number].formal
