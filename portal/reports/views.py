"""办理公开: how long things really take, for everyone."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import Session

from foundation import clock
from foundation.web.access import PUBLIC, Actor, access
from foundation.web.act import page, reads
from foundation.web.navigation import Entry
from portal.reports import queries
from portal.reports.queries import Board
from portal.reports.rules import Figure, choices, period_of

blueprint = Blueprint("reports", __name__, template_folder="templates")
NAVIGATION = (Entry("办理公开", "reports.timings", rank=40),)


@blueprint.get("/timings")
@access(PUBLIC)
@reads
def timings(db: Session, actor: Actor | None) -> str:
    """The five limits as promised and as kept, and the totals, for a month or the last 30 days."""
    return page("reports/timings.html", board=_board(db, _month()), months=choices(clock.now()))


@blueprint.get("/timings.json")
@access(PUBLIC)
@reads
def timings_json(db: Session, actor: Actor | None) -> Response:
    """The same figures for machines."""
    return jsonify(board_as_json(db, _month()))


def _month() -> str:
    return request.args.get("month", "").strip()


def _board(db: Session, month: str) -> Board:
    now = clock.now()
    return queries.board(db, period_of(month, now), now)


def board_as_json(db: Session, month: str) -> dict[str, Any]:
    """The figures of the page, under stable names."""
    board = _board(db, month)
    period, totals, pooled = board.period, board.totals, board.satisfaction
    return {
        "period": {
            "month": period.month or None,
            "from": period.since.isoformat(),
            "until": period.until.isoformat(),
            "closed": period.closed,
        },
        "counted_at": board.counted_at.isoformat(),
        "limits": [
            {**_figure(each), "overdue_now": board.overdue.get(each.limit.name, 0)} for each in board.figures
        ],
        "review_by_department": [{"department": name, **_figure(each)} for name, each in board.departments],
        "totals": {
            "accepted": totals.accepted,
            "decided": totals.decided,
            "paid": totals.paid,
            "paid_fen": totals.paid_fen,
        },
        "satisfaction": {"ratings": pooled.ratings, "satisfied": pooled.satisfied} if pooled else None,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "limit": figure.limit.name,
        "label": figure.limit.label,
        "promised": figure.limit.length,
        "count": figure.count,
        "on_time": figure.on_time,
        "mean": None if figure.mean is None else round(figure.mean, 2),
        "unit": figure.unit,
    }
