"""What an enterprise may send."""

from foundation.web.forms import Form, Line


class AnswerForm(Form):
    """The answer to one question."""

    field: Line
    value: Line
