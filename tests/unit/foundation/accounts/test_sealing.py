"""A sealed secret is read with its key alone, for its account alone, and as it was."""

import base64
from typing import cast

import pyotp
import pytest
from sqlalchemy import String

from foundation.accounts.models import SecondFactor
from foundation.accounts.sealing import MARK, opened, sealed

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
KEPT = sealed(SECRET, 7, ["today", "before"])


def test_it_is_read_as_it_was() -> None:
    assert opened(KEPT, 7, ["today"]) == SECRET


def test_nothing_of_it_shows_and_no_two_are_alike() -> None:
    raw = base64.b85decode(KEPT.removeprefix(MARK))
    assert SECRET not in KEPT
    assert base64.b32decode(SECRET) not in raw
    assert sealed(SECRET, 7, ["today"]) != KEPT


def test_the_column_holds_it() -> None:
    column = cast(String, SecondFactor.__table__.c.secret.type)
    assert len(sealed(pyotp.random_base32(), 10**9, ["today"])) <= (column.length or 0)


def test_an_earlier_key_reads_and_does_not_write() -> None:
    assert opened(sealed(SECRET, 7, ["before"]), 7, ["today", "before"]) == SECRET
    assert opened(KEPT, 7, ["before"]) is None


@pytest.mark.parametrize(
    ("kept", "person", "key"),
    [
        (KEPT, 7, "another"),
        (KEPT, 8, "today"),
        (f"{KEPT[:-1]}{'0' if KEPT[-1] != '0' else '1'}", 7, "today"),
        (KEPT[:20], 7, "today"),
        (MARK, 7, "today"),
        (f'{MARK}"', 7, "today"),
    ],
    ids=["another key", "another's", "changed", "cut off", "empty", "no base85"],
)
def test_what_does_not_fit_opens_nothing(kept: str, person: int, key: str) -> None:
    assert opened(kept, person, [key]) is None


def test_what_was_kept_before_there_was_a_seal_is_read() -> None:
    assert opened(SECRET, 7, ["today"]) == SECRET
