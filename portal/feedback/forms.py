"""The two forms of this room."""

from foundation.web.forms import Form, OptionalText
from portal.feedback.rules import Answer, Level


class RatingForm(Form):
    """One of five levels, and what else there is to say."""

    level: Level
    comment: OptionalText = ""


class CallForm(Form):
    """What came of one call."""

    answer: Answer
    note: OptionalText = ""
