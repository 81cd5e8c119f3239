"""Characters, syllables and initials of what is written and what is typed."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from opencc import OpenCC
from pypinyin import lazy_pinyin

LONGEST_QUERY, LONGEST_TEXT = 120, 2_400
_OUTSIDE = re.compile(r"[^\w&+-]+|_")
_GAP_AT_HAN = re.compile(r"(?<=[㐀-鿿])\s+(?=[㐀-鿿])")
_PIECES = re.compile(r"[㐀-鿿]+|[a-z0-9][a-z0-9&+-]*")
# two hundred thousand, thirty people: what a sentence tells besides what it asks for
_QUANTITY = re.compile(
    r"[一二两三四五六七八九十百千几0-9]+[多来]?(?:万元|亿元|万块|块钱|平方米|[万亿元块人名年月天台套亩])+"
)
LONGEST_SYLLABLE = 6
_TO_SIMPLIFIED = OpenCC("t2s")


def simplified(said: str) -> str:
    """*said* in simplified characters; what the mainland's set can write is so already."""
    try:
        said.encode("gb2312", "strict")
    except UnicodeEncodeError:
        return str(_TO_SIMPLIFIED.convert(said))
    return said


def normal(text: str) -> str:
    """Lower case, full-width letters made plain, punctuation as single spaces."""
    plain = _OUTSIDE.sub(" ", unicodedata.normalize("NFKC", simplified(text[:LONGEST_TEXT])).lower())
    return " ".join(plain.split())


def asked(query: str) -> str:
    """The normal text of a query, without amounts and counts."""
    plain = normal(query[:LONGEST_QUERY])
    return " ".join(_QUANTITY.sub(" ", plain).split()) or plain


def pieces(text: str) -> list[str]:
    """Runs of Chinese characters, and Latin words or numbers, of a normal text."""
    return _PIECES.findall(text)


def is_latin(piece: str) -> bool:
    """Whether a piece is typed in letters or digits."""
    return piece[0].isascii()


def bigrams(run: str) -> list[str]:
    """Neighbouring characters; a single one stands for itself."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


@lru_cache(maxsize=50_000)
def syllables(run: str) -> tuple[str, ...]:
    """The readings of a run of characters."""
    return tuple(lazy_pinyin(run))


def pairs(read: tuple[str, ...] | list[str]) -> list[str]:
    """Neighbouring syllables."""
    return [f"{first} {second}" for first, second in pairwise(read)]


def initials(read: tuple[str, ...]) -> str:
    """The first letters of syllables."""
    return "".join(syllable[0] for syllable in read if syllable)


def split_syllables(letters: str, known: frozenset[str]) -> list[str] | None:
    """*letters* as the fewest known syllables; None where they are none, as initials are not."""
    best: dict[int, list[str]] = {0: []}
    for at in range(len(letters)):
        if at not in best:
            continue
        for end in range(at + 1, min(at + LONGEST_SYLLABLE, len(letters)) + 1):
            syllable = letters[at:end]
            if syllable in known and (end not in best or len(best[end]) > len(best[at]) + 1):
                best[end] = [*best[at], syllable]
    return best.get(len(letters))
