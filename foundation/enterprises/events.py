"""What others may react to."""

from foundation.outbox import Payload

CHANGED = "enterprises.changed"


def changed(credit_codes: list[str], at: str) -> Payload:
    """Facts or identity of these enterprises changed."""
    return {"credit_codes": credit_codes, "at": at}
