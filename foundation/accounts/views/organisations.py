"""Bodies: names, opening hours, where their decisions are reviewed, whom they stand under."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation.accounts import organisations as services
from foundation.accounts import register
from foundation.accounts.blueprint import blueprint
from foundation.accounts.rules import NOT_PUBLIC, OFFICES, OrganisationKind
from foundation.accounts.views.security import page_number
from foundation.accounts.wording import KIND_NAMES, closed_text, hours_text
from foundation.errors import Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import Form, Line, OptionalLine, OptionalText, parse

Problems = tuple[Problem, ...]
KINDS = tuple((kind.value, name) for kind, name in KIND_NAMES.items() if kind not in NOT_PUBLIC)


class OrganisationForm(Form):
    """A body as its page shows it; hours and dates are typed as text."""

    code: OptionalLine = ""
    region_code: OptionalLine = ""
    kind: OrganisationKind = OrganisationKind.DEPARTMENT
    name: Line
    short_name: Line
    phone: OptionalLine = ""
    address: OptionalLine = ""
    review_authority: OptionalLine = ""
    court: OptionalLine = ""
    hours: OptionalLine = ""
    closed: OptionalText = ""
    city_bureau: OptionalLine = ""
    confirmed: str = ""


def _details(form: OrganisationForm) -> services.Details:
    return services.Details(
        name=form.name,
        short_name=form.short_name,
        phone=form.phone or None,
        address=form.address or None,
        review_authority=form.review_authority or None,
        court=form.court or None,
        hours=form.hours,
        closed=form.closed,
        city_bureau=form.city_bureau,
        confirmed=bool(form.confirmed),
    )


@blueprint.get("/administration/organisations")
@access(*OFFICES)
@reads
def organisations(db: Session, actor: Actor) -> str:
    """Public bodies, those to be confirmed first."""
    search, number = request.args.get("q", "")[:60], page_number()
    rows, total = register.organisations(db, actor, search=search, page=number)
    place = {"number": number, "size": register.PAGE_SIZE, "total": total}
    return page("accounts/organisations.html", rows=rows, search=search, place=place, kinds=KIND_NAMES)


def _new_page(db: Session, actor: Actor, problems: Problems = (), values: Any = None) -> str:
    return page("accounts/organisation_new.html", kinds=KINDS, problems=problems, values=values or {})


@blueprint.get("/administration/organisations/new")
@access(Role.SYSTEM_ADMIN)
@reads
def organisation_form(db: Session, actor: Actor) -> str:
    """A new body."""
    return _new_page(db, actor)


@blueprint.post("/administration/organisations")
@access(Role.SYSTEM_ADMIN)
@act(again=_new_page)
def add_organisation(db: Session, actor: Actor) -> ResponseReturnValue:
    """Register a body."""
    form = parse(OrganisationForm, request.form)
    code = services.add(db, actor, code=form.code, region_code=form.region_code, kind=form.kind,
                        details=_details(form))  # fmt: skip
    return redirect(url_for("accounts.organisation", code=code), 303)


def _organisation_page(
    db: Session, actor: Actor, code: str, problems: Problems = (), values: Any = None
) -> str:
    found = register.organisation(db, actor, code)
    related = services.city_bureau(db, found.id)
    kept = {
        name: getattr(found, name) or ""
        for name in ("name", "short_name", "phone", "address", "review_authority", "court")
    }
    kept |= {
        "hours": hours_text(found.opening_hours),
        "closed": closed_text(found.opening_hours),
        "city_bureau": related,
        "confirmed": "yes" if found.confirmed else "",
    }
    return page(
        "accounts/organisation.html",
        organisation=found,
        kind=KIND_NAMES[found.kind],
        values=values or kept,
        problems=problems,
        done=request.args.get("done", ""),
    )


@blueprint.get("/administration/organisations/<code>")
@access(*OFFICES)
@reads
def organisation(db: Session, actor: Actor, code: str) -> str:
    """One body."""
    return _organisation_page(db, actor, code)


@blueprint.post("/administration/organisations/<code>")
@access(Role.SYSTEM_ADMIN)
@act(again=_organisation_page)
def change_organisation(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Correct what is kept of a body."""
    services.change(db, actor, code=code, details=_details(parse(OrganisationForm, request.form)))
    return redirect(url_for("accounts.organisation", code=code, done="saved"), 303)
