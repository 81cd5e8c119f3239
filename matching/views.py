"""我的政策: what an enterprise may have, what it is asked, and why not."""

from collections.abc import Mapping
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
from matching.forms import AnswerForm
from matching.questions import UNSURE, Question, question_about, questions, read_answer
from matching.rules import Groups, Match, group

blueprint = Blueprint("matching", __name__, template_folder="templates")
NAVIGATION = (Entry("我的政策", "matching.mine", frozenset({Role.ENTERPRISE}), rank=20),)
SHOWN = 10


def _held(db: Session, actor: Actor) -> tuple[Profile, list[Match]]:
    profile = enterprises.profile(db, actor.organisation_code)
    return profile, queries.matches(db, profile.values, clock.now().date())


@blueprint.get("/my/policies")
@access(Role.ENTERPRISE)
@reads
def mine(db: Session, actor: Actor) -> str:
    """Three groups, the total, and the next best question."""
    return _mine(db, actor)


def _mine(
    db: Session, actor: Actor, problems: tuple[Problem, ...] = (), values: Mapping[str, Any] | None = None
) -> str:
    if enterprises.by_code(db, actor.organisation_code) is None:
        return page("matching/no_profile.html")
    profile, matches = _held(db, actor)
    groups = group(matches)
    asked = questions(groups.asking)
    question, following = _chosen(matches, asked, (values or {}).get("field") or request.args.get("ask", ""))
    answered = request.args.get("answered", "")
    today = clock.now().date()
    return page(
        "matching/mine.html",
        enterprise=profile.enterprise,
        today=today,
        count=len(matches),
        groups=groups,
        heading=pages.heading(groups),
        total=pages.total(groups),
        parts=pages.parts(groups),
        lists=_lists(groups, request.args.get("all", ""), today),
        question=question,
        why_asked=pages.why_asked(question) if question else "",
        following=following,
        known=pages.known_facts(profile.facts, matches),
        said=pages.answered(matches, answered) if answered else "",
        problems=problems,
        values=values or {},
    )


def _chosen(matches: list[Match], asked: tuple[Question, ...], name: str) -> tuple[Question | None, str]:
    """The question to show, and the field of the one after it."""
    names = [question.field.name for question in asked]
    if name not in names:
        wished = question_about(matches, name) if name else None
        return wished or (asked[0] if asked else None), names[1] if len(names) > 1 and not wished else ""
    place = names.index(name)
    return asked[place], names[(place + 1) % len(names)] if len(names) > 1 else ""


def _lists(groups: Groups, whole: str, today: date) -> dict[str, tuple[list[pages.Row], int]]:
    """The first rows of each group, and how many more there are."""
    lists = {
        "entitled": groups.entitled,
        "asking": groups.asking,
        "near": groups.near,
        "closed": groups.closed,
    }
    return {
        name: (
            [pages.row(one, today) for one in (found if whole == name else found[:SHOWN])],
            0 if whole == name else max(len(found) - SHOWN, 0),
        )
        for name, found in lists.items()
    }


@blueprint.post("/my/policies")
@access(Role.ENTERPRISE)
@act(again=_mine)
def answer(db: Session, actor: Actor) -> ResponseReturnValue:
    """Take the answer to one question as a declared fact; "not sure" goes on to the next question."""
    form = parse(AnswerForm, request.form)
    profile, matches = _held(db, actor)
    asked = question_about(matches, form.field)
    if asked is None:
        raise Invalid.of("value", "这一题已经不需要回答", "请看页面上新的问题")
    if form.value == UNSURE:
        _, following = _chosen(matches, questions(group(matches).asking), form.field)
        return redirect(url_for("matching.mine", ask=following or None), 303)
    value = read_answer(asked, form.value)
    code = profile.enterprise.credit_code
    services.declare(db, actor, credit_code=code, field=form.field, value=value)
    return redirect(url_for("matching.mine", answered=form.field), 303)


@blueprint.get("/my/policies/<item_code>")
@access(Role.ENTERPRISE)
@reads
def item(db: Session, actor: Actor, item_code: str) -> str:
    """One item's conditions against this enterprise; htmx gets the panel alone."""
    if enterprises.by_code(db, actor.organisation_code) is None:
        return page("matching/no_profile.html")
    profile, matches = _held(db, actor)
    match = next((one for one in matches if one.item.code == item_code), None)
    if match is None:
        raise NotFound("没有这一项政策，可能已经撤下或编号不对。请从“查政策”重新查找。")
    today = clock.now().date()
    return page(
        "matching/panel.html" if is_fragment() else "matching/item.html",
        enterprise=profile.enterprise,
        today=today,
        match=match,
        row=pages.row(match, today),
        sections=pages.sections(match.verdict, profile.facts, url_for("matching.mine")),
    )
