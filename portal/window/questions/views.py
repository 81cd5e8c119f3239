"""咨询: ask with or without an account, answer from the window's and the department's desks."""

import hashlib
import hmac
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog import queries as catalog
from foundation import audit, clock
from foundation.accounts import queries as accounts
from foundation.accounts.rules import OrganisationKind
from foundation.errors import Problem
from foundation.web.access import PUBLIC, Actor, Role, access
from foundation.web.act import KEY_FIELD, act, page, reads
from foundation.web.forms import parse
from foundation.web.navigation import Entry
from foundation.web.site import site
from notices.codes import as_typed
from portal.window import queries as cases
from portal.window.questions import queries, services, story
from portal.window.questions.forms import LABELS, AnswerForm, AskForm, PassForm, ReasonForm, TypeInForm
from portal.window.questions.queries import QuestionView

blueprint = Blueprint("questions", __name__, template_folder="templates")
STAFF = (Role.WINDOW, Role.DEPARTMENT, Role.SUPERVISOR)
NAVIGATION = (
    Entry("咨询", "questions.desk", frozenset(STAFF), rank=27),
    Entry("我的咨询", "questions.mine", frozenset({Role.ENTERPRISE}), rank=40),
)
FOOTER = (Entry("咨询专窗", "questions.ask_form"), Entry("查咨询的答复", "questions.look_up"))


