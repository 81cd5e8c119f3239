"""What people hand in about a question, one form a class."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from foundation.web.forms import Form, Line, OptionalLine, OptionalText, Text
from portal.window.questions.rules import Channel, Kind
from portal.window.questions.services import Asking

LABELS = {
    "words": "想问什么",
    "kind": "希望怎么答复",
    "name": "怎么称呼",
    "phone": "电话",
    "window": "问哪个专窗",
    "item": "事项编码",
    "channel": "怎么问的",
    "department": "转给哪个部门",
    "note": "给部门的说明",
    "reason": "理由",
    "answer": "答复",
    "question": "问题",
}
OptionalPhone = Annotated[
    str, Field(pattern=r"^$|^[0-9+\- ]{5,20}$", description="请填电话号码，例如 0839-3263893")
]
ShortName = Annotated[str, StringConstraints(max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class AskForm(Form):
    """A question, or the wish to be called."""

    words: Words
    kind: Kind = Kind.QUESTION
    item: OptionalLine = ""
    name: ShortName = ""
    phone: OptionalPhone = ""
    window: OptionalLine = ""

    def asking(self) -> Asking:
        """As the service takes it."""
        return Asking(self.words, self.kind, self.item, self.name, self.phone, self.window)


class TypeInForm(AskForm):
    """The same, typed by the window."""

    channel: Channel


class PassForm(Form):
    """To which department, with what to say to it."""

    department: Line
    note: OptionalText = ""


class AnswerForm(Form):
    """The answer; whether the asker heard it already."""

    answer: Text
    told: Literal["", "yes"] = ""


class ReasonForm(Form):
    """An act that needs its reason in writing."""

    reason: Text


class FaqForm(Form):
    """Question and answer as they will be public."""

    question: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    answer: Text
