"""What a message is about; all but the first kind can be switched off."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class MessageKind(StrEnum):
    """The kinds of message."""

    CASE = "case"
    ENTITLED = "entitled"
    CHANGED = "changed"
    CALENDAR = "calendar"


KIND_LABELS: Mapping[MessageKind, str] = MappingProxyType(
    {
        MessageKind.CASE: "办件进展和法定文书",
        MessageKind.ENTITLED: "新匹配的政策",
        MessageKind.CHANGED: "可享政策的变化",
        MessageKind.CALENDAR: "开始受理和截止提醒",
    }
)
# service of papers is no push: nobody can switch it off (行政许可法 44)
OPTIONAL = tuple(kind for kind in MessageKind if kind is not MessageKind.CASE)
