"""A firm that has not named its account is reminded, then called; its money waits while the pool is open."""

from datetime import datetime

from sqlalchemy.orm import Session

from foundation.accounts import queries as accounts
from foundation.outbox import Payload
from notices import services as notices
from portal.window.lists import queries
from portal.window.lists.queries import Waiting
from portal.window.lists.rules import reminder

# a reminder is told once by its key, so looking six times an hour is enough
EVERY_MINUTES = 10


def sweep(db: Session, payload: Payload) -> None:
    """Remind whoever is due today; ask the window to call whoever let the thirty days pass."""
    now = datetime.fromisoformat(payload["at"])
    if now.minute % EVERY_MINUTES:
        return
    for each in queries.awaiting_account(db):
        if each.due_at < now:
            _ask_for_call(db, each)
        elif days := reminder(each.asked_at, now):
            _remind(db, each, days)


def _remind(db: Session, waiting: Waiting, days: int) -> None:
    notices.tell(
        db,
        waiting.credit_code,
        title=f"请确认收款账户：{waiting.item_title}",
        body=f"准予兑现已经 {days} 天，确认账户后 1 个工作日内付款。没有确认的，资格和金额都保留。",
        link=f"/cases/{waiting.number}/account",
        key=f"case:{waiting.number}:account:{days}",
        statutory=True,
    )


def _ask_for_call(db: Session, waiting: Waiting) -> None:
    notices.tell(
        db,
        accounts.organisation(db, waiting.window_id).code,
        title=f"请打电话：{waiting.firm}还没有确认收款账户",
        body=f"{waiting.item_title}，编号 {waiting.number}，已提醒 3 次。请电话联系，说明资格和金额都保留。",
        link=f"/cases/{waiting.number}",
        key=f"case:{waiting.number}:account:call",
    )
