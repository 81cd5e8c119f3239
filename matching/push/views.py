"""为什么收到: why an enterprise was told of an item, and the counter's check of what was pushed to whom."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from foundation import clock
from foundation.accounts import queries as accounts
from foundation.enterprises import queries as enterprises
from foundation.errors import NotFound
from foundation.web.access import Actor, Role, access
from foundation.web.act import act, page, reads
from foundation.web.forms import Form, OptionalLine, parse
from foundation.web.navigation import Entry
from matching import pages, queries
from matching.push import queries as pushes
from matching.push import services
from matching.push.letters import SAFE, WORDS
from matching.push.rules import KINDS, Reason
from matching.rules import Match
from matching.rules import match as held_against
from notices.kinds import KIND_LABELS

blueprint = Blueprint("push", __name__, template_folder="templates")
CHECKERS = (Role.WINDOW, Role.SUPERVISOR)
NAVIGATION = (Entry("核对推送", "push.check", frozenset(CHECKERS), 70),)


class WrongForm(Form):
    """What is wrong with a push, if anything is said."""

    note: OptionalLine = ""


@blueprint.get("/my/policies/<item_code>/why/<reason>")
@access(Role.ENTERPRISE)
@reads
def why(db: Session, actor: Actor, item_code: str, reason: str) -> str:
    """Why, by which conditions, whom to ring, and how to have no more of it."""
    known = _reason(reason)
    _, pushed = pushes.latest(db, actor, item_code, known)
    profile = enterprises.profile(db, actor.organisation_code)
    today = clock.now().date()
    item = next((one for one in queries.items(db) if one.code == item_code), None)
    match = None if item is None else held_against(item, profile.values, today)
    return page(
        "push/why.html",
        pushed=pushed,
        words=WORDS[known],
        match=match,
        row=pages.row(match, today, profile.facts) if match else None,
        sections=_sections(match, profile),
        window=_window(db, profile.enterprise.region_code),
        kind=KINDS[known],
        kind_label=KIND_LABELS[KINDS[known]],
        safe=SAFE,
        reason=known,
    )


def _sections(match: Match | None, profile: enterprises.Profile) -> list[pages.Section]:
    if match is None:
        return []
    return pages.sections(match.verdict, profile.facts, url_for("matching.mine"), match.item.cited)


def _window(db: Session, region_code: str | None) -> accounts.OrganisationView | None:
    try:
        return accounts.window_of(db, region_code or "")
    except NotFound:
        return None


def _reason(given: str) -> Reason:
    try:
        return Reason(given)
    except ValueError:
        raise NotFound("没有这条推送。请从“消息”重新打开。") from None


@blueprint.post("/my/policies/<item_code>/why/<reason>/wrong")
@access(Role.ENTERPRISE)
@act()
def wrong(db: Session, actor: Actor, item_code: str, reason: str) -> ResponseReturnValue:
    """Say that it should not have been pushed."""
    push, _ = pushes.latest(db, actor, item_code, _reason(reason))
    services.judge_wrong(db, actor, push, parse(WrongForm, request.form).note)
    return redirect(url_for("push.why", item_code=item_code, reason=reason), 303)


@blueprint.get("/pushes")
@access(*CHECKERS)
@reads
def check(db: Session, actor: Actor) -> str:
    """What was pushed to an enterprise that shows a message at the counter."""
    asked = request.args.get("firm", "").strip().upper()
    firm = enterprises.by_code(db, asked) if asked else None
    listed = pushes.pushed_to(db, asked) if firm else []
    return page("push/check.html", asked=asked, firm=firm, pushes=listed, words=WORDS)
