"""公示 of the rows that the department took in, where the item says so; the money waits for its end."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import queries as catalog
from foundation.enterprises import queries as enterprises
from foundation.enterprises.rules import Kind
from foundation.outbox import Payload
from foundation.web.access import Actor
from portal.window.lists import settling
from portal.window.lists.models import ExemptList, ListRow
from portal.window.publicity import queries as publicities
from portal.window.publicity import services as publicity
from portal.window.publicity.models import Publicity
from portal.window.publicity.rules import Shown, State, masked


def publish(
    db: Session, actor: Actor, frozen: ExemptList, rows: Sequence[ListRow], now: datetime
) -> Sequence[ListRow]:
    """Show the rows that were taken in; those that wait for the end of it, none where the item has none."""
    limits = catalog.item_version(db, frozen.item_version_id).guide.limits
    if not limits.publicity or not rows:
        return ()
    firms = enterprises.views(db, [row.credit_code for row in rows])
    lines = [_shown(row, firms[row.credit_code].kind) for row in rows]
    matter = publicity.Matter(
        frozen.subject, frozen.item_title, limits, frozen.window_id, frozen.department_id, lines
    )
    shown, _ = publicity.publish(db, actor, matter, now)
    for row in rows:
        row.publicity_id = shown.id
    return rows


def _shown(row: ListRow, kind: Kind) -> Shown:
    name, code = masked(row.name, row.credit_code, kind)
    return Shown(name, code, row.amount_fen)


def go_on(db: Session, payload: Payload) -> None:
    """Let every row go on whose publicity is over and against which nothing is open; leave out the others.

    An objection that is upheld leaves its row out in writing; one that is open holds up its own row alone.
    """
    shown = db.scalars(select(Publicity).where(Publicity.number == payload["publicity"])).one()
    if shown.ended_at is None:
        return
    at = datetime.fromisoformat(payload["at"])
    waiting, all_wait = publicities.objected(db, shown.id, (State.OPEN, State.EXAMINED))
    upheld, all_upheld = publicities.objected(db, shown.id, (State.UPHELD,))
    query = select(ListRow).where(ListRow.publicity_id == shown.id, ListRow.kept.is_(True), ~ListRow.settled)
    rows = [
        row
        for row in db.scalars(query.order_by(ListRow.id).with_for_update())
        if not all_wait and row.credit_code not in waiting
    ]
    for row in rows:
        if all_upheld or row.credit_code in upheld:
            row.kept, row.reason = False, f"公示期间的异议成立（{shown.number}）"
    if rows:
        settling.ask(db, rows[0].list, rows, at)
