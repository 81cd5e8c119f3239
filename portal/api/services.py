"""Making and revoking tokens."""

import secrets
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.enterprises.mandates import queries as mandates
from foundation.errors import Invalid, NotAllowed, NotFound
from foundation.web.access import Actor
from portal.api.models import ApiToken
from portal.api.queries import visible_to
from portal.api.rules import HANDLE_OCTETS, MOST_GOOD, SECRET_OCTETS, Scope, digest, last_day, token_text


def make(db: Session, actor: Actor, *, label: str, days: int) -> str:
    """A new token of the actor's firm; what is returned is told once and never again."""
    mandates.check_unlimited(db, actor)
    now = clock.now()
    good = (visible_to(actor), ApiToken.revoked_at.is_(None), ApiToken.ends_on >= now.date())
    if (db.scalar(select(func.count()).select_from(ApiToken).where(*good)) or 0) >= MOST_GOOD:
        raise Invalid.of("label", f"可用的令牌已有 {MOST_GOOD} 个", "请先停用不用的令牌")
    handle, secret = secrets.token_hex(HANDLE_OCTETS), secrets.token_urlsafe(SECRET_OCTETS)
    ends_on = last_day(now.date(), days)
    db.add(
        ApiToken(
            handle=handle, digest=digest(secret), label=label, scope=Scope.READ,
            organisation_id=actor.organisation_id, made_by=actor.person_id, made_at=now, ends_on=ends_on,
        )
    )  # fmt: skip
    facts = {"token": handle, "scope": Scope.READ.value, "ends_on": ends_on.isoformat()}
    audit.record(db, _subject(actor), "token_made", actor=actor, happened_at=now, facts=facts)
    return token_text(handle, secret)


def revoke(db: Session, actor: Actor, handle: str) -> None:
    """End a token of the actor's firm at once."""
    mandates.check_unlimited(db, actor)
    token = db.scalar(select(ApiToken).where(visible_to(actor), ApiToken.handle == handle).with_for_update())
    if token is None:
        raise NotFound
    if token.revoked_at is not None:
        raise NotAllowed("这个令牌已经停用，不用再停一次。")
    token.revoked_at = now = clock.now()
    token.revoked_by = actor.person_id
    facts = {"token": handle}
    audit.record(db, _subject(actor), "token_revoked", actor=actor, happened_at=now, facts=facts)


def used(db: Session, token_id: int, at: datetime) -> None:
    """A token was used at *at*; an earlier note never replaces a later one."""
    later = ApiToken.last_used_at.is_(None) | (ApiToken.last_used_at < at)
    db.execute(update(ApiToken).where(ApiToken.id == token_id, later).values(last_used_at=at))


def _subject(actor: Actor) -> str:
    return f"enterprise:{actor.organisation_code}"
