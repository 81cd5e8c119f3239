"""The API `/api/v1`, its description, and the page on which a firm keeps its tokens."""

from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from catalog import queries as catalogue
from foundation import audit, clock
from foundation.deadlines import queries as deadlines
from foundation.errors import NotFound, Problem
from foundation.web.access import PUBLIC, TOKEN, Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from foundation.web.limits import TOKENS, limited
from foundation.web.navigation import Entry
from foundation.web.site import site
from matching import queries as matching
from portal.api import openapi, queries, services, uses
from portal.api.answers import (
    Cases,
    Item,
    Items,
    OneCase,
    Timings,
    Verdict,
    Verdicts,
    Versions,
    case_line,
    item_line,
    one_case,
    one_item,
    paging,
)
from portal.api.forms import CasesAsked, ItemsAsked, TimingsAsked, TokenForm, VerdictsAsked
from portal.api.operations import Nothing, operation
from portal.api.rules import PERIODS, USUAL_PERIOD
from portal.reports.views import board_as_json
from portal.window import queries as window
from portal.window import story
from portal.window.returns import standing as returns

blueprint = Blueprint("api", __name__, template_folder="templates")
FOOTER = (Entry("开放接口", "api.described", rank=60),)
API = "/api/v1"
# in the signed cookie of the one browser that made it, until it is shown
MADE = "api.made"


def load_bearer(db: Session) -> Actor | None:
    """Whose token the request carries; that it was used is written down after the answer."""
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        return None
    found = queries.bearer(db, given.token, clock.now().date())
    if found is None:
        return None
    g.token_used = found[0]
    return found[1]


@blueprint.after_request
def _note_use(response: Response) -> Response:
    if "token_used" in g:
        database, token = site().database, g.token_used
        response.call_on_close(lambda: uses.note(database, token))
    return response


@blueprint.get(API)
@access(PUBLIC)
@reads
def described(db: Session, actor: Actor | None) -> str:
    """The API for people who write programs against it."""
    return page("api/described.html", api=_document(), is_firm=_is_firm(actor))


@blueprint.get(f"{API}/openapi.json")
@access(PUBLIC)
@reads
def document(db: Session, actor: Actor | None) -> Response:
    """The API for programs."""
    return jsonify(_document())


def _document() -> dict[str, Any]:
    return openapi.document(current_app, site().settings.public_url or request.host_url.rstrip("/"))


@blueprint.get(f"{API}/<path:rest>")
@access(PUBLIC)
@reads
def nothing(db: Session, actor: Actor | None, rest: str) -> Response:
    """Any other address below the API."""
    raise NotFound("接口没有这个地址。请核对文档：/api/v1。")


@blueprint.get(f"{API}/items")
@access(PUBLIC)
@reads
@operation("查事项", Items, ItemsAsked, by_catalogue=True)
def items(db: Session, actor: Actor | None, asked: ItemsAsked) -> Items:
    """The catalogue in force."""
    today = clock.now().date()
    found = queries.items(db, asked.filters(), asked.q, asked.page, asked.size, today)
    lines = [item_line(row, today) for row in found.rows]
    return Items(**paging(found, asked.page, asked.size), items=lines)


@blueprint.get(f"{API}/items/<code>")
@access(PUBLIC)
@reads
@operation("一个事项的现行版本", Item, by_catalogue=True)
def item(db: Session, actor: Actor | None, asked: Nothing, code: str) -> Item:
    """The version in force."""
    return one_item(catalogue.item(db, code))


@blueprint.get(f"{API}/items/<code>/versions")
@access(PUBLIC)
@reads
@operation("一个事项的全部版本", Versions, by_catalogue=True)
def versions(db: Session, actor: Actor | None, asked: Nothing, code: str) -> Versions:
    """Every version, the newest first."""
    found = queries.versions(db, code)
    return Versions.model_validate({"code": code, "versions": found})


@blueprint.get(f"{API}/items/<code>/versions/<int:number>")
@access(PUBLIC)
@reads
@operation("一个事项的某个版本", Item, by_catalogue=True)
def version(db: Session, actor: Actor | None, asked: Nothing, code: str, number: int) -> Item:
    """One version as it was published."""
    return one_item(queries.version(db, code, number))


