"""推送成效: what pushes came to, and what items would need."""

from flask import Blueprint
from sqlalchemy.orm import Session

from foundation import clock
from foundation.web.access import Actor, Role, access
from foundation.web.act import page, reads
from foundation.web.navigation import Entry
from portal.outreach import queries

blueprint = Blueprint("outreach", __name__, template_folder="templates")
READERS = (Role.DEPARTMENT, Role.FINANCE, Role.SUPERVISOR)
NAVIGATION = (Entry("推送成效", "outreach.figures", frozenset(READERS), 65),)


@blueprint.get("/outreach")
@access(*READERS)
@reads
def figures(db: Session, actor: Actor) -> str:
    """Item by item: pushed, opened, applied, paid, judged wrong."""
    return page("outreach/figures.html", figures=queries.figures(db, actor))


@blueprint.get("/outreach/<item_code>")
@access(*READERS)
@reads
def forecast(db: Session, actor: Actor, item_code: str) -> str:
    """One item's need this year and next, by county."""
    item, needs = queries.forecast(db, actor, item_code)
    return page("outreach/forecast.html", item=item, needs=needs, year=clock.now().year)
