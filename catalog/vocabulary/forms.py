"""What an editor of the vocabulary sends."""

from typing import Annotated

from pydantic import BeforeValidator

from catalog.vocabulary.rules import Said, words_of
from foundation.web.forms import Form, Line, OptionalLine, OptionalText


def _one_word(typed: object) -> object:
    return next(iter(words_of(typed)), "") if isinstance(typed, str) else typed


class WordForm(Form):
    """One more word; its meaning is one that is there, or a new one."""

    word: Annotated[Line, BeforeValidator(_one_word)]
    known: OptionalLine = ""
    meaning: OptionalLine = ""
    said: Said = Said.SPOKEN


class WordsForm(Form):
    """All words of one meaning."""

    formal: OptionalText = ""
    spoken: OptionalText = ""
    mark: Line
