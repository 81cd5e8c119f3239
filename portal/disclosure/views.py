"""Revealing a personal value, fetching a file that holds many, and the page of whoever watches over it."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, cast

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import StringConstraints
from sqlalchemy.orm import Session

from foundation.accounts.wording import ROLE_NAMES
from foundation.errors import NotFound, Problem
from foundation.web.access import STAFF, Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import Form, parse
from foundation.web.navigation import Entry
from portal.disclosure import queries, services
from portal.disclosure.rules import ACT_NAMES, Act
from portal.disclosure.sources import Source

blueprint = Blueprint("disclosure", __name__, template_folder="templates")
WATCHING = frozenset({Role.SUPERVISOR, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
NAVIGATION = (Entry("查看和导出记录", "disclosure.record", frozenset({Role.SUPERVISOR}), 75),)
ADMINISTRATION = (
    Entry(
        "查看和导出记录",
        "disclosure.record",
        WATCHING - {Role.SUPERVISOR},
        45,
        "谁看了、谁下载了个人信息",
    ),
)
LABELS = {"reason": "用途"}


class AskForm(Form):
    """Why."""

    reason: Annotated[str, StringConstraints(min_length=4, max_length=200)]


def init(app: Flask, sources: Iterable[Source]) -> None:
    """Take what the rooms can let out."""
    app.extensions["disclosure"] = {source.what: source for source in sources}


def _source(actor: Actor, what: str) -> Source:
    known = cast(Mapping[str, Source], current_app.extensions["disclosure"])
    source = known.get(what)
    if source is None or actor.role not in source.roles:
        raise NotFound("没有可以查看的内容。请从办件或批次的页面进入。")
    return source


def _ask_page(
    db: Session,
    actor: Actor,
    what: str,
    of: str,
    problems: tuple[Problem, ...] = (),
    values: Mapping[str, Any] | None = None,
) -> str:
    source = _source(actor, what)
    return page(
        "disclosure/ask.html",
        source=source, of=of, rows=source.check(db, actor, of), problems=problems, values=values or {},
        labels=LABELS,
    )  # fmt: skip


@blueprint.get("/disclosures/<what>/<of>")
@access(STAFF)
@reads
def ask(db: Session, actor: Actor, what: str, of: str) -> str:
    """Say what for."""
    return _ask_page(db, actor, what, of)


@blueprint.post("/disclosures/<what>/<of>")
@access(STAFF)
@act(again=_ask_page)
def let_out(db: Session, actor: Actor, what: str, of: str) -> ResponseReturnValue:
    """On the record; then the value, or the file."""
    source = _source(actor, what)
    code = services.let_out(db, actor, source, of, parse(AskForm, request.form).reason)
    if source.read is None:
        return redirect(f"{source.place(of)}?code={code}", 303)
    return redirect(url_for("disclosure.shown", code=code), 303)


@blueprint.get("/disclosures/<code>")
@access(STAFF)
@reads
def shown(db: Session, actor: Actor, code: str) -> Response:
    """The values, for ten minutes, to whoever asked."""
    known = queries.opened(db, actor, code)
    if known is None:
        raise NotFound("查看的时间已过，或者不是您要求查看的。需要时请回到办件页面，重新写明用途。")
    source = _source(actor, known.what)
    if source.read is None:
        raise NotFound
    text = page(
        "disclosure/shown.html",
        source=source, known=known, values=source.read(db, actor, known.of), back=source.place(known.of),
    )  # fmt: skip
    answer = make_response(text)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/disclosures")
@access(*WATCHING)
@reads
def record(db: Session, actor: Actor) -> str:
    """Who was let see what; the latest first."""
    asked = request.args.get("page", "1")
    number = min(max(int(asked), 1), 10_000) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    rows, total = queries.latest(db, actor, number)
    known = cast(Mapping[str, Source], current_app.extensions["disclosure"])
    return page(
        "disclosure/record.html",
        rows=rows,
        place={"number": number, "size": queries.PAGE_SIZE, "total": total},
        labels={what: source.label for what, source in known.items()},
        acts=ACT_NAMES, exported=Act.EXPORTED, roles=ROLE_NAMES,
        whole=actor.role in queries.KNOWS_OF_WHOM,
    )  # fmt: skip
