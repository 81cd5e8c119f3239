"""How an enterprise agrees that the window applies on its behalf (帮办). Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

# a consent is for one application, made soon after it was given
LASTS = timedelta(days=30)


class Means(StrEnum):
    """How it was said."""

    IN_PERSON = "in_person"
    LETTER = "letter"
    PHONE = "phone"


MEANS_NAMES = {
    Means.IN_PERSON: "当面签字",
    Means.LETTER: "书面委托",
    Means.PHONE: "电话同意，已回拨核实",
}


def holds(given_at: datetime, now: datetime) -> bool:
    """Whether a consent given then still counts."""
    return given_at <= now < given_at + LASTS
