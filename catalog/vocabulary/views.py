"""检索词: the words under which policies are found, as staff keep them."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.vocabulary import queries, rules, services
from catalog.vocabulary.forms import WordForm, WordsForm
from catalog.vocabulary.rules import SAID_LABELS
from foundation.errors import Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse

blueprint = Blueprint("vocabulary", __name__, template_folder="templates")
LONGEST_ASKED = 40
Problems = tuple[Problem, ...]
Values = Mapping[str, Any] | None


@blueprint.get("/vocabulary")
@access(Role.WINDOW, Role.DEPARTMENT)
@reads
def meanings(db: Session, actor: Actor) -> str:
    """Every meaning with its words, and where one more is added."""
    return _meanings(db, actor)


def _meanings(db: Session, actor: Actor, problems: Problems = (), values: Values = None) -> str:
    typed = request.args.get("q", "").strip()[:LONGEST_ASKED]
    concepts = queries.meanings(db)
    return page(
        "vocabulary/meanings.html",
        typed=typed,
        concepts=queries.containing(concepts, typed),
        names=[(concept.name, concept.name) for concept in concepts],
        saids=[(said.value, label) for said, label in SAID_LABELS.items()],
        problems=problems,
        values=values or {"word": request.args.get("word", "")[:LONGEST_ASKED]},
    )


@blueprint.post("/vocabulary")
@access(Role.WINDOW, Role.DEPARTMENT)
@act(again=_meanings)
def add(db: Session, actor: Actor) -> ResponseReturnValue:
    """Let a meaning, known or new, be found by one more word."""
    form = parse(WordForm, request.form)
    meaning = form.meaning or form.known
    services.add_word(db, actor, meaning=meaning, word=form.word, said=form.said)
    return redirect(url_for("vocabulary.meaning", meaning=meaning), 303)


def _meaning(db: Session, actor: Actor, meaning: str, problems: Problems = (), values: Values = None) -> str:
    concept = queries.meaning(db, meaning)
    shown = {"formal": "、".join(concept.formal), "spoken": "、".join(concept.spoken)}
    return page(
        "vocabulary/meaning.html",
        concept=concept,
        mark=rules.mark_of(concept),
        labels={said.value: label for said, label in SAID_LABELS.items()},
        values=values or shown,
        problems=problems,
    )


@blueprint.get("/vocabulary/<meaning>")
@access(Role.WINDOW, Role.DEPARTMENT)
@reads
def meaning(db: Session, actor: Actor, meaning: str) -> str:
    """The words of one meaning, to be changed."""
    return _meaning(db, actor, meaning)


@blueprint.post("/vocabulary/<meaning>")
@access(Role.WINDOW, Role.DEPARTMENT)
@act(again=_meaning)
def change(db: Session, actor: Actor, meaning: str) -> ResponseReturnValue:
    """Let the words of a meaning be those in the form."""
    form = parse(WordsForm, request.form)
    formal, spoken = rules.words_of(form.formal), rules.words_of(form.spoken)
    services.set_words(db, actor, meaning=meaning, formal=formal, spoken=spoken, mark=form.mark)
    return redirect(url_for("vocabulary.meanings", q=meaning), 303)
