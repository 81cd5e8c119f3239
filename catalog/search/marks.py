"""Which parts of a title were found. Pure."""

from collections.abc import Iterable


def marked(title: str, words: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """*title* in pieces, each with whether it is among *words*; the longest words are marked first."""
    found = [False] * len(title)
    lower = title.lower()
    for word in sorted({word for word in words if len(word) >= 2}, key=lambda word: (-len(word), word)):
        at = lower.find(word)
        while at >= 0:
            found[at : at + len(word)] = [True] * len(word)
            at = lower.find(word, at + len(word))
    pieces: list[tuple[str, bool]] = []
    start = 0
    for at in range(1, len(title) + 1):
        if at == len(title) or found[at] is not found[start]:
            pieces.append((title[start:at], found[start]))
            start = at
    return tuple(pieces)
