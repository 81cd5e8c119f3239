"""Change the words under which policies are found; web processes see it with the catalogue's stamp."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from catalog.search.lexicon import Concept, shipped
from catalog.services import renew_stamp
from catalog.vocabulary import queries
from catalog.vocabulary.models import VocabularyChange
from catalog.vocabulary.rules import Said, changes_to, check_name, mark_of, wanted
from foundation import audit, clock
from foundation.errors import Conflict, Invalid
from foundation.web.access import Actor


def set_words(
    db: Session, actor: Actor, *, meaning: str, formal: tuple[str, ...], spoken: tuple[str, ...], mark: str
) -> None:
    """Let the words of a meaning be these; Conflict where they are not those that the editor saw."""
    renew_stamp(db)  # first: whoever changes words at the same time waits here
    before = queries.meaning(db, meaning)
    if mark_of(before) != mark:
        raise Conflict("同事刚改过这些词。请刷新这一页，在新的词上改。")
    _set(db, actor, before, wanted(formal, spoken))


def add_word(db: Session, actor: Actor, *, meaning: str, word: str, said: Said) -> None:
    """Let a meaning, known or new, be found by one more word."""
    renew_stamp(db)
    check_name(meaning)
    known = {concept.name: concept for concept in queries.meanings(db)}
    before = known.get(meaning, Concept(meaning, frozenset(), (), ()))
    if word in (*before.formal, *before.spoken):
        raise Invalid.of("word", f"“{word}”已经在“{meaning}”里", "请换一个词，或选别的意思")
    formal = (*before.formal, word) if said is Said.FORMAL else before.formal
    spoken = (*before.spoken, word) if said is Said.SPOKEN else before.spoken
    _set(db, actor, before, wanted(formal, spoken))


def _set(db: Session, actor: Actor, before: Concept, said: dict[str, Said]) -> None:
    """Keep what differs from the shipped words, and tell the timeline what was added and taken away."""
    as_shipped = next((concept for concept in shipped() if concept.name == before.name), None)
    db.execute(delete(VocabularyChange).where(VocabularyChange.meaning == before.name))
    for word, where in changes_to(as_shipped, said).items():
        db.add(VocabularyChange(meaning=before.name, word=word, said=where))
    had = {*before.formal, *before.spoken}
    facts = {"added": sorted(said.keys() - had), "removed": sorted(had - said.keys())}
    audit.record(
        db, f"vocabulary:{before.name}", "set_words", actor=actor, happened_at=clock.now(), facts=facts
    )
