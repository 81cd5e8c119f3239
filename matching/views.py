"""我的政策: what an enterprise may have, what it is asked, and why not."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation import clock
from foundation.enterprises import queries as enterprises
from foundation.enterprises import services
from foundation.enterprises.queries import Profile
from foundation.errors import Invalid, NotFound, Problem
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import parse
from foundation.web.htmx import is_fragment
from foundation.web.navigation import Entry
from matching import pages, queries
from matching.board import Board
from matching.forms import AnswerForm
from matching.questions import UNSURE, Question, question_about, read_answer
from matching.rules import Match

blueprint = Blueprint("matching", __name__, template_folder="templates")
NAVIGATION = (Entry("我的政策", "matching.mine", frozenset({Role.ENTERPRISE}), rank=20),)


def every_page(db: Session, actor: Actor | None) -> dict[str, Any]:
    """What the front page shows an enterprise of this room: how many policies it may have, for how much."""
    if actor is None or actor.role is not Role.ENTERPRISE or request.endpoint != "catalog.home":
        return {}
    try:
        profile = enterprises.profile(db, actor.organisation_code)
    except NotFound:  # bound, but no register has sent anything about it yet
        return {}
    return {"entitled": "".join(pages.heading(queries.board_of(db, profile, clock.now().date())))}


@blueprint.get("/my/policies")
@access(Role.ENTERPRISE)
@reads
def mine(db: Session, actor: Actor) -> str:
    """Three groups, the total, and the next best question."""
    return _mine(db, actor)


def _mine(
    db: Session, actor: Actor, problems: tuple[Problem, ...] = (), values: Mapping[str, Any] | None = None
) -> str:
    try:
        profile = enterprises.profile(db, actor.organisation_code)
    except NotFound:
        return page("matching/no_profile.html")
    today = clock.now().date()
    board = queries.board_of(db, profile, today)
    given = values or {}
    known = profile.values
    question, following = _chosen(db, board, known, given.get("field") or request.args.get("ask", ""))
    answered = request.args.get("answered", "")
    return page(
        "matching/mine.html",
        enterprise=profile.enterprise,
        today=today,
        board=board,
        heading=pages.heading(board),
        total=pages.total(board),
        parts=pages.parts(board, queries.by_code(db)),
        left_out=pages.left_out(board, queries.by_code(db)),
        lists=_lists(db, board, profile, today),
        question=question,
        why_asked=pages.why_asked(question) if question else "",
        following=following,
        known=pages.known_facts(profile.facts, queries.leaves_of(db)),
        said=pages.answered(_touching(db, answered, known), answered) if answered else "",
        problems=problems,
        values=given,
    )


def _touching(db: Session, field: str, values: Mapping[str, Any]) -> list[Match]:
    return queries.touching(db, field, values, clock.now().date())


def _chosen(db: Session, board: Board, values: Mapping[str, Any], name: str) -> tuple[Question | None, str]:
    """The question to show, and the field of the one after it."""
    names = [question.field.name for question in board.asked]
    if name not in names:
        wished = question_about(_touching(db, name, values), name) if name else None
        following = names[1] if len(names) > 1 and not wished else ""
        return wished or (board.asked[0] if names else None), following
    place = names.index(name)
    return board.asked[place], names[(place + 1) % len(names)] if len(names) > 1 else ""


def _lists(
    db: Session, board: Board, profile: Profile, today: date
) -> dict[str, tuple[Sequence[pages.Row], pages.Part]]:
    """One page of each group."""
    lists = {}
    for name, codes in board.codes.items():
        part = pages.part(request.args.get(name, "1"), len(codes))
        rows = board.shown.get((name, part.number))
        if rows is None:
            found = queries.rows(db, profile.values, codes[part.first - 1 : part.last], today)
            rows = [pages.row(one, today, profile.facts) for one in found]
            board.keep(name, part.number, rows)
        lists[name] = rows, part
    return lists


@blueprint.post("/my/policies")
@access(Role.ENTERPRISE)
@act(again=_mine)
def answer(db: Session, actor: Actor) -> ResponseReturnValue:
    """Take the answer to one question as a declared fact; "not sure" goes on to the next question."""
    form = parse(AnswerForm, request.form)
    profile = enterprises.profile(db, actor.organisation_code)
    asked = question_about(_touching(db, form.field, profile.values), form.field)
    if asked is None:
        raise Invalid.of("value", "这一题已经不需要回答", "请看页面上新的问题")
    if form.value == UNSURE:
        board = queries.board_of(db, profile, clock.now().date())
        _, following = _chosen(db, board, profile.values, form.field)
        return redirect(url_for("matching.mine", ask=following or None), 303)
    value = read_answer(asked, form.value)
    code = profile.enterprise.credit_code
    services.declare(db, actor, credit_code=code, field=form.field, value=value)
    return redirect(url_for("matching.mine", answered=form.field), 303)


@blueprint.get("/my/verdicts")
@access(Role.ENTERPRISE)
@reads
def verdicts(db: Session, actor: Actor) -> str:
    """Some items of a list against this enterprise; htmx gets the verdicts for the places of that list."""
    try:
        profile = enterprises.profile(db, actor.organisation_code)
    except NotFound:
        return page("matching/no_profile.html") if not is_fragment() else ""
    known = queries.by_code(db)
    asked = enumerate(request.args.getlist("item")[: pages.SHOWN], 1)
    places = {place: code for place, code in asked if code in known}
    today = clock.now().date()
    found = queries.rows(db, profile.values, places.values(), today)
    return page(
        "matching/verdicts_fragment.html" if is_fragment() else "matching/verdicts.html",
        enterprise=profile.enterprise,
        today=today,
        rows=list(zip(places, [pages.row(one, today) for one in found], strict=True)),
    )


@blueprint.get("/my/policies/<item_code>")
@access(Role.ENTERPRISE)
@reads
def item(db: Session, actor: Actor, item_code: str) -> str:
    """One item's conditions against this enterprise; htmx gets the panel alone."""
    try:
        profile = enterprises.profile(db, actor.organisation_code)
    except NotFound:
        return page("matching/no_profile.html")
    if item_code not in queries.by_code(db):
        raise NotFound("没有这一项政策，可能已经撤下或编号不对。请从“查政策”重新查找。")
    today = clock.now().date()
    (match,) = queries.rows(db, profile.values, [item_code], today)
    return page(
        "matching/panel.html" if is_fragment() else "matching/item.html",
        enterprise=profile.enterprise,
        today=today,
        match=match,
        row=pages.row(match, today, profile.facts),
        sections=pages.sections(match.verdict, profile.facts, url_for("matching.mine"), match.item.cited),
    )
