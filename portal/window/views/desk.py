"""Desks: what is before me, the most urgent first."""

from flask import request
from sqlalchemy.orm import Session

from catalog.drafting import queries as drafting
from foundation import clock
from foundation.web.access import Actor, Role, access
from foundation.web.act import page, reads
from portal.window import queries
from portal.window.blueprint import DESKS, blueprint
from portal.window.bulk.rules import BULKS, offered
from portal.window.questions import queries as questions
from portal.window.returns import queries as returns
from portal.window.rules import ENDED, STAGE_NAMES, Act, Stage, possible

TABS = {
    Role.WINDOW: (
        Stage.SUBMITTED,
        Stage.SUPPLEMENT_ASKED,
        Stage.ACCEPTED,
        Stage.HANDED_OFF,
        Stage.IN_REVIEW,
        Stage.APPROVED,
    ),
    Role.DEPARTMENT: (
        Stage.HANDED_OFF,
        Stage.IN_REVIEW,
        Stage.REVIEW_SUPPLEMENT_ASKED,
        Stage.REVIEWED,
        Stage.AWAITING_FUNDS,
        Stage.APPROVED,
    ),
}
# the next act of a stage: its words and its page
NEXT = {
    (Role.WINDOW, Stage.SUBMITTED): ("受理", "window.case"),
    (Role.WINDOW, Stage.ACCEPTED): ("交办", "window.hand_off_form"),
    (Role.DEPARTMENT, Stage.HANDED_OFF): ("响应", "window.respond_form"),
    (Role.DEPARTMENT, Stage.IN_REVIEW): ("审核", "window.review_form"),
    (Role.DEPARTMENT, Stage.REVIEWED): ("审定", "window.decide_form"),
}
DECIDE = NEXT[Role.DEPARTMENT, Stage.REVIEWED]
LONGEST_SEARCH = 100


@blueprint.get("/cases")
@access(*DESKS)
@reads
def desk(db: Session, actor: Actor) -> str:
    """The desk of the window, a department or the supervisor."""
    now = clock.now()
    tab = request.args.get("tab", "live")
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    number = max(request.args.get("page", 1, type=int), 1)
    found = queries.desk(db, actor, tab=tab, search=search, page=min(number, 10_000), now=now)
    return page(
        "window/desk.html",
        desk=found,
        tabs=_tabs(found, actor.role, tab),
        rows=[(row, _next(row, actor.role)) for row in found.rows],
        search=search,
        tab=tab,
        bulks=_bulks(actor.role, tab),
        all_chosen="chosen" in request.args,
        place={"number": number, "size": queries.PAGE_SIZE, "total": found.total},
        heading=_heading(found),
        questions=questions.waiting(db, actor, now),
        to_check=returns.to_check(db, actor),
        to_publish=drafting.drafts(db, actor) if actor.role is Role.DEPARTMENT else (),
    )


@blueprint.get("/my/cases")
@access(Role.ENTERPRISE)
@reads
def mine(db: Session, actor: Actor) -> str:
    """An enterprise's cases and drafts."""
    return page(
        "window/mine.html", rows=queries.mine(db, actor, clock.now()), drafts=queries.drafts(db, actor)
    )


def _next(row: queries.DeskRow, role: Role) -> tuple[str, str] | None:
    """The next act before *role*; an instant item is decided without an opinion first."""
    if (
        role is Role.DEPARTMENT
        and row.stage is not Stage.REVIEWED
        and Act.APPROVE in possible(row.mode, row.stage, row.ending)
    ):
        return DECIDE
    return NEXT.get((role, row.stage))


def _bulks(role: Role, tab: str) -> list[dict[str, object]]:
    """The buttons for many cases at once; the first is what one usually wants."""
    acts = offered(role, tab)
    return [
        {"label": BULKS[act].name, "action": act.value, "icon": "check", "primary": act == acts[0]}
        for act in acts
    ]


def _heading(found: queries.Desk) -> str:
    live = sum(count for stage, count in found.counts.items() if stage not in ENDED)
    if not live:
        return "现在没有在办的件"
    return f"在办 {live} 件，{found.late} 件已逾期" if found.late else f"在办 {live} 件，没有逾期"


def _tabs(found: queries.Desk, role: Role, current: str) -> list[dict[str, object]]:
    live = sum(count for stage, count in found.counts.items() if stage not in ENDED)
    entries: list[tuple[str, str, int]] = [("live", "全部在办", live)]
    stages = TABS.get(role, TABS[Role.WINDOW])
    entries += [(stage.value, STAGE_NAMES[stage], found.counts.get(stage, 0)) for stage in stages]
    entries += [("late", "逾期", found.late), ("all", "全部", sum(found.counts.values()))]
    return [
        {
            "label": label,
            "href": f"?tab={code}",
            "current": code == current,
            "count": count,
            "late": code == "late",
        }
        for code, label, count in entries
    ]