@blueprint.get(f"{API}/timings")
@access(PUBLIC)
@reads
@operation("公开的办理时限", Timings, TimingsAsked)
def timings(db: Session, actor: Actor | None, asked: TimingsAsked) -> Timings:
    """How long things really take."""
    return Timings.model_validate(board_as_json(db, asked.month))


@blueprint.get(f"{API}/cases")
@access(TOKEN)
@reads
@operation("本企业的办件", Cases, CasesAsked)
def cases(db: Session, actor: Actor, asked: CasesAsked) -> Cases:
    """The bearer's own cases."""
    found = queries.cases(db, actor, asked.stage, asked.page, asked.size)
    standing = returns.standings(db, [row.number for row in found.rows])
    lines = [case_line(row, standing.get(row.number, "")) for row in found.rows]
    return Cases(**paging(found, asked.page, asked.size), cases=lines)


@blueprint.get(f"{API}/cases/<number>")
@access(TOKEN)
@reads
@operation("本企业的一件办件", OneCase)
def case(db: Session, actor: Actor, asked: Nothing, number: str) -> OneCase:
    """One of the bearer's own cases."""
    row, now = queries.case(db, actor, number), clock.now()
    lines = audit.timeline(db, row.subject)
    names = window.organisation_names(db, lines)
    standing = returns.standings(db, [number]).get(number, "")
    told = story.tell(lines, deadlines.ledger(db, row.subject, now), names, row.stage, ended=True)
    return one_case(row, standing, deadlines.clocks(db, [row.subject], now)[row.subject], told)


@blueprint.get(f"{API}/verdicts")
@access(TOKEN)
@reads
@operation("本企业符合哪些政策", Verdicts, VerdictsAsked)
def verdicts(db: Session, actor: Actor, asked: VerdictsAsked) -> Verdicts:
    """Every published item held against the bearer."""
    today = clock.now().date()
    every = matching.match_enterprise(db, actor.organisation_code, today)["results"]
    chosen = [each for each in every if asked.outcome in {None, each["outcome"]}]
    start = (asked.page - 1) * asked.size
    part = queries.Part(chosen[start : start + asked.size], len(chosen))
    return Verdicts(
        **paging(part, asked.page, asked.size),
        enterprise=actor.organisation_code,
        as_of=today,
        verdicts=[Verdict.model_validate(each) for each in part.rows],
    )


def _tokens_page(
    db: Session,
    actor: Actor,
    problems: tuple[Problem, ...] = (),
    values: MultiDict[str, str] | None = None,
    made: str | None = None,
) -> str:
    return page(
        "api/tokens.html",
        tokens=queries.tokens(db, actor, clock.now().date()),
        periods=list(PERIODS.items()),
        problems=problems,
        values=values or {"label": "", "days": USUAL_PERIOD},
        made=made,
    )


@blueprint.get("/tokens")
@access(Role.ENTERPRISE)
@reads
def tokens(db: Session, actor: Actor) -> str:
    """The firm's tokens; a new one is shown this once."""
    return _tokens_page(db, actor, made=session.pop(MADE, None))


@blueprint.post("/tokens")
@limited(TOKENS)
@access(Role.ENTERPRISE)
@act(again=_tokens_page)
def make_token(db: Session, actor: Actor) -> ResponseReturnValue:
    """Make one."""
    form = parse(TokenForm, request.form)
    session[MADE] = services.make(db, actor, label=form.label, days=form.days)
    return redirect(url_for("api.tokens"), 303)


@blueprint.post("/tokens/<handle>/revoke")
@access(Role.ENTERPRISE)
@act()
def revoke_token(db: Session, actor: Actor, handle: str) -> ResponseReturnValue:
    """End one at once."""
    services.revoke(db, actor, handle)
    return redirect(url_for("api.tokens"), 303)


def _is_firm(actor: Actor | None) -> bool:
    return actor is not None and actor.role is Role.ENTERPRISE
