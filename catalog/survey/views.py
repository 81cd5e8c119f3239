"""The catalogue seen from further away: windows by month, modes side by side, departments, changes."""

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from catalog import pages, queries
from catalog.rules import PROVINCIAL_LABELS, Mode
from catalog.survey import changes as feeds
from catalog.survey import queries as survey
from catalog.survey import windows
from foundation import clock
from foundation.web.access import PUBLIC, Actor, Role, access
from foundation.web.act import page, reads
from foundation.web.navigation import Entry
from foundation.web.site import site

blueprint = Blueprint("survey", __name__, template_folder="templates")
NAVIGATION = (Entry("县区差异", "survey.disparities", frozenset({Role.SUPERVISOR}), 62),)
FOOTER = (
    Entry("申报日历", "survey.windows_page"),
    Entry("三种兑现方式", "survey.modes"),
    Entry("主管部门", "survey.departments"),
)


@blueprint.get("/windows")
@access(PUBLIC)
@reads
def windows_page(db: Session, actor: Actor | None) -> str:
    """When items begin and cease to take applications."""
    items, today = survey.here(db), clock.now().date()
    return page(
        "survey/windows.html",
        months=windows.months(windows.turns(items, today)),
        always=survey.always_open(items, today),
    )


@blueprint.get("/windows.ics")
@access(PUBLIC)
@reads
def windows_calendar(db: Session, actor: Actor | None) -> Response:
    """The same for calendars that look again by themselves."""
    found = windows.turns(survey.here(db), clock.now().date())
    return _known(windows.calendar(found, _base()), "text/calendar; charset=utf-8")


@blueprint.get("/changes.atom")
@access(PUBLIC)
@reads
def changes(db: Session, actor: Actor | None) -> Response:
    """What was published and withdrawn last, for readers of feeds."""
    return _known(feeds.feed(survey.changes(db), _base()), "application/atom+xml; charset=utf-8")


def _known(body: bytes, kind: str) -> Response:
    """An answer with the mark of its content: 304 for whoever has it."""
    response = Response(body, content_type=kind)
    response.add_etag()
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


def _base() -> str:
    return site().settings.public_url or request.url_root.rstrip("/")


@blueprint.get("/modes")
@access(PUBLIC)
@reads
def modes(db: Session, actor: Actor | None) -> str:
    """The three ways of honouring a policy, side by side."""
    counts = queries.home(db)
    return page(
        "survey/modes.html",
        modes=pages.MODES,
        rows=pages.MODES_COMPARED,
        provincial={mode.value: label for mode, label in PROVINCIAL_LABELS.items()},
        counts=counts.modes,
        only_here=counts.only_here,
        known=[Mode.EXEMPT, Mode.INSTANT, Mode.REVIEW],
    )


@blueprint.get("/departments")
@access(PUBLIC)
@reads
def departments(db: Session, actor: Actor | None) -> str:
    """Who keeps policies."""
    return page("survey/departments.html", bureaus=survey.bureaus(db))


@blueprint.get("/departments/<code>")
@access(PUBLIC)
@reads
def department(db: Session, actor: Actor | None, code: str) -> str:
    """One department: where it is, and what it gives."""
    bureau, items = survey.bureau(db, code)
    today = clock.now().date()
    listed = sorted(items, key=lambda item: queries.order(item, today))
    rows = [(pages.row(item, today), ((item.title, False),)) for item in listed]
    return page("survey/department.html", bureau=bureau, rows=rows)


@blueprint.get("/disparities")
@access(Role.SUPERVISOR)
@reads
def disparities(db: Session, actor: Actor) -> str:
    """The same item in several counties with other materials, limits or amounts."""
    return page("survey/disparities.html", disparities=survey.county_disparities(db))
