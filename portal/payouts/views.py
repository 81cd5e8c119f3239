"""The finance desk, a payment, the pools."""

from collections.abc import Iterable
from typing import Any, TypeVar

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation import clock, four_eyes
from foundation.deadlines import queries as deadlines
from foundation.deadlines.wording import ClockView
from foundation.errors import Invalid, NotFound, Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from foundation.web.navigation import Entry
from portal.payouts import queries, rules, services
from portal.payouts.forms import PayForm, PoolForm, PrepareForm, ReturnForm, TopUpForm, VoidForm
from portal.payouts.queries import Desk, LineView, ShareView
from portal.payouts.rules import SOURCE_LABELS, FundSource, LineAct

blueprint = Blueprint("payouts", __name__, template_folder="templates")
READERS = frozenset({Role.FINANCE, Role.SUPERVISOR, Role.AUDIT_ADMIN})
NAVIGATION = (
    Entry("资金兑付", "payouts.desk", frozenset({Role.FINANCE}), rank=10),
    Entry("资金池", "payouts.pools", READERS, rank=20),
)
ADMINISTRATION = (
    Entry("资金池", "payouts.pools", frozenset({Role.AUDIT_ADMIN}), 50, "每项政策每年的总额、预留和已付"),
)
LIMIT = "payout"
LAST = (9, 0.0)  # without a clock: after every row that has one
Problems = tuple[Problem, ...]
R = TypeVar("R", LineView, ShareView)


@blueprint.get("/payouts")
@access(Role.FINANCE)
@reads
def desk(db: Session, actor: Actor) -> str:
    """What to confirm, what to prepare, who waits for funds; the most urgent first."""
    found = queries.desk(db, actor)
    clocks = _payout_clocks(db, found.subjects)
    done = request.args.get("done", "")
    return page(
        "payouts/desk.html", desk=found, to_pay=_by_urgency(found.to_pay, clocks), clocks=clocks,
        to_prepare=_by_urgency(found.to_prepare, clocks), heading=_heading(found, clocks), late=_late(clocks),
        done=queries.line_of(db, actor, done) if done else None,
    )  # fmt: skip


def _prepare_page(
    db: Session, actor: Actor, subject: str, source: str, problems: Problems = (), values: Any = None
) -> str:
    share = queries.share_of(db, actor, subject, _source(source))
    return page("payouts/prepare.html", share=share, problems=problems, values=values or {})


@blueprint.get("/payouts/claims/<subject>/<source>")
@access(Role.FINANCE)
@reads
def prepare_form(db: Session, actor: Actor, subject: str, source: str) -> str:
    """做付款申请: how much of one source's share."""
    return _prepare_page(db, actor, subject, source)


@blueprint.post("/payouts/claims/<subject>/<source>")
@access(Role.FINANCE)
@act(again=_prepare_page)
def prepare(db: Session, actor: Actor, subject: str, source: str) -> ResponseReturnValue:
    """Prepare the next payment."""
    form = parse(PrepareForm, request.form)
    done = services.prepare_line(db, actor, subject=subject, source=_source(source), amount_fen=form.amount)
    return _back(done)


def _line_page(
    db: Session, actor: Actor, payment_id: str, problems: Problems = (), values: Any = None
) -> str:
    found = queries.line_of(db, actor, payment_id)
    return page(
        "payouts/line.html", line=found, problems=problems, values=values or {},
        own=not four_eyes.is_other(actor, found.maker_id),
        clock=_payout_clocks(db, [found.subject]).get(found.subject),
        may=_acts(found) if actor.role is Role.FINANCE else set(),
    )  # fmt: skip


@blueprint.get("/payouts/lines/<payment_id>")
@access(*READERS)
@reads
def line(db: Session, actor: Actor, payment_id: str) -> str:
    """One payment, echoed in full before it is confirmed."""
    return _line_page(db, actor, payment_id)


@blueprint.post("/payouts/lines/<payment_id>/pay")
@access(Role.FINANCE)
@act(again=_line_page)
def pay(db: Session, actor: Actor, payment_id: str) -> ResponseReturnValue:
    """确认付款, by the bank's slip."""
    form = parse(PayForm, request.form)
    services.pay(db, actor, payment_id=payment_id, paid_at=form.paid_at, bank_reference=form.bank_reference)
    return _back(payment_id)


@blueprint.post("/payouts/lines/<payment_id>/return")
@access(Role.FINANCE)
@act(again=_line_page)
def return_line(db: Session, actor: Actor, payment_id: str) -> ResponseReturnValue:
    """登记退票, by the bank's notice."""
    form = parse(ReturnForm, request.form)
    services.return_line(db, actor, payment_id=payment_id, returned_at=form.returned_at, reason=form.reason)
    return _back(payment_id)


