"""What people hand in about a bad rating."""

from typing import Literal

from foundation.web.forms import Form, OptionalText, Text

LABELS = {
    "heard": "企业怎么说",
    "done": "做了什么",
    "words": "想说的话",
    "content": "整改是否认可",
    "reason": "理由",
    "ruling": "决定的理由",
    "upheld": "决定",
}


class ContactForm(Form):
    """What the enterprise said."""

    heard: Text


class FixForm(Form):
    """What was done."""

    done: Text


class ReplyForm(Form):
    """Whether that will do."""

    content: Literal["yes", "no"]
    words: OptionalText = ""


class ReasonForm(Form):
    """An act that needs its reason in writing."""

    reason: Text


class RulingForm(Form):
    """What became of an appeal, and why."""

    upheld: Literal["yes", "no"]
    ruling: Text
