"""Kleene's three values: True, False and None for not known. A definite part decides over unknown ones."""

from collections.abc import Iterable

Truth = bool | None


def every(parts: Iterable[Truth]) -> Truth:
    """False if any part is, else None if any part is, else True."""
    result: Truth = True
    for part in parts:
        if part is False:
            return False
        if part is None:
            result = None
    return result


def some(parts: Iterable[Truth]) -> Truth:
    """True if any part is, else None if any part is, else False."""
    result: Truth = False
    for part in parts:
        if part is True:
            return True
        if part is None:
            result = None
    return result


def opposite(truth: Truth) -> Truth:
    """Not known stays not known."""
    return None if truth is None else not truth
