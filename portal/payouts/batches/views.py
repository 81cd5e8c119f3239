"""Batches of payments: what could go together, one batch, its file for the treasury, the bank's answers."""

from typing import Annotated, Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import StringConstraints
from sqlalchemy.orm import Session

from foundation import four_eyes
from foundation.errors import Conflict, Invalid, NotFound, Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import Form, Line, Printable, parse
from foundation.web.navigation import Entry
from foundation.web.site import site
from foundation.web.uploads import received
from portal.disclosure.services import check_export
from portal.payouts.batches import disclosing, queries, services, treasury
from portal.payouts.batches.treasury import Answer
from portal.payouts.rules import BatchState, LineState

blueprint = Blueprint("batches", __name__, url_prefix="/payouts/batches")
NAVIGATION = (Entry("批量付款", "batches.overview", frozenset({Role.FINANCE}), rank=15),)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Problems = tuple[Problem, ...]


class _PrepareForm(Form):
    """Which pool, and which list."""

    pool: Line
    group: str = ""


class _ReasonForm(Form):
    """Why a batch is taken back."""

    reason: Line


class _ResultsForm(Form):
    """The bank's answers, pasted from a spreadsheet."""

    pasted: Annotated[str, StringConstraints(max_length=treasury.LONGEST_PASTE), Printable] = ""


def _overview_page(db: Session, actor: Actor, problems: Problems = (), values: Any = None) -> str:
    return page(
        "payouts/batches.html",
        ready=queries.ready(db, actor),
        batches=queries.batches(db, actor),
        problems=problems,
    )


@blueprint.get("")
@access(Role.FINANCE)
@reads
def overview(db: Session, actor: Actor) -> str:
    """What could be paid together, and the latest batches."""
    return _overview_page(db, actor)


@blueprint.post("")
@access(Role.FINANCE)
@act(again=_overview_page)
def prepare(db: Session, actor: Actor) -> ResponseReturnValue:
    """做一批付款申请."""
    form = parse(_PrepareForm, request.form)
    return _back(services.prepare(db, actor, pool_code=form.pool, group=form.group))


def _batch_page(db: Session, actor: Actor, number: str, problems: Problems = (), values: Any = None) -> str:
    found = queries.batch(db, actor, number)
    return page(
        "payouts/batch.html",
        batch=found,
        counts=[(state, found.counted(state)) for state in LineState if found.counted(state)],
        own=not four_eyes.is_other(actor, found.maker_id),
        can_release=found.state is BatchState.PREPARED,
        can_import=found.state in {BatchState.RELEASED, BatchState.SETTLED},
        headings=treasury.ANSWERS,
        problems=problems,
        values=values or {},
    )


@blueprint.get("/<number>")
@access(Role.FINANCE)
@reads
def batch(db: Session, actor: Actor, number: str) -> str:
    """One batch with every payment of it."""
    return _batch_page(db, actor, number)


@blueprint.post("/<number>/release")
@access(Role.FINANCE)
@act(again=_batch_page)
def release(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """复核并送国库, by a second person."""
    services.release(db, actor, number)
    return _back(number)


@blueprint.post("/<number>/withdraw")
@access(Role.FINANCE)
@act(again=_batch_page)
def withdraw(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """作废 a batch that was not released."""
    services.withdraw(db, actor, number, reason=parse(_ReasonForm, request.form).reason)
    return _back(number)


@blueprint.get("/<number>/treasury.<kind>")
@access(Role.FINANCE)
@reads
def treasury_file(db: Session, actor: Actor, number: str, kind: str) -> Response:
    """The file for the treasury, exactly as it was released."""
    orders, digest = queries.file_of(db, actor, number)
    check_export(db, actor, disclosing.what(kind), number, request.args.get("code", ""))
    if treasury.digest(orders) != digest:
        raise Conflict("付款明细与复核时不一致，不能下载。请联系系统管理员核对。")
    match kind:
        case "csv":
            content, media_type = treasury.as_csv(orders), "text/csv; charset=utf-8"
        case "xlsx":
            content, media_type = treasury.as_xlsx(orders), SHEET
        case _:
            raise NotFound
    answer = Response(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{number}.{kind}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/<number>/results")
@access(Role.FINANCE)
@act(again=_batch_page)
def results(db: Session, actor: Actor, number: str) -> ResponseReturnValue:
    """导入回单, row by row."""
    services.take_results(db, actor, number, _answers())
    return _back(number)


def _answers() -> list[Answer]:
    pasted = parse(_ResultsForm, request.form).pasted
    sheets = [upload for upload in received() if upload.media_type == SHEET]
    if sheets:
        return treasury.read_xlsx(site().files.get(sheets[0].key))
    if pasted:
        return treasury.read_pasted(pasted)
    raise Invalid.of("results", "还没有选择回单文件", "请选择 xlsx 文件，或把表格贴在下面")


def _back(number: str) -> ResponseReturnValue:
    return redirect(url_for("batches.batch", number=number), 303)
