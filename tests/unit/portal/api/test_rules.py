from datetime import date

import pytest

from portal.api.rules import State, digest, last_day, parts, state, token_text

SECRET = "a" * 43


def test_a_token_gives_back_its_parts() -> None:
    assert parts(token_text("0123abcd", SECRET)) == ("0123abcd", SECRET)


@pytest.mark.parametrize("text", ["", "hq-0123abcd", f"hq-0123ABCD-{SECRET}", f" hq-0123abcd-{SECRET}\n"])
def test_what_is_no_token_has_no_parts(text: str) -> None:
    assert parts(text) is None


def test_only_the_digest_is_kept() -> None:
    assert SECRET not in digest(SECRET)
    assert digest(SECRET) != digest("b" * 43)


@pytest.mark.parametrize(
    ("ends_on", "revoked", "is_"),
    [
        (date(2026, 6, 1), False, State.GOOD),
        (date(2026, 5, 31), False, State.ENDED),
        (date(2026, 6, 1), True, State.REVOKED),
    ],
    ids=["on its last day", "the day after", "revoked"],
)
def test_how_long_a_token_is_good(ends_on: date, revoked: bool, is_: State) -> None:
    assert state(ends_on, revoked, date(2026, 6, 1)) is is_


def test_thirty_days_count_the_first() -> None:
    assert last_day(date(2026, 6, 1), 30) == date(2026, 6, 30)