@blueprint.post("/payouts/lines/<payment_id>/void")
@access(Role.FINANCE)
@act(again=_line_page)
def void(db: Session, actor: Actor, payment_id: str) -> ResponseReturnValue:
    """作废 a payment that has not left."""
    form = parse(VoidForm, request.form)
    services.void_line(db, actor, payment_id=payment_id, reason=form.reason)
    return _back(payment_id)


@blueprint.get("/payouts/pools")
@access(*READERS)
@reads
def pools(db: Session, actor: Actor) -> str:
    """Every pool in sight, with what is promised, paid and left."""
    found = queries.pools(db, actor)
    return page(
        "payouts/pools.html", pools=found, short=[pool for pool in found if pool.waiting],
        done=next((pool for pool in found if pool.code == request.args.get("done")), None),
    )  # fmt: skip


def _pool_page(db: Session, actor: Actor, problems: Problems = (), values: Any = None) -> str:
    return page(
        "payouts/open_pool.html", sources=[(source.value, label) for source, label in SOURCE_LABELS.items()],
        problems=problems, values=values or {"year": clock.now().year},
    )  # fmt: skip


@blueprint.get("/payouts/pools/new")
@access(Role.FINANCE)
@reads
def pool_form(db: Session, actor: Actor) -> str:
    """设立资金池: an item's money of one year and source."""
    return _pool_page(db, actor)


@blueprint.post("/payouts/pools/new")
@access(Role.FINANCE)
@act(again=_pool_page)
def open_pool(db: Session, actor: Actor) -> ResponseReturnValue:
    """Set it up, empty, and go on to fill it."""
    form = parse(PoolForm, request.form)
    services.open_own_pool(db, actor, **form.model_dump())
    return redirect(url_for("payouts.top_up_form", code=form.code), 303)


def _top_up_page(db: Session, actor: Actor, code: str, problems: Problems = (), values: Any = None) -> str:
    pool = queries.pool(db, actor, code)
    given = values or request.args
    checked = None
    if given and not problems:
        try:
            checked = parse(TopUpForm, given)
        except Invalid as refusal:
            problems = refusal.problems
    return page("payouts/top_up.html", pool=pool, problems=problems, values=given, checked=checked)


@blueprint.get("/payouts/pools/<code>/top-up")
@access(Role.FINANCE)
@reads
def top_up_form(db: Session, actor: Actor, code: str) -> str:
    """补足资金: first what the document says, then the amount echoed in full."""
    return _top_up_page(db, actor, code)


@blueprint.post("/payouts/pools/<code>/top-up")
@access(Role.FINANCE)
@act(again=_top_up_page)
def top_up(db: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """Book what the treasury gave; whoever waits is covered in order."""
    form = parse(TopUpForm, request.form)
    services.top_up(db, actor, pool_code=code, amount_fen=form.amount, document_number=form.document_number)
    return redirect(url_for("payouts.pools", done=code), 303)


def _back(payment_id: str) -> ResponseReturnValue:
    return redirect(url_for("payouts.desk", done=payment_id), 303)


def _source(word: str) -> FundSource:
    try:
        return FundSource(word)
    except ValueError:
        raise NotFound from None


def _acts(found: LineView) -> set[str]:
    return {kind.value for kind in LineAct if found.state in rules.before(kind)}


def _payout_clocks(db: Session, subjects: Iterable[str]) -> dict[str, ClockView]:
    shown = deadlines.clocks(db, subjects, clock.now())
    return {subject: view for subject, views in shown.items() for view in views if view.limit == LIMIT}


def _by_urgency(rows: tuple[R, ...], clocks: dict[str, ClockView]) -> list[R]:
    return sorted(
        rows, key=lambda row: clocks[row.subject].most_urgent_key if row.subject in clocks else LAST
    )


def _late(clocks: dict[str, ClockView]) -> set[str]:
    return {subject for subject, view in clocks.items() if view.state == "over"}


def _heading(found: Desk, clocks: dict[str, ClockView]) -> str:
    if not found.to_pay and not found.to_prepare:
        return "现在没有要付的款"
    parts = [
        f"{len(rows)} 笔{words}"
        for rows, words in ((found.to_pay, "等确认付款"), (found.to_prepare, "要做付款申请"))
        if rows
    ]
    late = len(_late(clocks))
    return "有 " + "，".join(parts) + (f"，{late} 件已逾期" if late else "")
