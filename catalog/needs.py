"""What an enterprise may be after, in the words of the home page. The table is data: needs.json."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Need:
    """One entry of the home page, with its topics, and words that tell it where topics are missing."""

    slug: str
    label: str
    topics: frozenset[str]
    words: tuple[str, ...]


def _load() -> tuple[Need, ...]:
    table = json.loads(files("catalog").joinpath("needs.json").read_text("utf-8"))
    return tuple(
        Need(row["slug"], row["label"], frozenset(row["topics"]), tuple(row["words"])) for row in table
    )


NEEDS = _load()
OTHER = Need("other", "其他政策", frozenset(), ())
BY_SLUG = {need.slug: need for need in (*NEEDS, OTHER)}


def needs_of(topics: Sequence[str], title: str) -> tuple[str, ...]:
    """The needs that an item serves: by its topics, else by the words of its title."""
    by_topic = tuple(need.slug for need in NEEDS if not need.topics.isdisjoint(topics))
    if by_topic:
        return by_topic
    by_word = tuple(need.slug for need in NEEDS if any(word in title for word in need.words))
    return by_word or (OTHER.slug,)
