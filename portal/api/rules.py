"""What a token looks like and how long it is good. Pure."""

import hashlib
import re
from datetime import date, timedelta
from enum import StrEnum

# how many good tokens a firm may have at a time
MOST_GOOD = 10
PERIODS = {30: "30 天", 90: "90 天", 180: "半年", 365: "一年"}
USUAL_PERIOD = 90
HANDLE_OCTETS, SECRET_OCTETS = 4, 32
_TOKEN = re.compile(r"hq-([0-9a-f]{8})-([A-Za-z0-9_-]{43})")


class Scope(StrEnum):
    """What a token may do."""

    READ = "read"


class State(StrEnum):
    """Whether a token opens anything."""

    GOOD = "good"
    ENDED = "ended"
    REVOKED = "revoked"


STATE_NAMES = {State.GOOD: "可用", State.ENDED: "已到期", State.REVOKED: "已停用"}


def token_text(handle: str, secret: str) -> str:
    """The token as a program carries it; the first part tells a leaked one from other secrets."""
    return f"hq-{handle}-{secret}"


def parts(text: str) -> tuple[str, str] | None:
    """Handle and secret of a token, None where it is not one of ours."""
    found = _TOKEN.fullmatch(text)
    return (found[1], found[2]) if found else None


def digest(secret: str) -> str:
    """What is kept of a secret: it is random and long, so that a plain digest cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def last_day(made_on: date, days: int) -> date:
    """The last day of a token that is good for *days*, the day of its making counted."""
    return made_on + timedelta(days=days - 1)


def state(ends_on: date, revoked: bool, today: date) -> State:
    """Where a token stands on *today*."""
    if revoked:
        return State.REVOKED
    return State.GOOD if today <= ends_on else State.ENDED
