"""One page for all the enterprises of one person, and the same as a calendar."""

from flask import Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts import services as accounts
from foundation.web.access import PUBLIC, Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from foundation.web.site import site
from portal.firms import calendar, queries, services
from portal.firms.blueprint import blueprint
from portal.firms.forms import OpenForm
from portal.firms.rules import SEASON, WEEK

PAGE_SIZE = 10
FIRMS_PAGE_SIZE = 50


@blueprint.get("/my/firms")
@access(Role.ENTERPRISE)
@reads
def desk(db: Session, actor: Actor) -> str:
    """本周要办: whatever closes this week, for whichever enterprise."""
    tab = request.args.get("tab", "week")
    tab = tab if tab in {"week", "season", "firms"} else "week"
    found = queries.desk(db, actor.person_id, now=clock.now(), days=SEASON if tab == "season" else WEEK)
    listed, size = (found.firms, FIRMS_PAGE_SIZE) if tab == "firms" else (found.tasks, PAGE_SIZE)
    number = min(max(request.args.get("page", 1, type=int), 1), max(-(-len(listed) // size), 1))
    return page(
        "firms/desk.html",
        desk=found,
        tab=tab,
        rows=listed[(number - 1) * size : number * size],
        place={"number": number, "size": size, "total": len(listed)},
        several=len(found.firms) > 1,
        calendar=_address(queries.calendar_of(db, actor.person_id)),
    )


@blueprint.post("/my/firms/open")
@access(Role.ENTERPRISE)
@act()
def open_firm(db: Session, actor: Actor) -> ResponseReturnValue:
    """Act for that enterprise from now on, and open the thing itself."""
    form = parse(OpenForm, request.form)
    accounts.switch(db, actor, session.get("token", ""), form.membership)
    local = form.to.startswith("/") and not form.to.startswith(("//", "/\\"))
    return redirect(form.to if local else url_for("firms.desk"), 303)


@blueprint.post("/my/firms/calendar")
@access(Role.ENTERPRISE)
@act()
def make_calendar(db: Session, actor: Actor) -> ResponseReturnValue:
    """A new secret address for one's calendar; the one before is void."""
    services.make_calendar(db, actor)
    return redirect(url_for("firms.desk"), 303)


@blueprint.post("/my/firms/calendar/revoke")
@access(Role.ENTERPRISE)
@act()
def revoke_calendar(db: Session, actor: Actor) -> ResponseReturnValue:
    """The address opens nothing any more."""
    services.revoke_calendar(db, actor)
    return redirect(url_for("firms.desk"), 303)


@blueprint.get("/calendars/<address>.ics")
@access(PUBLIC)
@reads
def feed(db: Session, actor: Actor | None, address: str) -> Response:
    """The calendar itself: whoever knows the address sees titles and due times, nothing else."""
    now = clock.now()
    person_id = queries.owner_of_calendar(db, calendar.number_of(site().settings.secret_key, address))
    found = queries.desk(db, person_id, now=now, days=SEASON)
    body = calendar.render(found.tasks, now, _base())
    return Response(body, mimetype="text/calendar", headers={"Cache-Control": "private, no-store"})


def _address(number: int | None) -> str:
    if number is None:
        return ""
    secret = calendar.address(site().settings.secret_key, number)
    return _base() + url_for("firms.feed", address=secret)


def _base() -> str:
    return site().settings.public_url or request.host_url.rstrip("/")
