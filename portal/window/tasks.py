"""What the window does when something happened elsewhere, or simply time went by."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.accounts import queries as accounts
from foundation.deadlines import queries as deadlines
from foundation.outbox import MINUTE, Payload, Reader
from notices import services as notices
from portal.window import events, queries
from portal.window.lists import reminding, settling, showing
from portal.window.models import Case
from portal.window.publicity import services as publicity
from portal.window.services import acceptance, review

# 行政许可法 32(4) by analogy: silence for five working days is acceptance
SILENCE_WORKDAYS = 5
LIMIT_WORDS = {"near": "快到时限", "breached": "已逾期", "supervise": "逾期超过 1 个工作日，列入督办"}


def funded(db: Session, payload: Payload) -> None:
    """A claim that waited is covered: the payout clock starts."""
    if not _is_case(payload):
        return
    review.fund(db, _number(payload["subject"]), datetime.fromisoformat(payload["at"]))


def paid(db: Session, payload: Payload) -> None:
    """Everything decided has been paid."""
    if not _is_case(payload):
        return
    at = datetime.fromisoformat(payload["at"])
    review.paid(db, _number(payload["subject"]), at, payload["paid_fen"])


def publicity_over(db: Session, payload: Payload) -> None:
    """Nobody may object any more: the review of a case goes on, the rows of a list are settled."""
    if str(payload["about"]).startswith("case:"):
        review.end_publicity(db, _number(payload["about"]), datetime.fromisoformat(payload["at"]))
    else:
        showing.go_on(db, payload)


def objection_decided(db: Session, payload: Payload) -> None:
    """A row of a list that waited for this decision goes on, or is left out."""
    if str(payload["about"]).startswith("list:"):
        showing.go_on(db, payload)


def silence(db: Session, payload: Payload) -> None:
    """Deem accepted what the window has left without a word for five working days."""
    now = datetime.fromisoformat(payload["at"])
    calendar = deadlines.calendar(db)
    for number, since in queries.unanswered(db):
        workdays = calendar.reaching(since.year, since.year + 1)
        if workdays.add_days(since, SILENCE_WORKDAYS) <= now:
            acceptance.deem_accepted(db, number, now)


def near(db: Session, payload: Payload) -> None:
    """A quarter of the time is left."""
    _tell_holder(db, payload, "near")


def breached(db: Session, payload: Payload) -> None:
    """The time is up (催办)."""
    _tell_holder(db, payload, "breached")


def supervise(db: Session, payload: Payload) -> None:
    """A working day later still nothing (督办): the supervisor hears of it as well."""
    _tell_holder(db, payload, "supervise")


def _tell_holder(db: Session, payload: Payload, what: str) -> None:
    subject: str = payload["subject"]
    holder = payload["holder"]
    # a firm that is silent about its account forfeits nothing: it has reminders of its own
    if not _is_case(payload) or holder is None or payload["limit"] == "account":
        return
    case = db.scalar(select(Case).where(Case.number == _number(subject)))
    if case is None:
        return
    notices.tell(
        db,
        accounts.organisation(db, holder).code,
        title=f"{LIMIT_WORDS[what]}：{case.item_title}",
        body=f"{case.applicant_name}，编号 {case.number}。请尽快办理。",
        link=f"/cases/{case.number}",
        key=f"{subject}:{payload['limit']}:{what}:{payload['deadline']}",
    )


def _is_case(payload: Payload) -> bool:
    return str(payload["subject"]).startswith("case:")


def _number(subject: str) -> str:
    return subject.removeprefix("case:")


READERS = (
    Reader(MINUTE, "window.publicity", publicity.sweep),
    Reader(MINUTE, "window.accounts", reminding.sweep),
    Reader(events.PUBLICITY_OVER, "window.publicity_over", publicity_over),
    Reader(events.OBJECTION_DECIDED, "window.objection_decided", objection_decided),
    Reader(events.ROWS_RULED, "window.rows_ruled", settling.settle),
    Reader("payouts.funded", "window.funded", funded),
    Reader("payouts.paid", "window.paid", paid),
    Reader(MINUTE, "window.silence", silence),
    Reader("deadlines.near", "window.near", near),
    Reader("deadlines.breached", "window.breached", breached),
    Reader("deadlines.supervise", "window.supervise", supervise),
)
