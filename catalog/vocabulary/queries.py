"""The vocabulary in force."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.search.lexicon import Concept, shipped
from catalog.vocabulary.models import VocabularyChange
from catalog.vocabulary.rules import Change, overlaid
from foundation.errors import NotFound


def meanings(db: Session) -> tuple[Concept, ...]:
    """Every meaning with its words, the shipped ones first."""
    query = select(VocabularyChange).order_by(VocabularyChange.id)
    return overlaid(shipped(), [Change(row.meaning, row.word, row.said) for row in db.scalars(query)])


def meaning(db: Session, name: str) -> Concept:
    """One meaning; NotFound where nobody gave it a word."""
    found = next((concept for concept in meanings(db) if concept.name == name), None)
    if found is None:
        raise NotFound("没有这个意思，可能刚被同事清空。请从检索词表重新进入。")
    return found


def containing(concepts: Sequence[Concept], typed: str) -> list[Concept]:
    """The meanings whose name or words hold what was typed; all where nothing was."""
    part = typed.strip().lower()
    return [
        concept
        for concept in concepts
        if any(part in word for word in (concept.name.lower(), *concept.formal, *concept.spoken))
    ]
