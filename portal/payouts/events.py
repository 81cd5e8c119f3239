"""What payouts tells. Times are ISO texts, amounts integer fen."""

from datetime import datetime

from foundation.outbox import Payload

FUNDED = "payouts.funded"
LINE_PAID = "payouts.line_paid"
PAID = "payouts.paid"
RETURNED = "payouts.returned"


def funded(subject: str, at: datetime) -> Payload:
    """A claim that had waited is now wholly covered."""
    return {"subject": subject, "at": at.isoformat()}


def line_paid(subject: str, payment_id: str, amount_fen: int, at: datetime) -> Payload:
    """One payment left."""
    return {"subject": subject, "payment_id": payment_id, "amount_fen": amount_fen, "at": at.isoformat()}


def paid(subject: str, paid_fen: int, at: datetime) -> Payload:
    """The whole decided amount has left."""
    return {"subject": subject, "paid_fen": paid_fen, "at": at.isoformat()}


def returned(subject: str, payment_id: str, amount_fen: int, at: datetime, reopened: bool) -> Payload:
    """The bank sent a payment back; *reopened* where the claim had been wholly paid."""
    return {**line_paid(subject, payment_id, amount_fen, at), "reopened": reopened}
