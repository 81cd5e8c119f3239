"""政策维护: a department hands in a list or a guide, drafts, and a second person publishes."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from catalog import cases, item_form, links, pages
from catalog import services as catalogue
from catalog.conditions import sentence
from catalog.conditions.parse import parse as parse_conditions
from catalog.drafting import forms, queries, services
from catalog.drafting.forms import DraftForm, PassForm, PasteForm, SendBackForm
from catalog.drafting.rules import State
from catalog.intake import reading
from catalog.intake.headings import LABELS
from catalog.intake.reading import Reading
from catalog.rules import FAIR_COMPETITION_LABELS
from foundation.errors import Invalid, Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from foundation.web.navigation import Entry
from foundation.web.site import site
from foundation.web.uploads import received

blueprint = Blueprint("drafting", __name__, template_folder="templates")
NAVIGATION = (Entry("政策维护", "drafting.drafts", frozenset({Role.DEPARTMENT}), 40),)
PASTED = "粘贴的指南.txt"
Problems = tuple[Problem, ...]
Values = MultiDict[str, str] | None


def _drafts_page(db: Session, actor: Actor, problems: Problems = (), values: Values = None) -> str:
    return page(
        "drafting/drafts.html", drafts=queries.drafts(db, actor), problems=problems, values=values or {}
    )


@blueprint.get("/drafts")
@access(Role.DEPARTMENT)
@reads
def drafts(db: Session, actor: Actor) -> str:
    """What is being drafted, and where a file is handed in."""
    return _drafts_page(db, actor)


@blueprint.post("/drafts")
@access(Role.DEPARTMENT)
@act(again=_drafts_page)
def hand_in(db: Session, actor: Actor) -> ResponseReturnValue:
    """Take a file or a pasted guide in, to be looked through."""
    given, text = received(), parse(PasteForm, request.form).pasted
    if given:
        name, key = given[0].name, given[0].key
    elif text:
        name, key = PASTED, site().files.put(text.encode())
    else:
        raise Invalid.of("file", "还没有选文件，也没有粘贴内容", "请选择清单或指南，或粘贴指南全文")
    reading.read(name, site().files.get(key))
    token = services.hand_in(db, actor, file_name=name, file_key=key)
    return redirect(url_for("drafting.preview", token=token), 303)


def _read(db: Session, actor: Actor, token: str) -> tuple[str, Reading]:
    intake = queries.intake(db, actor, token)
    return intake.file_name, reading.read(intake.file_name, site().files.get(intake.file_key))


def _preview_page(
    db: Session, actor: Actor, token: str, problems: Problems = (), values: Values = None
) -> str:
    name, found = _read(db, actor, token)
    return page(
        "drafting/preview.html",
        token=token,
        file_name=name,
        previews=queries.previews(db, actor, found.rows),
        unread=found.unread,
        labels=LABELS,
        problems=problems,
    )


@blueprint.get("/drafts/files/<token>")
@access(Role.DEPARTMENT)
@reads
def preview(db: Session, actor: Actor, token: str) -> str:
    """Every row of a file: what was understood, what was not, what is like it."""
    return _preview_page(db, actor, token)


@blueprint.post("/drafts/files/<token>")
@access(Role.DEPARTMENT)
@act(again=_preview_page)
def take(db: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """Make drafts of the chosen rows."""
    _, found = _read(db, actor, token)
    chosen = set(request.form.getlist("rows"))
    services.take(db, actor, token, found.rows, chosen)
    only = next(iter(chosen)) if len(chosen) == 1 else None
    return redirect(url_for("drafting.draft", code=only) if only else url_for("drafting.drafts"), 303)


def _draft_page(db: Session, actor: Actor, code: str, problems: Problems = (), values: Values = None) -> str:
    found = queries.draft(db, actor, code)
    return page(
        "drafting/draft.html",
        draft=found,
        can_edit=found.state is State.DRAFT,
        can_pass=found.state is State.SUBMITTED and not found.mine,
        values={**forms.values_of(found), **(values.to_dict() if values else {})},
        conditions=sentence.sentences(parse_conditions(found.source.get("conditions"))),
        modes=[(name, name) for name in forms.MODE_NAMES],
        fairs=[(kind.value, label) for kind, label in FAIR_COMPETITION_LABELS.items()],
        tried=cases.tried(found.source),
        untested=cases.untested(found.source),
        form=item_form.of(found.source),
        labels=LABELS,
        entitled=links.link(links.ENTITLED, code=code),
        impact=links.link(links.IMPACT, code=code),
        field_labels=pages.DRAFT_LABELS,
        problems=problems,
    )


@blueprint.get("/drafts/<code>")
@access(Role.DEPARTMENT)
@reads
def draft(db: Session, actor: Actor, code: str) -> str:
    """One draft, to be changed, submitted, or passed by a second person."""
    return _draft_page(db, actor, code)


@blueprint.post("/drafts/<code>")
@access(Role.DEPARTMENT)
@act(again=_draft_page)
def save(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Keep the changes, and hand the draft on where that was the button."""
    form = parse(DraftForm, request.form)
    before = dict(queries.draft(db, actor, code).source)
    services.save(db, actor, code, form.changes(before), form.issued_on, form.effective_from)
    if request.form.get("then") == "submit":
        services.submit(db, actor, code)
    return redirect(url_for("drafting.draft", code=code), 303)


@blueprint.post("/drafts/<code>/drop")
@access(Role.DEPARTMENT)
@act()
def drop(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Give it up."""
    services.drop(db, actor, code)
    return redirect(url_for("drafting.drafts"), 303)


@blueprint.post("/drafts/<code>/send-back")
@access(Role.DEPARTMENT)
@act(again=_draft_page)
def send_back(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Back to the drafter."""
    services.send_back(db, actor, code, parse(SendBackForm, request.form).reason)
    return redirect(url_for("drafting.draft", code=code), 303)


@blueprint.post("/drafts/<code>/publish")
@access(Role.DEPARTMENT)
@act(again=_draft_page)
def publish(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """The second person passes it: it is in force."""
    services.publish(db, actor, code, parse(PassForm, request.form).record())
    return redirect(url_for("catalog.item", code=code), 303)


@blueprint.post("/items/<code>/amend")
@access(Role.DEPARTMENT)
@act()
def amend(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Draft the next version of a published item."""
    services.add(db, actor, queries.published_source(db, actor, code), doubts=[])
    return redirect(url_for("drafting.draft", code=code), 303)


@blueprint.post("/items/<code>/withdraw")
@access(Role.DEPARTMENT)
@act()
def withdraw(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Take a published item of one's own off the lists; it stays readable."""
    catalogue.withdraw(db, actor, code, parse(SendBackForm, request.form).reason)
    return redirect(url_for("catalog.item", code=code), 303)
