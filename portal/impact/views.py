"""影响测算: whom a draft concerns, before anybody signs it."""

from flask import Blueprint
from sqlalchemy.orm import Session

from foundation.web.access import Actor, Role, access
from foundation.web.act import page, reads
from foundation.web.htmx import is_fragment
from portal.impact import queries

blueprint = Blueprint("impact", __name__, template_folder="templates")


@blueprint.get("/drafts/<code>/entitled")
@access(Role.DEPARTMENT)
@reads
def entitled(db: Session, actor: Actor, code: str) -> str:
    """How many enterprises meet the conditions as they stand; htmx gets the line alone."""
    draft, held = queries.entitled(db, actor, code)
    template = "impact/counts.html" if is_fragment() else "impact/entitled.html"
    return page(template, draft=draft, held=held)


@blueprint.get("/drafts/<code>/impact")
@access(Role.DEPARTMENT)
@reads
def impact(db: Session, actor: Actor, code: str) -> str:
    """Who gains, who loses, what it costs, which cases are under way."""
    return page("impact/impact.html", impact=queries.impact(db, actor, code))
