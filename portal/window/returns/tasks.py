"""What the window does when the bank sent a payment back, or it was made again."""

from datetime import datetime

from sqlalchemy.orm import Session

from foundation.accounts import queries as accounts
from foundation.deadlines import events as clocks
from foundation.outbox import Payload, Reader
from notices import services as notices
from portal.payouts.events import LINE_PAID, RETURNED
from portal.window.returns import services
from portal.window.returns.rules import number_of

_CASE = "case:"
WORDS = {"near": "快到时限", "breached": "已逾期"}


def returned(db: Session, payload: Payload) -> None:
    """The enterprise hears of it at once: this reader runs within seconds of the bank's slip."""
    if payload["subject"].startswith(_CASE):
        number = payload["subject"].removeprefix(_CASE)
        at = datetime.fromisoformat(payload["at"])
        services.bank_returned(db, number, payload["payment_id"], payload["amount_fen"], at)


def repaid(db: Session, payload: Payload) -> None:
    """A payment left."""
    if payload["subject"].startswith(_CASE):
        number = payload["subject"].removeprefix(_CASE)
        services.paid_again(db, number, datetime.fromisoformat(payload["at"]))


def near(db: Session, payload: Payload) -> None:
    """A quarter of the time is left."""
    _remind(db, payload, "near")


def breached(db: Session, payload: Payload) -> None:
    """The time is up; nothing is forfeited."""
    _remind(db, payload, "breached")


def _remind(db: Session, payload: Payload, what: str) -> None:
    number, holder = number_of(payload["subject"]), payload["holder"]
    if number is None or holder is None:
        return
    notices.tell(
        db,
        accounts.organisation(db, holder).code,
        title=f"退票{WORDS[what]}：{number}",
        body="请核对账户或重新付款；逾期不作放弃。",
        link=f"/cases/{number}",
        key=f"{payload['subject']}:{payload['limit']}:{what}:{payload['deadline']}",
    )


READERS = (
    Reader(RETURNED, "returns.returned", returned),
    Reader(LINE_PAID, "returns.repaid", repaid),
    Reader(clocks.NEAR, "returns.near", near),
    Reader(clocks.BREACHED, "returns.breached", breached),
)
