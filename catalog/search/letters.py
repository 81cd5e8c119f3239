"""Texts as numbers, so that all of a catalogue's are cut into terms at once.

A character is its code point, a Latin word or a number one code of its own beyond all characters.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from catalog.search import text
from catalog.search.postings import Numbers, Occurrences, Table, table

_SHIFT, _SECOND, _FIRST_WORD, _LAST_WORD = 21, (1 << 21) - 1, 0xF0000, 0x10FFFD
_OUTSIDE = re.compile(r"[^\w&+\-\n]+|_")
_WORD = re.compile(r"[a-z0-9][a-z0-9&+-]*")
_GAP, _END = ord(" "), ord("\n")


@dataclass(slots=True)
class Words:
    """Codes of Latin words, given out as they are met."""

    codes: dict[str, int] = field(default_factory=dict)

    def code(self, found: re.Match[str]) -> str:
        """One character for a word."""
        return chr(self.codes.setdefault(found[0], min(_FIRST_WORD + len(self.codes), _LAST_WORD)))


def normal_lines(texts: Iterable[str]) -> list[str]:
    """Each of *texts* in plain letters, as one line."""
    joined = "\n".join(" ".join(each[: text.LONGEST_TEXT].split()) for each in texts)
    plain = _OUTSIDE.sub(" ", unicodedata.normalize("NFKC", text.simplified(joined)).lower())
    return [" ".join(line.split()) for line in plain.split("\n")]


@dataclass(frozen=True, slots=True)
class Coded:
    """Codes of all letters of all texts, each with its item, ends and gaps between them."""

    codes: Numbers
    items: Numbers

    def singles(self, weight: float) -> Occurrences:
        """Every letter and every word."""
        there = (self.codes != _GAP) & (self.codes != _END)
        return Occurrences(self.codes[there] << _SHIFT, self.items[there], weight)

    def words(self, weight: float) -> Occurrences:
        """Every Latin word."""
        there = self.codes >= _FIRST_WORD
        return Occurrences(self.codes[there] << _SHIFT, self.items[there], weight)

    def pairs(self, weight: float) -> Occurrences:
        """Every two neighbouring characters."""
        letters = (self.codes > _GAP) & (self.codes < _FIRST_WORD)
        there = letters[:-1] & letters[1:]
        terms = (self.codes[:-1] << _SHIFT) | self.codes[1:]
        return Occurrences(terms[there], self.items[:-1][there], weight)


def coded(lines: Sequence[str], words: Words) -> Coded:
    """Normal *lines* as numbers."""
    joined = _WORD.sub(words.code, "\n".join(lines))
    codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32).astype(np.int64)
    return Coded(codes, np.cumsum(codes == _END))


def grams(found: Sequence[Occurrences], words: Words, size: int) -> Table:
    """The terms *found*, weighed: characters, pairs of them and Latin words."""
    said = {chr(code): word for word, code in words.codes.items()}

    def named(terms: Numbers) -> list[str]:
        both = np.stack([terms >> _SHIFT, terms & _SECOND], axis=1).astype(np.uint32)
        names: list[str] = both.view("<U2").ravel().tolist()
        return [said.get(name, name) for name in names] if said else names

    return table(found, size, named, counted=True)


def sounds(titles: Sequence[Sequence[str]]) -> Table:
    """How the titles read: syllables, and pairs of them with a space between."""
    codes = {"\n": 0}
    said = [codes.setdefault(sound, len(codes)) for title in titles for sound in (*title, "\n")]
    read = np.array(said, np.int64)
    items = np.cumsum(read == 0)
    there = read != 0
    pairs = there[:-1] & there[1:]
    found = (
        Occurrences(read[there] << _SHIFT, items[there], 1),
        Occurrences(((read[:-1] << _SHIFT) | read[1:])[pairs], items[:-1][pairs], 1),
    )
    known = list(codes)

    def named(terms: Numbers) -> list[str]:
        pairs = ((term >> _SHIFT, term & _SECOND) for term in terms.tolist())
        return [f"{known[first]} {known[second]}" if second else known[first] for first, second in pairs]

    return table(found, len(titles), named, counted=False)


def initials(titles: Sequence[Sequence[str]]) -> Table:
    """What the titles' syllables begin with, three and four neighbouring ones."""
    lines = "\n".join("".join(sound[0] for sound in title if sound) for title in titles)
    codes = np.frombuffer(lines.encode("ascii", "replace"), np.uint8).astype(np.int64)
    items = np.cumsum(codes == _END)

    def named(terms: Numbers) -> list[str]:
        return [term.to_bytes(4, "big").lstrip(b"\0").decode() for term in terms.tolist()]

    return table([_runs(codes, items, size) for size in (3, 4)], len(titles), named, counted=False)


def _runs(codes: Numbers, items: Numbers, size: int) -> Occurrences:
    count = max(len(codes) - size + 1, 0)
    terms, there = np.zeros(count, np.int64), np.ones(count, bool)
    for at in range(size):
        part = codes[at : at + count]
        terms = (terms << 8) | part
        there &= part != _END
    return Occurrences(terms[there], items[:count][there], 1)
