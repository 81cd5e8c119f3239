"""查询改进: what was sought in vain, and what to do about it."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import links
from catalog.search import find
from catalog.sought import counting, queries
from foundation import clock
from foundation.web.access import PUBLIC, Actor, Role, access
from foundation.web.act import page, reads
from foundation.web.navigation import Entry

blueprint = Blueprint("sought", __name__, template_folder="templates")
READERS = frozenset({Role.WINDOW, Role.DEPARTMENT, Role.SUPERVISOR})
NAVIGATION = (Entry("查询改进", "sought.report", READERS, 60),)


@blueprint.get("/sought")
@access(*READERS)
@reads
def report(db: Session, actor: Actor) -> str:
    """What the last thirty days tell of how policies are looked for."""
    return page(
        "sought/report.html",
        report=queries.report(db, clock.now().date()),
        span=queries.SPAN.days,
        may_add=actor.role in (Role.WINDOW, Role.DEPARTMENT),
        drafts=links.link(links.DRAFTS) if actor.role is Role.DEPARTMENT else None,
    )


@blueprint.get("/sought/settled")
@access(PUBLIC)
@reads
def settled(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """A text that stood still while somebody typed: it counts as sought, in memory alone."""
    query = " ".join(request.args.get("q", "").split())
    if query:
        counting.counts_of(db).seek(query, len(find.search(db, query, 1).hits))
    return "", 204