def _ask_page(
    db: Session, actor: Actor | None, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    code = (values or {}).get("item", "") or request.args.get("item", "")
    windows = accounts.organisations(db, OrganisationKind.WINDOW)
    return page(
        "questions/ask.html",
        item=catalog.item(db, code) if code else None,
        windows=[(window.code, window.name) for window in windows],
        problems=problems,
        values=values or {},
        labels=LABELS,
    )


@blueprint.get("/ask")
@access(PUBLIC)
@reads
def ask_form(db: Session, actor: Actor | None) -> str:
    """What one wants to know, about an item or in general."""
    return _ask_page(db, actor)


@blueprint.post("/ask")
@access(PUBLIC)
@act(again=_ask_page)
def ask(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """An enterprise gets the answer into its inbox, a visitor a code to read it with."""
    asking = parse(AskForm, request.form).asking()
    if actor is not None and actor.role is Role.ENTERPRISE:
        number = services.ask(db, actor, asking).number
        return redirect(url_for("questions.question", number=number), 303)
    received = services.ask_unknown(db, asking, form_key=request.form.get(KEY_FIELD, ""), origin=_origin())
    return redirect(url_for("questions.looked_up", code=received.code), 303)


def _origin() -> str:
    """Where a visitor comes from, readable to nobody and another one every day: for the rate limit alone."""
    said = f"{clock.now():%Y-%m-%d} {request.remote_addr}"
    return hmac.new(site().settings.secret_key.encode(), said.encode(), hashlib.sha256).hexdigest()


@blueprint.get("/answers")
@access(PUBLIC)
@reads
def look_up(db: Session, actor: Actor | None) -> ResponseReturnValue:
    """Type the code that one got when asking."""
    code = as_typed(request.args.get("code", ""))
    if code:
        return redirect(url_for("questions.looked_up", code=code), 303)
    return page("questions/look_up.html", asked="code" in request.args, wrong=False)


@blueprint.get("/answers/<code>")
@access(PUBLIC)
@reads
def looked_up(db: Session, actor: Actor | None, code: str) -> ResponseReturnValue:
    """Where the question of this code stands, and its answer."""
    found = queries.by_code(db, code, clock.now())
    if found is None:
        return page("questions/look_up.html", asked=True, wrong=True), 404
    return page("questions/looked_up.html", question=found, code=as_typed(code))


@blueprint.get("/my/questions")
@access(Role.ENTERPRISE)
@reads
def mine(db: Session, actor: Actor) -> str:
    """What the enterprise asked, with the answers."""
    return page("questions/mine.html", questions=queries.mine(db, actor, clock.now()))


@blueprint.get("/questions")
@access(*STAFF)
@reads
def desk(db: Session, actor: Actor) -> str:
    """What waits for an answer, the most urgent first."""
    answered = request.args.get("tab") == "answered"
    found = queries.desk(db, actor, answered=answered, now=clock.now())
    return page("questions/desk.html", desk=found, answered=answered)


def _type_in_page(db: Session, actor: Actor, problems: tuple[Problem, ...] = (), values: Any = None) -> str:
    given = values or {"item": request.args.get("item", ""), "channel": "phone"}
    return page("questions/type_in.html", problems=problems, values=given, labels=LABELS)


@blueprint.get("/questions/new")
@access(Role.WINDOW)
@reads
def type_in_form(db: Session, actor: Actor) -> str:
    """A question by phone or at the counter."""
    return _type_in_page(db, actor)


@blueprint.post("/questions/new")
@access(Role.WINDOW)
@act(again=_type_in_page)
def type_in(db: Session, actor: Actor) -> ResponseReturnValue:
    """Take it in; whoever is at the counter gets the code along."""
    form = parse(TypeInForm, request.form)
    key = request.form.get(KEY_FIELD, "")
    received = services.type_in(db, actor, form.asking(), form.channel, form_key=key)
    return redirect(url_for("questions.question", number=received.number, code=received.code), 303)


def question_page(
    db: Session, actor: Actor, number: str, problems: tuple[Problem, ...] = (), values: Any = None
) -> str:
    """One question with everything that may be done to it."""
    found = queries.one(db, actor, number, clock.now())
    lines = audit.timeline(db, found.subject)
    return page(
        "questions/question.html",
        question=found,
        acts={act_.value for act_ in found.acts(actor.role)},
        departments=_departments(db, actor, found),
        story=story.tell(lines, cases.organisation_names(db, lines)),
        entry=queries.faq_from(db, number) if actor.role in STAFF else None,
        code=as_typed(request.args.get("code", "")),
        problems=problems,
        values=values or {},
        labels=LABELS,
    )


def _departments(db: Session, actor: Actor, found: QuestionView) -> list[tuple[str, str]]:
    """Whom the window may pass it to, the item's own department first."""
    if actor.role is not Role.WINDOW:
        return []
    known = accounts.organisations(db, OrganisationKind.DEPARTMENT)
    own = catalog.item(db, found.item_code).department_id if found.item_code else None
    listed = [body for body in known if body.confirmed or body.id == own]
    return [(body.code, body.name) for body in sorted(listed, key=lambda body: (body.id != own, body.code))]


@blueprint.get("/questions/<number>")
@access(Role.ENTERPRISE, *STAFF)
@reads
def question(db: Session, actor: Actor, number: str) -> str:
    """Where it stands, the answer, what I can do."""
    return question_page(db, actor, number)


def _back(number: str) -> ResponseReturnValue:
    return redirect(url_for("questions.question", number=number), 303)


@blueprint.post("/questions/<number>/answer")
@access(Role.WINDOW, Role.DEPARTMENT)
@act(again=question_page)
def answer(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """答复."""
    form = parse(AnswerForm, request.form)
    services.answer(db, actor, number, words=form.answer, told=form.told == "yes")
    return _back(number)


@blueprint.post("/questions/<number>/pass")
@access(Role.WINDOW)
@act(again=question_page)
def pass_on(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """转部门答复."""
    form = parse(PassForm, request.form)
    services.pass_on(db, actor, number, department=form.department, note=form.note)
    return _back(number)


@blueprint.post("/questions/<number>/return")
@access(Role.DEPARTMENT)
@act(again=question_page)
def send_back(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """退回专窗."""
    services.send_back(db, actor, number, reason=parse(ReasonForm, request.form).reason)
    return _back(number)


@blueprint.post("/questions/<number>/told")
@access(Role.WINDOW)
@act(again=question_page)
def told(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """The asker heard the answer over the phone."""
    services.tell(db, actor, number)
    return _back(number)


@blueprint.post("/questions/<number>/missed")
@access(Role.WINDOW)
@act(again=question_page)
def missed(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """Nobody picked up."""
    services.miss(db, actor, number)
    return _back(number)
