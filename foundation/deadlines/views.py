"""The State Council's notices: which years are there, which are missing, and taking one in after a look."""

import json
from dataclasses import replace
from typing import Annotated, Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import StringConstraints
from sqlalchemy.orm import Session

from foundation import clock
from foundation.deadlines import importing, queries
from foundation.errors import Invalid, NotFound, Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import Form, parse
from foundation.web.navigation import Entry
from foundation.web.site import site

blueprint = Blueprint("deadlines", __name__, template_folder="templates")
READERS = (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)
ADMINISTRATION = (
    Entry("放假安排", "deadlines.calendars", frozenset(READERS), 40, "国务院每年的通知：缺哪年，先看后导入"),
)
Problems = tuple[Problem, ...]


class NoticeForm(Form):
    """A notice as JSON."""

    notice: Annotated[str, StringConstraints(min_length=1, max_length=60_000)]


NAMES = {"year": "年份", "source": "出处", "off": "放假", "on": "上班", "file": "内容"}


def _at_the_field(problem: Problem) -> Problem:
    """What is wrong inside the notice, said at the one field there is."""
    if problem.field not in NAMES:
        return problem
    return replace(problem, field="notice", message=f"{NAMES[problem.field]}：{problem.message}")


def _calendars_page(db: Session, actor: Actor, problems: Problems = (), values: Any = None) -> str:
    known = queries.calendar(db).notices
    this_year = clock.now().year
    return page(
        "deadlines/calendars.html",
        years=[known[year] for year in sorted(known, reverse=True)],
        missing=sorted({*queries.gaps(db), this_year, this_year + 1} - known.keys()),
        waiting=queries.gaps(db),
        problems=tuple(_at_the_field(problem) for problem in problems),
        values=values or {},
        done=request.args.get("done", ""),
    )


@blueprint.get("/administration/calendars")
@access(*READERS)
@reads
def calendars(db: Session, actor: Actor) -> str:
    """Every year with its version and source."""
    return _calendars_page(db, actor)


@blueprint.post("/administration/calendars")
@access(Role.SYSTEM_ADMIN)
@act(again=_calendars_page)
def look_through(db: Session, actor: Actor) -> ResponseReturnValue:
    """Check a notice and show what it says; nothing is taken in yet."""
    text = parse(NoticeForm, request.form).notice
    importing.preview(db, importing.from_text(text))
    key = site().files.put(text.encode())
    return redirect(url_for("deadlines.preview", key=key), 303)


def _kept(key: str) -> Any:
    try:
        return json.loads(site().files.get(key))
    except ValueError:
        raise NotFound from None


def _preview_page(db: Session, actor: Actor, key: str, problems: Problems = (), values: Any = None) -> str:
    try:
        found = importing.preview(db, _kept(key))
    except Invalid:
        raise NotFound from None
    return page("deadlines/preview.html", found=found, key=key, problems=problems)


@blueprint.get("/administration/calendars/preview/<key>")
@access(Role.SYSTEM_ADMIN)
@reads
def preview(db: Session, actor: Actor, key: str) -> str:
    """Day by day what the notice says, and what is new about it."""
    return _preview_page(db, actor, key)


@blueprint.post("/administration/calendars/preview/<key>")
@access(Role.SYSTEM_ADMIN)
@act(again=_preview_page)
def take_in(db: Session, actor: Actor, key: str) -> ResponseReturnValue:
    """Take the notice in; running clocks are reckoned anew."""
    made = importing.import_calendar(db, actor, _kept(key))
    return redirect(url_for("deadlines.calendars", done=f"{made.year}-{made.moved}"), 303)
