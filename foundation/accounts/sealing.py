"""A telephone's secret as the database keeps it: to be read with SECRET_KEY alone, and for one account."""

import base64
import os
from collections.abc import Sequence
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Keys = Sequence[str]
# how it is sealed; another way gets another mark, and both can be read side by side
MARK = "s1:"
# SECRET_KEY signs cookies as well: with a label of its own the cipher's key says nothing of the signer's
LABEL = b"portal second factor 1"
NONCE = 12


def sealed(secret: str, person_id: int, keys: Keys) -> str:
    """*secret*, for the database, with the first of *keys*."""
    nonce = os.urandom(NONCE)
    closed = _cipher(keys[0]).encrypt(nonce, base64.b32decode(secret), _whose(person_id))
    # base85 fits into the 64 letters of the column, so nothing had to migrate
    return MARK + base64.b85encode(nonce + closed).decode()


def opened(kept: str, person_id: int, keys: Keys) -> str | None:
    """The secret that is *kept* for a person; None where none of *keys* opens it, or it is another's.

    What was kept before there was a seal stands there as it is.
    """
    if not kept.startswith(MARK):
        return kept
    for key in keys:
        with suppress(InvalidTag, ValueError):
            whole = base64.b85decode(kept.removeprefix(MARK))
            secret = _cipher(key).decrypt(whole[:NONCE], whole[NONCE:], _whose(person_id))
            return base64.b32encode(secret).decode()
    return None


def _cipher(key: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=LABEL).derive(key.encode()))


def _whose(person_id: int) -> bytes:
    """Bound to the account: a row copied to somebody else opens nothing."""
    return f"person:{person_id}".encode()
