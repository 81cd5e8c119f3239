"""Writing a consent down, and demanding it. Never commits."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.enterprises.consents.models import Consent
from foundation.enterprises.consents.rules import Means, holds
from foundation.errors import NotAllowed
from foundation.web.access import Actor


def record(
    db: Session, actor: Actor, *, credit_code: str, item_code: str, means: Means, given_by: str
) -> None:
    """Somebody of the enterprise agreed that the window applies for this item on its behalf."""
    now = clock.now()
    db.add(
        Consent(
            credit_code=credit_code,
            item_code=item_code,
            window_id=actor.organisation_id,
            means=means,
            given_by=given_by,
            given_at=now,
            recorded_by=actor.person_id,
        )
    )
    audit.record(
        db, f"enterprise:{credit_code}", "consented", actor=actor, happened_at=now,
        facts={"item": item_code, "means": means.value}, personal={"given_by": given_by},
    )  # fmt: skip


def demand(db: Session, actor: Actor, credit_code: str, item_code: str) -> None:
    """Refuse to apply on behalf of an enterprise that did not agree, or whose word is too old."""
    mine = (
        Consent.credit_code == credit_code, Consent.item_code == item_code,
        Consent.window_id == actor.organisation_id,
    )  # fmt: skip
    last = db.scalar(select(Consent.given_at).where(*mine).order_by(Consent.given_at.desc()).limit(1))
    if last is None or not holds(last, clock.now()):
        raise NotAllowed("还没有记下企业同意帮办。请回到“窗口收件”，写明谁同意、怎样同意的，再接着填。")
