"""What the API is asked with, and the form for a new token."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints, field_validator

from catalog.rules import Standing
from foundation.web.forms import Form, Line
from portal.api.rules import PERIODS, USUAL_PERIOD
from portal.window.rules import Stage

# no control letters: PostgreSQL refuses a NUL, and nothing of ours holds the others
Typed = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Place(StrEnum):
    """Whose policy it is."""

    HERE = "here"
    ELSEWHERE = "elsewhere"


class Outcome(StrEnum):
    """What a verdict comes to."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    UNKNOWN = "unknown"


class Asked(Form):
    """What a program asks with, taken as it is sent: the description says which letters there may be."""

    model_config = ConfigDict(str_strip_whitespace=False)


class Paged(Asked):
    """Which part of a list."""

    page: int = Field(1, ge=1, le=100_000, description="第几页，从 1 起")
    size: int = Field(20, ge=1, le=100, description="每页几条")


class ItemsAsked(Paged):
    """Filters of the catalogue; several that are given must all hold."""

    q: Typed = Field("", description="查找的文字，和网页上的搜索一样")
    place: Place | None = Field(None, description="here 本地可申报，elsewhere 他地政策")
    mode: Typed = Field("", description="兑现方式，例如 review")
    state: Standing | None = Field(None, description="今天能不能申报")
    level: Typed = Field("", description="政策层级，例如 市级")
    department: Typed = Field("", description="主管部门的全称")

    def filters(self) -> dict[str, list[str]]:
        """As the catalogue takes them."""
        given = {"place": self.place, "mode": self.mode, "state": self.state, "level": self.level,
                 "department": self.department}  # fmt: skip
        return {name: [str(value)] for name, value in given.items() if value}


class TimingsAsked(Asked):
    """Which month."""

    month: Annotated[str, StringConstraints(pattern=r"^(20[0-9]{2}-(0[1-9]|1[0-2]))?$")] = Field(
        "", description="月份，例如 2026-06；不写就是近 30 天"
    )


class CasesAsked(Paged):
    """Which cases."""

    stage: Stage | None = Field(None, description="只要办到这一步的")


class VerdictsAsked(Paged):
    """Which verdicts."""

    outcome: Outcome | None = Field(None, description="只要这种结果的")


class TokenForm(Form):
    """A new token."""

    label: Annotated[Line, StringConstraints(max_length=60)]
    days: int = USUAL_PERIOD

    @field_validator("days")
    @classmethod
    def _offered(cls, days: int) -> int:
        if days not in PERIODS:
            raise ValueError("请从给出的期限中选择")
        return days
