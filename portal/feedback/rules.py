"""How an enterprise may judge what was done for it, and who may call it back. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from types import MappingProxyType

from foundation.errors import NotAllowed

FOLLOWUP = "followup"
_CLOCK = "followup:"
# below this many ratings nothing is told of them: one could be guessed
SMALLEST_CELL = 5
# so many calls in vain, on two days at least, end a follow-up
MOST_MISSED = 3


class Level(IntEnum):
    """The five levels of 好差评 (国办发〔2019〕51号), the best first."""

    VERY_SATISFIED = 1
    SATISFIED = 2
    FAIRLY_SATISFIED = 3
    DISSATISFIED = 4
    VERY_DISSATISFIED = 5

    @property
    def is_bad(self) -> bool:
        """Whether it is a 差评, which has to be put right: the last two."""
        return self >= Level.DISSATISFIED


LEVEL_NAMES: Mapping[Level, str] = MappingProxyType(
    {
        Level.VERY_SATISFIED: "非常满意",
        Level.SATISFIED: "满意",
        Level.FAIRLY_SATISFIED: "基本满意",
        Level.DISSATISFIED: "不满意",
        Level.VERY_DISSATISFIED: "非常不满意",
    }
)


class Outcome(StrEnum):
    """How a follow-up came to its end."""

    RATED = "rated"
    CALLED_WELL = "called_well"
    CALLED_PROBLEM = "called_problem"
    UNREACHED = "unreached"


class Given(StrEnum):
    """How a rating was given: by the enterprise itself, or on the phone and typed by the caller."""

    ONLINE = "online"
    PHONE = "phone"


class Answer(StrEnum):
    """What a caller may report of one call; never how satisfied the enterprise is."""

    WELL = "well"
    PROBLEM = "problem"
    NOT_REACHED = "not_reached"

    @property
    def outcome(self) -> Outcome | None:
        """The end of the follow-up; None where nobody was reached and it stays open."""
        return _OUTCOMES.get(self)


_OUTCOMES = {Answer.WELL: Outcome.CALLED_WELL, Answer.PROBLEM: Outcome.CALLED_PROBLEM}
OUTCOME_NAMES: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.RATED: "企业已在线评价",
        Outcome.CALLED_WELL: "已联系上，没有问题",
        Outcome.CALLED_PROBLEM: "已联系上，还有问题",
        Outcome.UNREACHED: "未接通",
    }
)
ANSWER_NAMES: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.WELL: "联系上了，没有问题",
        Answer.PROBLEM: "联系上了，还有问题要解决",
        Answer.NOT_REACHED: "没有联系上，下次再打",
    }
)


def clock_subject(number: str) -> str:
    """Whose clock and timeline a follow-up has: its own, since the case itself has ended."""
    return f"{_CLOCK}{number}"


def number_of(subject: str) -> str | None:
    """The case of a follow-up's clock; None where it is the clock of something else."""
    return subject.removeprefix(_CLOCK) if subject.startswith(_CLOCK) else None


def check_caller(person_id: int, handlers: Collection[int]) -> None:
    """Refuse somebody who had a hand in the case: 方案 二(七), nobody asks about his own work."""
    if person_id in handlers:
        raise NotAllowed("您办过这件办件，回访要由没有经手的同事来做。请转给同事。")


def is_unreachable(missed: int, first: date, today: date) -> bool:
    """Whether enough was tried: three calls in vain, not all of them on one day."""
    return missed >= MOST_MISSED and today > first


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who could be given the next piece of work: how much is open, and which was given last."""

    person_id: int
    open: int
    last: int


def next_in_turn(turns: Iterable[Turn], handlers: Collection[int]) -> int | None:
    """Whose turn it is: who has least to do, then who waited longest; nobody with a hand in the case."""
    free = [turn for turn in turns if turn.person_id not in handlers]
    chosen = min(free, key=lambda turn: (turn.open, turn.last, turn.person_id), default=None)
    return None if chosen is None else chosen.person_id
