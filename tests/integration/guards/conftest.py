"""A city, people signed in, and threads that do the same thing at the same moment."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlalchemy.orm import Session

from portal.payouts import services as payouts
from portal.payouts.rules import FundSource
from portal.window.services import review
from tests.factories import city as factory
from tests.factories.city import City

T = TypeVar("T")


def approved(db: Session, city: City) -> str:
    """A case that was decided, its money reserved."""
    number = factory.reviewed(db, city)
    review.approve(db, city.head, number, decided_fen=6_200_000, reason="")
    return number


def prepared(db: Session, city: City) -> str:
    """A payment that waits for a second person to confirm it."""
    subject = f"case:{approved(db, city)}"
    return payouts.prepare_line(db, city.cashier, subject=subject, source=FundSource.CITY)


def at_once(work: Callable[[int], T], times: int) -> list[T | Exception]:
    """What *times* threads got that started together; an exception is an answer as well."""
    start = Barrier(times)

    def one(number: int) -> T | Exception:
        start.wait()
        try:
            return work(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(one, range(times)))


def refusals(answers: Iterable[object]) -> list[Exception]:
    """The exceptions among *answers*."""
    return [answer for answer in answers if isinstance(answer, Exception)]
