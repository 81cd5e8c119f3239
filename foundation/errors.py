"""Everything that may go wrong on purpose. Only foundation.web.errors knows HTTP codes."""

from collections.abc import Iterable
from dataclasses import dataclass


class PortalError(Exception):
    """A refusal whose message is fit for the user: plain Chinese that says what to do next."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(PortalError):
    """The rules forbid this act now, or this actor may not do it."""


class NotFound(PortalError):
    """It does not exist, or it is not this actor's to see: the two look alike from outside."""

    def __init__(self, message: str = "没有找到，或者不归您查看。请从列表重新进入。") -> None:
        super().__init__(message)


class Conflict(PortalError):
    """Someone else was faster, or the same key came with another content."""


class TooOften(PortalError):
    """Asked too many times; *seconds* to wait."""

    def __init__(self, seconds: int) -> None:
        wait = f"{-(-seconds // 60)} 分钟" if seconds > 60 else f"{seconds} 秒"
        super().__init__(f"短时间内操作太多次。请等 {wait}再试，已填的内容还在上一页。")
        self.seconds = seconds


class Unavailable(PortalError):
    """What it needs does not answer, and without it nobody may pass."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what was handed in: which field (and row), what, and the remedy."""

    field: str
    message: str
    remedy: str = ""
    row: int | None = None
    id: str | None = None

    def __str__(self) -> str:
        place = "" if self.row is None else f"第 {self.row} 行 "
        return f"{place}{self.field}：{self.message}{'。' + self.remedy if self.remedy else ''}"


class Invalid(PortalError):
    """What was handed in cannot be taken; nothing was done."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("；".join(str(problem) for problem in self.problems))

    @classmethod
    def of(cls, field: str, message: str, remedy: str = "", row: int | None = None) -> "Invalid":
        """The common case of one problem."""
        return cls((Problem(field, message, remedy, row),))
