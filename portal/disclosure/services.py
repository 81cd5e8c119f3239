"""Letting personal values out: with a reason, on the record, which never holds the value. Never commits."""

import secrets

from sqlalchemy.orm import Session

from foundation import audit, clock
from foundation.errors import NotAllowed
from foundation.web.access import Actor
from portal.disclosure import queries
from portal.disclosure.queries import subject_of
from portal.disclosure.sources import Source


def let_out(db: Session, actor: Actor, source: Source, of: str, reason: str) -> str:
    """Put on record who wants what of whom, and why; the code under which it can be opened for a while."""
    rows = source.check(db, actor, of)
    code = secrets.token_hex(8)
    facts = {"what": source.what, "of": of, "rows": rows}
    audit.record(
        db, subject_of(code), source.act.value, actor=actor, happened_at=clock.now(), facts=facts,
        personal={"reason": reason},
    )  # fmt: skip
    return code


def check_export(db: Session, actor: Actor, what: str, of: str, code: str) -> None:
    """Refuse a file that was not asked for just now, by this person, with a reason."""
    known = queries.opened(db, actor, code)
    if known is None or (known.what, known.of) != (what, of):
        raise NotAllowed("下载前要写明用途。请从这一批的页面点“下载”，写明用途后十分钟内有效。")
