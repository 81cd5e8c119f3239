"""Verify codes: short enough to type from paper, too many to guess."""

import secrets

# Crockford's base 32: no I, L, O, U, so that nothing is misread
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A fresh code: 50 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def as_typed(text: str) -> str:
    """The code that somebody meant who typed *text*: gaps, small letters and look-alikes put right."""
    return "".join(text.split()).replace("-", "").upper().translate(_MISREAD)[: LENGTH * 2]
