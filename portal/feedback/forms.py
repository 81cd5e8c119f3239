"""The two forms of this room."""

from foundation.web.forms import Form, OptionalText
from portal.feedback.rules import Answer, Level
from portal.feedback.services import Rated


class RatingForm(Form):
    """One of five levels, and what else there is to say."""

    level: Level
    comment: OptionalText = ""


class CallForm(Form):
    """What came of one call, and what the enterprise wanted to say of the matter, where it did."""

    answer: Answer
    note: OptionalText = ""
    level: Level | None = None
    comment: OptionalText = ""

    def rated(self) -> Rated | None:
        """As the service takes it."""
        return None if self.level is None else Rated(self.level, self.comment)
